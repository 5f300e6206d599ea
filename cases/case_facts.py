"""Everything the frame of a case page shows, read in one statement: small lists as JSON beside the case's own row.

A page of a case may cost twenty statements in all, and eight short lists would take eight of them.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from cases.event_words import told
from cases.json_rows import rows, typed
from cases.models import Case, CaseHolder, Deadline, Guardian, LevelStepDone, ObligationStatus, Participant, Task
from portal.context import Actor
from portal.models import AuditEvent, StateChange

VISIT = "case.overview"
RECENT = 6


@dataclass(frozen=True)
class ObligationRow:
    """Where one obligation of one process instance stands."""

    key: str
    state: str
    due_on: dt.date | None
    met_on: dt.date | None
    due_basis: str
    gap: str
    url_name: str
    url_id: uuid.UUID | None


@dataclass(frozen=True)
class DeadlineRow:
    """A date that runs."""

    rule: str
    basis: str
    due_on: dt.date
    service: str


@dataclass(frozen=True)
class ParticipantRow:
    """A service that takes part now."""

    id: uuid.UUID
    service_id: uuid.UUID
    service: str
    kind: str
    purpose: str
    knows: str
    valid_from: dt.date
    valid_until: dt.date | None

    @property
    def knows_label(self) -> str:
        """Whom the service knows, in words."""
        return str(Participant.Knows(self.knows).label)


@dataclass(frozen=True)
class GuardianRow:
    """A guardian, with the separate facts about responsibility and care."""

    id: uuid.UUID
    name: str
    relation: str
    parental_responsibility: bool
    daily_care: bool
    blocked: bool

    @property
    def relation_label(self) -> str:
        """The relation in words."""
        return str(Guardian.Relation(self.relation).label)


@dataclass(frozen=True)
class EventRow:
    """A recent state change."""

    process: str
    to_state: str
    at: dt.datetime
    who: str
    service: str


@dataclass(frozen=True)
class OfferRow:
    """The standing offer of the case to another holder."""

    id: uuid.UUID
    user_id: uuid.UUID
    name: str
    service: str
    offered_at: dt.datetime


@dataclass(frozen=True)
class DuplicateRow:
    """A newer case that may be about the same child; its reference and service in ``detail``."""

    subject_id: uuid.UUID
    service_id: uuid.UUID
    detail: str


@dataclass(frozen=True)
class StepRow:
    """A step of a level that is marked as done."""

    level: int
    step: str
    note: str
    done_at: dt.datetime
    who: str


@dataclass(frozen=True)
class LinkRow:
    """Another case this one was merged with."""

    id: uuid.UUID
    reference: str


@dataclass(frozen=True)
class CaseFacts:
    """The lists of the frame. ``visited_at`` is when this person last opened the overview before now."""

    obligations: tuple[ObligationRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    participants: tuple[ParticipantRow, ...]
    guardians: tuple[GuardianRow, ...]
    events: tuple[EventRow, ...]
    offers: tuple[OfferRow, ...]
    duplicates: tuple[DuplicateRow, ...]
    steps: tuple[StepRow, ...]
    merged_from: tuple[LinkRow, ...]
    visited_at: dt.datetime | None

    @property
    def offer(self) -> OfferRow | None:
        """The standing offer; there is one at most."""
        return self.offers[0] if self.offers else None


def facts_of(case: Case, actor: Actor) -> CaseFacts:
    """Reads the lists of one case. One statement, however many rows (recent events: the newest six)."""
    obligations = ObligationStatus.objects.exclude(state="not_relevant").order_by("key", "id")
    deadlines = Deadline.objects.filter(state=Deadline.State.OPEN).order_by("due_on", "id")
    participants = Participant.objects.filter(ended_at__isnull=True).order_by("service__sort_key", "added_at")
    guardians = Guardian.objects.filter(error_at__isnull=True).order_by("recorded_at", "id")
    events = StateChange.objects.filter(process__in=told()).order_by("-id")
    offers = CaseHolder.objects.filter(state=CaseHolder.State.OFFERED)
    duplicates = Task.objects.filter(
        kind="duplicate.look", closed_at__isnull=True, service_id=case.holder.service_id
    ).order_by("opened_at", "id")
    steps = LevelStepDone.objects.filter(undone_at__isnull=True).order_by("done_at", "id")
    row: dict[str, Any] = dict(
        Case.objects.filter(pk=case.pk)
        .values(
            its_obligations=rows(obligations, ObligationRow),
            its_deadlines=rows(deadlines, DeadlineRow, service="service__name"),
            its_participants=rows(participants, ParticipantRow, service="service__name", kind="service__kind"),
            its_guardians=rows(guardians, GuardianRow, match={"child_id": OuterRef("child_id")}),
            its_events=rows(events, EventRow, limit=RECENT, who="user_name", service="service_name"),
            its_offers=rows(
                offers,
                OfferRow,
                user_id="membership__user_id",
                name="membership__user__name",
                service="membership__service__name",
            ),
            its_duplicates=rows(duplicates, DuplicateRow),
            its_steps=rows(steps, StepRow, who="done_by__name"),
            its_merged_from=rows(Case.objects.order_by("pk"), LinkRow, match={"merged_into_id": OuterRef("pk")}),
            its_visited_at=_last_visit(actor),
        )
        .get()
    )
    kinds = {
        "obligations": ObligationRow,
        "deadlines": DeadlineRow,
        "participants": ParticipantRow,
        "guardians": GuardianRow,
        "events": EventRow,
        "offers": OfferRow,
        "duplicates": DuplicateRow,
        "steps": StepRow,
        "merged_from": LinkRow,
    }
    lists: dict[str, Any] = {
        name: tuple(typed(kind, data) for data in row[f"its_{name}"]) for name, kind in kinds.items()
    }
    return CaseFacts(**lists, visited_at=row["its_visited_at"])


def _last_visit(actor: Actor) -> Subquery:
    """The visit before this one: this request has already written its own access event."""
    visits = AuditEvent.objects.filter(
        case_id=OuterRef("pk"), user_id=actor.user.pk if actor.user else None, kind=AuditEvent.Kind.READ, verb=VISIT
    ).order_by("-id")
    return Subquery(visits.values("at")[1:2])
