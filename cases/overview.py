"""What the overview shows of the case itself: its concerns and the steps of its level, as far as the viewer may see."""

from dataclasses import dataclass
from typing import Any

from cases.access import Viewer
from cases.case_facts import CaseFacts, StepRow
from cases.models import Case, Concern
from guideline.schema import Edition, LevelStep
from portal.rights import can


@dataclass(frozen=True)
class ShownConcern:
    """A concern, whether its text may be read by the viewer, and whether they may mark it as wrong."""

    concern: Concern
    readable: bool
    correctable: bool


def sees_text_of(viewer: Viewer, edition: Edition, service_id: Any, service_kind: str) -> bool:
    """Whether the viewer may read free text written by a service: their own, or all its categories covered."""
    categories = edition.consent.categories_of(service_kind) or ("family",)
    return all(viewer.sees(service_id, category) for category in categories)


def concerns_for(viewer: Viewer, edition: Edition) -> list[ShownConcern]:
    """The concerns of the case, oldest first, those entered in error left out. One statement."""
    rows = (
        Concern.objects.filter(case=viewer.case, error_at__isnull=True)
        .select_related("service", "recorded_by")
        .order_by("recorded_at", "id")[:50]
    )
    shown = []
    for row in rows:
        # The right asks for the concern's case; it is the one at hand, and costs no statement.
        row.case = viewer.case
        readable = sees_text_of(viewer, edition, row.service_id, row.service.kind)
        shown.append(ShownConcern(row, readable, can(viewer.actor, "case.mark_error", row)))
    return shown


@dataclass(frozen=True)
class ShownStep:
    """A step of the case's level, with who marked it done and when."""

    step: LevelStep
    done: StepRow | None


def steps_for(case: Case, facts: CaseFacts, edition: Edition, level: int | None = None) -> list[ShownStep]:
    """The edition's steps of a level (the case's own unless another is named), in order."""
    level = case.level if level is None else level
    done = {row.step: row for row in facts.steps if row.level == level}
    number = case.municipality.municipality_number or ""
    return [ShownStep(step, done.get(step.key)) for step in edition.level_steps(level, number)]
