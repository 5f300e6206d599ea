"""What has been shared with whom: what each service could read, of what, from when until when; and what was opened.

Access rows that have ended stay as history, so the list never forgets: what was shared before a consent was taken back
stays known to who read it. That a service could read something is one thing, that somebody there opened the case
another; the second is told to those who read the log.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from cases import consent_rules as rules
from cases.admission import ITEMS, Period, merged
from cases.models import Case, Consent
from cases.open_doors import Place, places_in
from cases.sharing import SharingFacts
from portal.models import AuditEvent
from portal.timeframe import end_of

# Lists name a case among many; nobody opened it there.
LISTS = ("case.list", "inbox")


@dataclass(frozen=True)
class CouldRead:
    """A category that a service could read what others wrote of, and what ended it; no end: it still can."""

    category: str
    since: dt.datetime
    until: dt.datetime | None
    why: str = ""


@dataclass(frozen=True)
class Sent:
    """Something that was sent out of the case: to whom, what, and when."""

    to: str
    what: str
    at: dt.datetime


@dataclass
class SharedWith:
    """One service: what it could read, how often the case was opened there, and what was fetched."""

    service: str
    could_read: list[CouldRead] = field(default_factory=list)
    opened: int = 0
    fetched: int = 0
    last: dt.datetime | None = None


Source = Callable[[Case], Iterable[Sent]]
_SOURCES: list[Source] = []


def add_sent(source: Source) -> Source:
    """Registers what an upper app has sent out of a case; called from its ``register.py``. One statement."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def shared_with(
    facts: SharingFacts, now: dt.datetime, *, reads_log: bool, places: Iterable[Place] | None = None
) -> list[SharedWith]:
    """Every service that could read what others wrote, by name; with what was opened for those who read the log. One
    statement where the places are not given, and one for the log."""
    found: dict[uuid.UUID, SharedWith] = {}
    names = {link.service_id: link.service.name for row in facts.all_consents for link in row.covered.all()}
    names |= {row.service_id: row.service.name for row in facts.all_statutory}
    labels = facts.edition.consent.categories
    places = places_in(facts.case.pk) if places is None else places
    for (service_id, category), periods in _periods(places, now).items():
        told = found.setdefault(service_id, SharedWith(names.get(service_id, _("En tjeneste"))))
        for start, end in periods:
            over = end is not None and end <= now
            why = _ended(facts, service_id, category, end, reads_log) if end is not None and over else ""
            told.could_read.append(CouldRead(labels[category].label, start, end if over else None, why))
    if reads_log:
        _add_opened(facts.case, found)
    for told in found.values():
        told.could_read.sort(key=lambda row: (row.category, row.since))
    return sorted(found.values(), key=lambda told: told.service)


def sent_from(case: Case) -> list[Sent]:
    """What was sent out of the case, newest first. One statement for each source."""
    return sorted((row for source in _SOURCES for row in source(case)), key=lambda row: row.at, reverse=True)


def _periods(places: Iterable[Place], now: dt.datetime) -> dict[tuple[uuid.UUID, str], list[Period]]:
    raw: dict[tuple[uuid.UUID, str], list[Period]] = {}
    for service_id, scope, since, until in places:
        if scope.startswith(ITEMS) and since <= now and (until is None or until > since):
            raw.setdefault((service_id, scope.removeprefix(ITEMS)), []).append((since, until))
    return {key: merged(periods) for key, periods in raw.items()}


def _add_opened(case: Case, found: dict[uuid.UUID, SharedWith]) -> None:
    kinds = (AuditEvent.Kind.READ, AuditEvent.Kind.EXPORT)
    events = AuditEvent.objects.filter(case_id=case.pk, kind__in=kinds, service_id__isnull=False)
    counted = events.exclude(verb__in=LISTS).order_by().values_list("service_id", "kind")
    for service_id, kind, name, count, last in counted.annotate(Max("service_name"), Count("pk"), Max("at")):
        told = found.setdefault(service_id, SharedWith(name))
        if kind == AuditEvent.Kind.READ:
            told.opened = count
        else:
            told.fetched = count
        told.last = last if told.last is None else max(told.last, last)


def _ended(facts: SharingFacts, service_id: uuid.UUID, category: str, end: dt.datetime, reads_log: bool) -> str:
    """What ended it, for those who read the log; the others see that it has."""
    return _why(facts, service_id, category, end) if reads_log else _("Delt tidligere")


def _why(facts: SharingFacts, service_id: uuid.UUID, category: str, end: dt.datetime) -> str:
    """What ended it, found by its instant: a withdrawal, a no, a last day, or a birthday."""
    covering = [row for row in facts.all_consents if category in row.categories and _names(row, service_id)]
    for row in covering:
        if row.decision == Consent.Decision.REFUSED:
            if row.recorded_at == end:
                return _("Delt før det ble sagt nei")
            continue
        parts = [link.withdrawn_at for link in row.covered.all() if link.service_id == service_id]
        parts += [p.withdrawn_at for p in row.parts_withdrawn.all() if p.category == category]
        if end in (row.withdrawn_at, *parts):
            return _("Delt før samtykket ble trukket")
        if row.error_at == end:
            return _("Delt før samtykket ble feilregistrert")
        if row.valid_until and end_of(row.valid_until) == end:
            return _("Delt før samtykket gikk ut")
    born = facts.case.child.birth_date
    if born and end in {rules.turns_at(born, age) for age in (facts.rules.decides(category), facts.rules.adult)}:
        return _("Delt før en fødselsdag endret hvem som bestemmer")
    return _("Delt tidligere")


def _names(row: Consent, service_id: uuid.UUID) -> bool:
    links = list(row.covered.all())
    return not links or any(link.service_id == service_id for link in links)
