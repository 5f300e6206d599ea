"""Who sees what in a case, in plain language: services down, categories across, with why and until when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import consent_rules as rules
from cases.models import Category
from cases.open_doors import Doors, Place, doors_of, places_in
from cases.sharing import SharingFacts
from portal.models import Service
from portal.timeframe import today

# The reason in a few words, for the cell; the whole sentence stands beside. What is usual needs no words.
SHORT = {
    rules.Because.ONE_GUARDIAN: gettext_lazy("Én forelder, begrunnet"),
    rules.Because.YOUTH: gettext_lazy("Eget samtykke"),
    rules.Because.ADULT: gettext_lazy("Eget samtykke"),
    rules.Because.BARNEVERN: gettext_lazy("Barnevernets samtykke"),
    rules.Because.VERGE: gettext_lazy("Vergens samtykke"),
    rules.Because.NEXT_OF_KIN: gettext_lazy("Pårørendes samtykke"),
    rules.Because.REFUSED: gettext_lazy("Sagt nei"),
    rules.Because.WITHDRAWN: gettext_lazy("Trukket"),
    rules.Because.EXPIRED: gettext_lazy("Gått ut"),
    rules.Because.NOT_YET_VALID: gettext_lazy("Gjelder senere"),
    rules.Because.SECOND_GUARDIAN_MISSING: gettext_lazy("Venter på den andre forelderen"),
    rules.Because.YOUTH_MUST_DECIDE: gettext_lazy("Den unge må spørres"),
    rules.Because.NOT_ENTITLED: gettext_lazy("Feil person har svart"),
    rules.Because.NOBODY_CAN_CONSENT: gettext_lazy("Ingen kan samtykke"),
    rules.Because.RESERVED_BY_CHILD: gettext_lazy("Barnet ønsker det ikke"),
}


@dataclass(frozen=True)
class Cell:
    """Whether a service sees a category now (its access), and whether it may be told (consent or another basis), why (a
    sentence, and short), the last day it does, and what comes then."""

    category: str
    label: str
    sees: bool
    allowed: bool
    explanation: str
    last_day: dt.date | None = None
    then: str = ""
    short: str = ""


@dataclass(frozen=True)
class Line:
    """One service; ``takes_part`` is whether it has a place in the case now, without which consent opens nothing."""

    service: Service
    takes_part: bool
    holds: bool
    cells: tuple[Cell, ...]


def matrix(
    facts: SharingFacts, in_case: Iterable[Service], now: dt.datetime, places: Iterable[Place] | None = None
) -> list[Line]:
    """A line for every service in the case, and for those that a consent or statutory basis names. What each sees is
    read from its access; consent says why. One statement where the places are not given."""
    present = {service.pk: service for service in in_case}
    named = {link.service_id: link.service for row in facts.consent_rows for link in row.covered.all()}
    named |= {row.service_id: row.service for row in facts.statutory_rows}
    services = sorted((named | present).values(), key=lambda s: (s.pk not in present, s.sort_key, str(s.pk)))
    holder = facts.case.holder.service_id
    doors = doors_of(places_in(facts.case.pk) if places is None else places, now)
    lines = []
    for service in services:
        its = doors.get(service.pk, Doors())
        cells = tuple(_cell(facts, service, its, category, now) for category in Category.values)
        lines.append(Line(service, takes_part=its.case, holds=service.pk == holder, cells=cells))
    return lines


def _cell(facts: SharingFacts, service: Service, doors: Doors, category: str, now: dt.datetime) -> Cell:
    basis = facts.basis(service.pk, category, now)
    label = facts.edition.consent.categories[category].label
    short = basis.legal_reference or str(SHORT.get(basis.because, ""))
    sees = category in doors.items
    ends = doors.items[category] if sees else basis.expires_at
    last_day = today(ends - dt.timedelta(seconds=1)) if ends else None
    then = _then(facts, category, ends) if ends else ""
    return Cell(category, label, sees, basis.allowed, basis.explanation, last_day, then, short)


def _then(facts: SharingFacts, category: str, moment: dt.datetime) -> str:
    """What the day after brings when it is a birthday: someone else decides."""
    born = facts.case.child.birth_date
    if born is None:
        return ""
    for age in (facts.rules.decides(category), facts.rules.adult):
        if rules.turns_at(born, age) == moment:
            return _("Fyller %(age)d år dagen etter og bestemmer selv.") % {"age": age}
    return ""
