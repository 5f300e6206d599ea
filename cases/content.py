"""What is known and has been tried in a case, as far as a viewer sees it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.access import Viewer
from cases.models import (
    Case,
    CaseAccess,
    ChildVoice,
    Consent,
    ConsentService,
    ConsentWithdrawal,
    Document,
    Measure,
)
from cases.role_scopes import NEVER_IN_CASES
from cases.sharing import category_of
from cases.turned_away import turned_away
from guideline.editions import current_edition
from portal.context import Actor, as_job
from portal.models import Service
from portal.together import Rows, Together

Row = TypeVar("Row")
OfCase = TypeVar("OfCase", Measure, ChildVoice, Document)


@dataclass(frozen=True)
class Seen(Generic[Row]):
    """The rows a viewer sees, and how many there are that it does not; only the holder's side is told that number."""

    rows: list[Row]
    hidden: int


@dataclass(frozen=True)
class DocumentRow:
    """A document in a list; one that is not ``readable`` is only known to have come, and one without ``text`` is marked
    feilregistrert, so that its title and content are not shown."""

    document: Document
    readable: bool
    text: bool = True


def measures_of(viewer: Viewer) -> Seen[Measure]:
    """Measures whose author service the viewer sees the category of, whichever service does them. One statement."""
    return _seen_measures(viewer, _measures(case_id=viewer.case.pk))


def voices_of(viewer: Viewer) -> Seen[ChildVoice]:
    """The child's and the family's words, newest first. One statement."""
    return _seen_voices(viewer, _voices(case_id=viewer.case.pk))


def documents_of(viewer: Viewer) -> Seen[DocumentRow]:
    """Documents, newest first; the holder's side sees that a sealed one came, without its name. One statement."""
    return _seen_documents(viewer, _documents(case_id=viewer.case.pk))


def content_of(viewer: Viewer) -> tuple[Seen[Measure], Seen[ChildVoice], Seen[DocumentRow]]:
    """Measures, words and documents as each of the three gives them. One statement for all."""
    found = _everything(case_id=viewer.case.pk)
    return (
        _seen_measures(viewer, found["measures"]),
        _seen_voices(viewer, found["voices"]),
        _seen_documents(viewer, found["documents"]),
    )


def _seen_measures(viewer: Viewer, rows: Iterable[Measure]) -> Seen[Measure]:
    return _seen(viewer, [(row, sees_writer(viewer, row.recorded_in)) for row in rows])


def _seen_voices(viewer: Viewer, rows: Iterable[ChildVoice]) -> Seen[ChildVoice]:
    return _seen(viewer, [(row, sees_writer(viewer, row.service)) for row in rows])


def _seen_documents(viewer: Viewer, documents: Iterable[Document]) -> Seen[DocumentRow]:
    rows = []
    for document in documents:
        readable = viewer.sees(document.service_id, document.category, sealed=document.sealed)
        row = DocumentRow(document, readable, text_open(viewer, document))
        rows.append((row, readable or (document.sealed and on_holder_side(viewer))))
    return _seen(viewer, rows)


def of_case(entries: list[OfCase], case: Case) -> list[OfCase]:
    """The entries, each with the case that is at hand already: rights ask each for its case. No statements."""
    for entry in entries:
        entry.case = case
    return entries


def author_of(entry: Any) -> uuid.UUID:
    """The service that wrote an entry; a measure may be another service's to do."""
    author: uuid.UUID = entry.recorded_in_id if isinstance(entry, Measure) else entry.service_id
    return author


def text_open(viewer: Viewer, entry: Any) -> bool:
    """Whether the words of an entry that the viewer sees are shown.

    The one rule of feilregistrert: the author's service and the holder's side read the words of a wrong entry; all
    others see who marked it, when and why.
    """
    return not entry.in_error or viewer.reads(author_of(entry))


def sees_writer(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer sees what a service writes: its own, or the service's main category by consent."""
    return viewer.sees(service.pk, category_of(service, current_edition(viewer.case.community)))


def on_holder_side(viewer: Viewer) -> bool:
    """Whether the viewer acts in the case holder's service."""
    return viewer.actor.service_id == viewer.case.holder.service_id


def withdrawn_for(actor: Actor, consent_id: uuid.UUID) -> tuple[Case, Consent]:
    """A yes that no longer holds for the acting service, or for some service when it is the holder's: no word of the
    child.

    Raises ``Stranger`` while it holds, and for a service that never had a place in the case.
    """
    gone = Q(withdrawn_at__isnull=False) | Q(error_at__isnull=False)
    mine = ConsentService.objects.filter(consent=OuterRef("pk"), service=actor.service_id)
    was_there = CaseAccess.objects.filter(case=OuterRef("case"), principal_id=actor.service_id)
    ended = ConsentService.objects.filter(consent=OuterRef("pk"), withdrawn_at__isnull=False)
    parts = ConsentWithdrawal.objects.filter(consent=OuterRef("pk"))
    ours = Exists(mine.filter(withdrawn_at__isnull=False)) | Exists(parts.filter(service=actor.service_id))
    for_us = Exists(mine) & Exists(was_there) & (gone | ours)
    for_holder = Q(case__holder__service_id=actor.service_id) & (gone | Exists(ended) | Exists(parts))
    with as_job():
        # Who has lost the place is shown nothing of the case any more, and is told just that.
        consent = (
            Consent.objects.filter(for_us | for_holder, pk=consent_id, decision=Consent.Decision.GIVEN)
            .select_related("case__holder")
            .first()
        )
        if consent is None or actor.role in NEVER_IN_CASES:
            raise turned_away(actor, "case.consent_notice", Consent, consent_id, scopes=())
    return consent.case, consent


def _seen(viewer: Viewer, rows: Iterable[tuple[Row, bool]]) -> Seen[Row]:
    judged = list(rows)
    shown = [row for row, visible in judged if visible]
    return Seen(shown, len(judged) - len(shown) if on_holder_side(viewer) else 0)


def _measure_rows(*, case_id: uuid.UUID) -> QuerySet[Measure]:
    rows = Measure.objects.filter(case=case_id)
    return rows.select_related("service", "recorded_in", "recorded_by", "error_by", "evaluated_by")


def _voice_rows(*, case_id: uuid.UUID) -> QuerySet[ChildVoice]:
    rows = ChildVoice.objects.filter(case=case_id).select_related("service", "recorded_by", "error_by")
    return rows.order_by("-recorded_at", "-id")


def _document_rows(*, case_id: uuid.UUID) -> QuerySet[Document]:
    rows = Document.objects.filter(case=case_id).select_related("service", "recorded_by", "error_by")
    return rows.order_by("-recorded_at", "-id")


_measures, _voices, _documents = Rows(_measure_rows), Rows(_voice_rows), Rows(_document_rows)


@Together
def _everything(*, case_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    return Case.objects.filter(pk=case_id), {
        "measures": _measure_rows(case_id=case_id),
        "voices": _voice_rows(case_id=case_id),
        "documents": _document_rows(case_id=case_id),
    }
