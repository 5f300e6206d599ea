"""Reading the audit trail of a case, and saying each event in plain Norwegian."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.log_words import said, said_basis
from cases.models import Case
from cases.protection import locates_hidden
from portal.models import AuditEvent, Role
from portal.timeframe import end_of, start_of

LABELS = {
    AuditEvent.Kind.READ: gettext_lazy("Lesing"),
    AuditEvent.Kind.WRITE: gettext_lazy("Endringer"),
    AuditEvent.Kind.EXPORT: gettext_lazy("Nedlasting"),
    AuditEvent.Kind.REFUSED: gettext_lazy("Avvist"),
}
# What a family is told was done: who looked and who wrote, not which form or which internal step.
FOR_FAMILY = {
    AuditEvent.Kind.READ: gettext_lazy("åpnet saken"),
    AuditEvent.Kind.WRITE: gettext_lazy("skrev eller endret noe i saken"),
    AuditEvent.Kind.SEARCH: gettext_lazy("fant saken i et søk"),
    AuditEvent.Kind.EXPORT: gettext_lazy("lastet ned noe fra saken"),
    AuditEvent.Kind.REFUSED: gettext_lazy("prøvde å åpne saken, men fikk ikke"),
    AuditEvent.Kind.LOGIN: gettext_lazy("logget inn"),
}
BATCH = 2000


@dataclass(frozen=True)
class Wanted:
    """What of the log is asked for; nothing chosen is everything. Both days are included."""

    kind: str = ""
    user_id: uuid.UUID | None = None
    service_id: uuid.UUID | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Told:
    """One event in words. ``who`` and ``service`` are empty where they would locate a protected child."""

    at: dt.datetime
    kind: str
    what: str
    who: str
    role: str
    service: str
    basis: str


@dataclass(frozen=True)
class Visitor:
    """One person acting for one service, and when last; ``times`` without what was refused."""

    user_id: uuid.UUID | None
    user_name: str
    service_id: uuid.UUID | None
    service_name: str
    times: int
    refused: int
    last_at: dt.datetime


def events_of(case: Case, wanted: Wanted | None = None) -> QuerySet[AuditEvent]:
    """The events of a case, newest first, or those asked for."""
    wanted = wanted or Wanted()
    chosen = Q(case_id=case.pk)
    if wanted.kind in AuditEvent.Kind.values:
        chosen &= Q(kind=wanted.kind)
    if wanted.user_id:
        chosen &= Q(user_id=wanted.user_id)
    if wanted.service_id:
        chosen &= Q(service_id=wanted.service_id)
    if wanted.first:
        chosen &= Q(at__gte=start_of(wanted.first))
    if wanted.last:
        chosen &= Q(at__lt=end_of(wanted.last))
    return AuditEvent.objects.filter(chosen).order_by("-id")


def visitors_of(case: Case) -> list[Visitor]:
    """Everyone in the log of a case, the last first. One statement, over the case's own part of the trail."""
    refused = Q(kind=AuditEvent.Kind.REFUSED)
    rows = (
        AuditEvent.objects.filter(case_id=case.pk)
        .order_by()
        .values("user_id", "user_name", "service_id", "service_name")
        .annotate(times=Count("id", filter=~refused), refused=Count("id", filter=refused), last_at=Max("at"))
        .order_by("-last_at")
    )
    return [Visitor(**row) for row in rows]


def batches(events: QuerySet[AuditEvent], most: int) -> Iterator[AuditEvent]:
    """At most ``most`` events, read a batch at a time, however long the log is."""
    return events[:most].iterator(chunk_size=BATCH)


def kinds(chosen: str) -> list[tuple[str, Any, bool]]:
    """What the log can be narrowed to: value, label, and whether it is chosen. The first is everything."""
    offered = (AuditEvent.Kind.READ, AuditEvent.Kind.WRITE, AuditEvent.Kind.EXPORT, AuditEvent.Kind.REFUSED)
    known = chosen if chosen in offered else ""
    return [("", _("Alt"), not known), *((str(kind), LABELS[kind], kind == known) for kind in offered)]


def told(
    case: Case, events: Iterable[AuditEvent], *, for_family: bool = False, leaving: bool = False
) -> Iterator[Told]:
    """Events in words.

    ``for_family`` says it as the child and the guardians may read it: no internal step and no basis. There, and in what
    is ``leaving`` the portal as a file, a protected child's log names no service and no staff, since either tells where
    the child is; the role stays.
    """
    hidden = (for_family or leaving) and locates_hidden(case.child)
    for event in events:
        kind = AuditEvent.Kind(event.kind)
        role = str(Role(event.role).label) if event.role in Role.values else ""
        yield Told(
            at=event.at,
            kind=str(kind.label),
            what=str(FOR_FAMILY[kind]) if for_family else said(event.verb, event.kind),
            who="" if hidden else event.user_name or _("Ukjent"),
            role=role,
            service="" if hidden else event.service_name,
            basis="" if for_family else said_basis(event.basis),
        )
