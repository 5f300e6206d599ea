"""What the overview shows of the case itself: its concerns and the steps of its level, as far as the viewer may see."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.access import Viewer
from cases.case_facts import CaseFacts, StepRow
from cases.content import text_open
from cases.models import Concern
from cases.rights import offered
from guideline.schema import Edition, LevelStep
from portal.together import Rows


@dataclass(frozen=True)
class ShownConcern:
    """A concern, whether its text may be read by the viewer, and whether they may mark it as wrong.

    One marked as wrong is shown with who, when and why; its text only as ``cases.content.text_open`` says.
    """

    concern: Concern
    readable: bool
    correctable: bool


def sees_text_of(viewer: Viewer, edition: Edition, service_id: Any, service_kind: str) -> bool:
    """Whether the viewer may read free text written by a service: their own, or all its categories covered."""
    categories = edition.consent.categories_of(service_kind) or ("family",)
    return all(viewer.sees(service_id, category) for category in categories)


def concerns_for(viewer: Viewer, edition: Edition) -> list[ShownConcern]:
    """The concerns of the case, oldest first, those entered in error included. One statement."""
    shown = []
    for row in _concerns(case_id=viewer.case.pk):
        # The right asks for the concern's case; it is the one at hand, and costs no statement.
        row.case = viewer.case
        readable = sees_text_of(viewer, edition, row.service_id, row.service.kind) and text_open(viewer, row)
        correctable = not row.in_error and offered(viewer, "case.mark_error", row)
        shown.append(ShownConcern(row, readable, correctable))
    return shown


@dataclass(frozen=True)
class ShownStep:
    """A step of the case's level, with who marked it done and when."""

    step: LevelStep
    done: StepRow | None
    note: str = ""


def steps_for(viewer: Viewer, facts: CaseFacts, edition: Edition, level: int | None = None) -> list[ShownStep]:
    """The edition's steps of a level (the case's own unless another is named), in order. A note is for the holder's
    side and the service that wrote it."""
    case = viewer.case
    level = case.level if level is None else level
    done = {row.step: row for row in facts.steps if row.level == level}
    number = case.municipality.municipality_number or ""
    notes = {key: row.note for key, row in done.items() if viewer.reads(row.service_id)}
    return [ShownStep(step, done.get(step.key), notes.get(step.key, "")) for step in edition.level_steps(level, number)]


@Rows
def _concerns(*, case_id: uuid.UUID) -> "QuerySet[Concern]":
    rows = Concern.objects.filter(case=case_id).select_related("service", "recorded_by", "error_by")
    return rows.order_by("recorded_at", "id")[:50]
