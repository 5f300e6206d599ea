"""Reading the audit trail of a case, and saying each event in plain Norwegian."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.log_words import said, said_basis
from cases.models import Case
from portal.models import AuditEvent, Role

LABELS = {
    AuditEvent.Kind.READ: gettext_lazy("Lesing"),
    AuditEvent.Kind.WRITE: gettext_lazy("Endringer"),
    AuditEvent.Kind.EXPORT: gettext_lazy("Nedlasting"),
    AuditEvent.Kind.REFUSED: gettext_lazy("Avvist"),
}


@dataclass(frozen=True)
class Told:
    """One event as the log page says it."""

    event: AuditEvent
    kind: str
    what: str
    role: str
    basis: str


def events_of(case: Case, kind: str = "") -> QuerySet[AuditEvent]:
    """The events of a case, newest first; of one kind where asked."""
    events = AuditEvent.objects.filter(case_id=case.pk).order_by("-id")
    return events.filter(kind=kind) if kind in AuditEvent.Kind.values else events


def kinds(chosen: str) -> list[tuple[str, Any, bool]]:
    """What the log can be narrowed to: value, label, and whether it is chosen. The first is everything."""
    offered = (AuditEvent.Kind.READ, AuditEvent.Kind.WRITE, AuditEvent.Kind.EXPORT, AuditEvent.Kind.REFUSED)
    known = chosen if chosen in offered else ""
    return [("", _("Alt"), not known), *((str(kind), LABELS[kind], kind == known) for kind in offered)]


def told(event: AuditEvent) -> Told:
    """An event in words."""
    kind: Any = AuditEvent.Kind(event.kind).label
    role = str(Role(event.role).label) if event.role in Role.values else ""
    return Told(event, str(kind), said(event.verb, event.kind), role, said_basis(event.basis))
