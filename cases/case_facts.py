"""Everything the frame of a case page shows, read in one statement: small lists as JSON beside the case's own row.

A page of a case may cost twenty statements in all, and eight short lists would take eight of them.
"""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cases.event_words import told
from cases.json_rows import rows, typed
from cases.models import (
    Case,
    CaseAccess,
    CaseHolder,
    Deadline,
    Guardian,
    LevelStepDone,
    ObligationStatus,
    Participant,
    Scope,
    Task,
)
from portal.context import Actor
from portal.models import AuditEvent, StateChange
from portal.statement import Statement
from portal.timeframe import today

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
    service_id: uuid.UUID


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
    service_id: uuid.UUID | None
    who: str


@dataclass(frozen=True)
class LinkRow:
    """Another case this one was merged with, which the acting service is in too."""

    id: uuid.UUID
    reference: str


@dataclass(frozen=True)
class CaseFacts:
    """The lists of the frame. ``visited_at`` is when this person opened the overview before the page now shown."""

    obligations: tuple[ObligationRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    participants: tuple[ParticipantRow, ...]
    guardians: tuple[GuardianRow, ...]
    events: tuple[EventRow, ...]
    offers: tuple[OfferRow, ...]
    duplicates: tuple[DuplicateRow, ...]
    steps: tuple[StepRow, ...]
    merged_from: tuple[LinkRow, ...]
    merged_into: tuple[LinkRow, ...]
    visited_at: dt.datetime | None

    @property
    def offer(self) -> OfferRow | None:
        """The standing offer; there is one at most."""
        return self.offers[0] if self.offers else None


KINDS: dict[str, type[Any]] = {
    "obligations": ObligationRow,
    "deadlines": DeadlineRow,
    "participants": ParticipantRow,
    "guardians": GuardianRow,
    "events": EventRow,
    "offers": OfferRow,
    "duplicates": DuplicateRow,
    "steps": StepRow,
    "merged_from": LinkRow,
    "merged_into": LinkRow,
}


def facts_of(case: Case, actor: Actor, *, visiting: bool = False) -> CaseFacts:
    """Reads the lists of one case. One statement, however many rows (recent events: the newest six).

    ``visiting``: the overview itself is shown, and its own visit has been written already.
    """
    now = timezone.now()
    ((*lists, visits),) = _facts(
        case_id=case.pk,
        holder_id=case.holder.service_id,
        user_id=actor.person.pk,
        service_id=actor.service_id,
        now=now,
    )
    made: dict[str, Any] = {
        name: tuple(typed(kind, json.loads(data)) for data in found)
        for (name, kind), found in zip(KINDS.items(), lists, strict=True)
    }
    day = today(now)
    made["participants"] = tuple(p for p in made["participants"] if p.valid_until is None or p.valid_until >= day)
    return CaseFacts(**made, visited_at=next(iter(visits[1 if visiting else 0 :]), None))


@Statement
def _facts(
    *, case_id: uuid.UUID, holder_id: uuid.UUID, user_id: uuid.UUID, service_id: uuid.UUID, now: dt.datetime
) -> "QuerySet[Case, Any]":
    """The lists in the order of ``KINDS``, and the newest visits."""
    obligations = ObligationStatus.objects.exclude(state="not_relevant").order_by("key", "id")
    deadlines = Deadline.objects.filter(state=Deadline.State.OPEN).order_by("due_on", "id")
    participants = Participant.objects.filter(ended_at__isnull=True).order_by("service__sort_key", "added_at")
    guardians = Guardian.objects.filter(error_at__isnull=True).order_by("recorded_at", "id")
    events = StateChange.objects.filter(process__in=told()).order_by("-id")
    offers = CaseHolder.objects.filter(state=CaseHolder.State.OFFERED)
    duplicates = Task.objects.filter(kind="duplicate.look", closed_at__isnull=True, service_id=holder_id)
    seen = CaseAccess.objects.in_force(now).filter(case_id=OuterRef("pk"), principal_id=service_id, scope=Scope.CASE)
    merged = Case.objects.filter(Exists(seen)).order_by("pk")
    steps = LevelStepDone.objects.filter(undone_at__isnull=True).order_by("done_at", "id")
    return Case.objects.filter(pk=case_id).values(
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
        its_duplicates=rows(duplicates.order_by("opened_at", "id"), DuplicateRow),
        its_steps=rows(steps, StepRow, who="done_by__name"),
        its_merged_from=rows(merged, LinkRow, match={"merged_into_id": OuterRef("pk")}),
        its_merged_into=rows(merged, LinkRow, match={"merged_from": OuterRef("pk")}),
        its_visits=_visits(user_id),
    )


def _visits(user_id: uuid.UUID) -> ArraySubquery:
    """When this person opened the overview the last two times."""
    visits = AuditEvent.objects.filter(
        case_id=OuterRef("pk"), user_id=user_id, kind=AuditEvent.Kind.READ, verb=VISIT
    ).order_by("-id")
    return ArraySubquery(visits.values("at")[:2])
