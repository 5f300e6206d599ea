"""What is known and has been tried in a case, as far as a viewer sees it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cases.access import Viewer
from cases.models import Case, ChildVoice, Consent, Document, Measure
from cases.sharing import category_of
from guideline.editions import current_edition
from portal.access import Stranger
from portal.context import Actor
from portal.models import Service

Row = TypeVar("Row")


@dataclass(frozen=True)
class Seen(Generic[Row]):
    """The rows a viewer sees, and how many there are that it does not; only the holder's side is told that number."""

    rows: list[Row]
    hidden: int


@dataclass(frozen=True)
class DocumentRow:
    """A document in a list; one that is not ``readable`` is only known to have come."""

    document: Document
    readable: bool


def measures_of(viewer: Viewer) -> Seen[Measure]:
    """Measures whose responsible service the viewer sees the category of. One statement."""
    rows = Measure.objects.filter(case=viewer.case).select_related("service", "recorded_by", "error_by", "evaluated_by")
    return _seen(viewer, [(row, sees_writer(viewer, row.service)) for row in rows])


def voices_of(viewer: Viewer) -> Seen[ChildVoice]:
    """The child's and the family's words, newest first. One statement."""
    rows = (
        ChildVoice.objects.filter(case=viewer.case)
        .select_related("service", "recorded_by", "error_by")
        .order_by("-recorded_at", "-id")
    )
    return _seen(viewer, [(row, sees_writer(viewer, row.service)) for row in rows])


def documents_of(viewer: Viewer) -> Seen[DocumentRow]:
    """Documents, newest first; the holder's side sees that a sealed one came, without its name. One statement."""
    documents = (
        Document.objects.filter(case=viewer.case)
        .select_related("service", "recorded_by", "error_by")
        .order_by("-recorded_at", "-id")
    )
    rows = []
    for document in documents:
        readable = viewer.sees(document.service_id, document.category, sealed=document.sealed)
        rows.append((DocumentRow(document, readable), readable or (document.sealed and on_holder_side(viewer))))
    return _seen(viewer, rows)


def sees_writer(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer sees what a service writes: its own, or the service's main category by consent."""
    return viewer.sees(service.pk, category_of(service, current_edition(viewer.case.community)))


def on_holder_side(viewer: Viewer) -> bool:
    """Whether the viewer acts in the case holder's service."""
    return viewer.actor.service_id == viewer.case.holder.service_id


def withdrawn_for(actor: Actor, consent_id: uuid.UUID) -> tuple[Case, Consent]:
    """A consent that no longer holds, for a service it covered or the holder's: no word of the child."""
    consent = (
        Consent.objects.filter(pk=consent_id, covered__service_id=actor.service_id)
        .select_related("case__holder")
        .first()
    )
    if consent is None:
        consent = (
            Consent.objects.filter(pk=consent_id, case__holder__service_id=actor.service_id)
            .select_related("case__holder")
            .first()
        )
    if consent is None:
        raise Stranger()
    return consent.case, consent


def _seen(viewer: Viewer, rows: Iterable[tuple[Row, bool]]) -> Seen[Row]:
    judged = list(rows)
    shown = [row for row, visible in judged if visible]
    return Seen(shown, len(judged) - len(shown) if on_holder_side(viewer) else 0)
