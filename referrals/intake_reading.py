"""Fetching for intake: the list by clock, and one referral as it was sent. Never the case behind it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.access import viewer_of, visible
from cases.models import Scope
from cases.turned_away import turned_away
from guideline.editions import current_edition
from guideline.schema import Edition
from guideline.workdays import add_working_days
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor, as_job
from portal.models import Membership
from portal.timeframe import today
from referrals.actions.decide import standing_decision
from referrals.clock import SOON, Clock, clock_of, latest_receipt_due_by
from referrals.models import InformationRequest, IntakeDecision, Receipt, Referral, Snapshot, UrgencyChange
from referrals.roles import HOSPITAL
from referrals.states import WITH_HOSPITAL

R = Referral.State
VIEWS = ("alle", "mine", "ikke-fordelt", "avgjort")
# How long a decision stays in the list of recent ones.
RECENT = dt.timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One referral of the list: what was sent of it, its clock, and who has it. ``child`` is of the newest snapshot."""

    referral: Referral
    clock: Clock
    name: str
    age: str
    municipality: str
    sender: str
    service: str
    questions: int
    decision: str
    protected: bool

    @property
    def urgent(self) -> bool:
        """Whether it is marked as urgent now."""
        return self.referral.urgency == Referral.Urgency.URGENT


@dataclass(frozen=True)
class Counts:
    """The numbers over the list, of everything open in the department."""

    open: int
    mine: int
    unassigned: int
    unreceived: int
    late: int
    soon: int
    decided: int


@dataclass(frozen=True)
class Intake:
    """One referral as its department sees it now."""

    actor: Actor
    referral: Referral
    edition: Edition
    clock: Clock
    decision: IntakeDecision | None
    snapshots: list[Snapshot]

    @property
    def newest(self) -> Snapshot:
        """The newest version."""
        return self.snapshots[-1]

    @property
    def newest_first(self) -> list[Snapshot]:
        """All versions, the newest first."""
        return self.snapshots[::-1]

    def version(self, number: str | None) -> Snapshot:
        """The version asked for, else the newest."""
        return next((s for s in self.snapshots if str(s.version) == number), self.newest)


def at_department(actor: Actor) -> "QuerySet[Referral]":
    """The referrals the acting department has or had: those in which it has the receiver's place now."""
    return Referral.objects.filter(visible(actor, Scope.REFERRAL), receiver_id=actor.service_id, sent_at__isnull=False)


def intake_list(actor: Actor, view: str, now: dt.datetime) -> "QuerySet[Referral]":
    """The list of one view: not yet received first, then by the legal clock; decisions newest first."""
    found = at_department(actor)
    if view == "avgjort":
        recent = {"decisions__decided_at__gte": now - RECENT, "decisions__error_at__isnull": True}
        found = found.filter(state=R.DECIDED, **recent).order_by("-decisions__decided_at", "pk")
    else:
        found = found.filter(state__in=WITH_HOSPITAL).order_by(
            F("first_received_on").asc(nulls_first=True), "-urgency", "sent_at", "pk"
        )
    if view == "mine" and actor.user is not None:
        found = found.filter(reviewer__user=actor.user)
    if view == "ikke-fordelt":
        found = found.filter(reviewer__isnull=True)
    sent = Snapshot.objects.filter(referral=OuterRef("pk")).order_by("-version")
    decided = IntakeDecision.objects.filter(referral=OuterRef("pk"), error_at__isnull=True).order_by("-decided_at")
    waiting = InformationRequest.objects.filter(referral=OuterRef("pk"), answered_at=None, cancelled_at=None)
    asked = waiting.order_by().values("referral").annotate(n=Count("pk")).values("n")
    return found.select_related("case__child", "case__community", "reviewer__user").annotate(
        shown_child=Subquery(sent.values("content__child")[:1]),
        shown_sender=Subquery(sent.values("content__sender")[:1]),
        asked=Coalesce(Subquery(asked), 0),
        outcome=Subquery(decided.values("outcome")[:1]),
        decided_on=Subquery(decided.values("decided_on")[:1]),
    )


def rows_of(actor: Actor, referrals: list[Referral], now: dt.datetime) -> list[Row]:
    """The rows of a page, with one bulk of access events for the children shown."""
    audit.record_list_read(actor, "intake.list", [(r.case_id, r.case.child_id) for r in referrals])
    return [_row(referral, today(now)) for referral in referrals]


def _row(referral: Any, day: dt.date) -> Row:
    child, sender = referral.shown_child or {}, referral.shown_sender or {}
    protected = referral.case.child.protected
    edition = current_edition(referral.case.community)
    return Row(
        referral=referral,
        clock=clock_of(referral, edition, day, referral.decided_on),
        name=child.get("name", ""),
        age=child.get("age", ""),
        municipality="" if protected else child.get("municipality", ""),
        sender=sender.get("name", ""),
        service="" if protected else sender.get("service", ""),
        questions=referral.asked,
        decision=str(IntakeDecision.Outcome(referral.outcome).label) if referral.outcome else "",
        protected=protected,
    )


def counts_of(actor: Actor, now: dt.datetime) -> Counts:
    """The numbers over the list. One statement."""
    community = actor.community
    assert community is not None
    edition, day = current_edition(community), today(now)
    waiting = Q(state__in=WITH_HOSPITAL)
    late = latest_receipt_due_by(edition, day - dt.timedelta(days=1))
    soon = latest_receipt_due_by(edition, add_working_days(day, SOON))
    recent = Q(state=R.DECIDED, decisions__decided_at__gte=now - RECENT, decisions__error_at__isnull=True)
    user_id = actor.user.pk if actor.user else None
    found = at_department(actor).aggregate(
        open=Count("pk", filter=waiting, distinct=True),
        mine=Count("pk", filter=waiting & Q(reviewer__user=user_id), distinct=True),
        unassigned=Count("pk", filter=waiting & Q(reviewer__isnull=True), distinct=True),
        unreceived=Count("pk", filter=Q(state=R.SENT), distinct=True),
        late=Count("pk", filter=waiting & Q(first_received_on__lte=late), distinct=True),
        soon=Count("pk", filter=waiting & Q(first_received_on__gt=late, first_received_on__lte=soon), distinct=True),
        decided=Count("pk", filter=recent, distinct=True),
    )
    return Counts(**found)


class SentOn(Exception):
    """The acting department has sent the referral on: its own closed ``stay`` is what it may read of."""

    def __init__(self, stay: Receipt) -> None:
        super().__init__()
        self.stay = stay


def open_intake(actor: Actor, referral_id: uuid.UUID, what: str) -> Intake:
    """A referral for the department that has it, with its access event. Four statements. Raises ``Stranger``, and
    ``SentOn`` for a department that has had it."""
    referral = (
        Referral.objects.select_related(
            "receiver__organisation",
            "reviewer__user",
            "referrer__user",
            "withdrawn_by",
            "case__child",
            "case__community",
        )
        .filter(pk=referral_id)
        .first()
    )
    if referral is None:
        with as_job():
            _if_sent_on(actor, referral_id)
            raise turned_away(actor, what, Referral, referral_id, scopes=(Scope.REFERRAL,))
    viewer = viewer_of(actor, referral.case)
    here = referral.receiver_id == actor.service_id and referral.sent_at is not None
    # Another referral of the same case gives the same scope: one that is not sent stays the municipality's.
    if not here or Scope.REFERRAL not in viewer.scopes:
        _if_sent_on(actor, referral_id)
        raise Stranger(Refusal(what, "referrals.referral", referral.pk, referral.case_id))
    audit.record_read(
        actor,
        what,
        referral,
        case_id=referral.case_id,
        child_id=referral.case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
    )
    edition = current_edition(referral.case.community)
    decision = _decision(referral)
    clock = clock_of(referral, edition, timezone.localdate(), decision.decided_on if decision else None)
    snapshots = list(referral.snapshots.select_related("frozen_by").defer("content").order_by("version"))
    return Intake(actor, referral, edition, clock, decision, snapshots)


def _if_sent_on(actor: Actor, referral_id: uuid.UUID) -> None:
    """Raises ``SentOn`` for a department that has had it and sent it on, which has no place in the case any more."""
    stay = sent_on(actor, referral_id)
    if stay is not None:
        raise SentOn(stay)


def sent_on(actor: Actor, referral_id: uuid.UUID) -> Receipt | None:
    """The acting department's closed stay of a referral: that it was sent on, where and why. Nothing of the child."""
    with as_job():
        # It has no place in the case any more; of the referral it reads the reference, and who sent it on.
        stays = Receipt.objects.filter(
            referral=referral_id, service_id=actor.service_id, redirected_at__isnull=False
        ).exclude(referral__receiver_id=actor.service_id)
        return stays.select_related("redirected_to", "redirected_by", "referral__case").last()


def stays_of(referral: Referral) -> list[Receipt]:
    """The departments it has been at, in order."""
    return list(
        Receipt.objects.filter(referral=referral).select_related(
            "service", "received_by", "redirected_to", "redirected_by", "error_by"
        )
    )


def wrong_decisions_of(referral: Referral) -> list[IntakeDecision]:
    """Decisions marked as feilregistrert, in order. One statement."""
    wrong = IntakeDecision.objects.filter(referral=referral, error_at__isnull=False)
    return list(wrong.select_related("service", "decided_by", "error_by"))


def questions_of(referral: Referral) -> list[InformationRequest]:
    """What intake has asked, newest first."""
    found = InformationRequest.objects.filter(referral=referral)
    return list(found.select_related("asked_service", "asked_by", "answered_by").order_by("-asked_at", "-pk"))


def urgency_changes_of(referral: Referral) -> list[UrgencyChange]:
    """How the urgency was changed, in order."""
    return list(UrgencyChange.objects.filter(referral=referral).select_related("changed_by"))


def reviewers_of(actor: Actor, day: dt.date) -> "QuerySet[Membership]":
    """Those in the acting department who can review."""
    current = Membership.objects.current(day).filter(service_id=actor.service_id, role__in=HOSPITAL)
    return current.select_related("user").order_by("user__sort_key", "role", "pk")


def _decision(referral: Referral) -> IntakeDecision | None:
    return standing_decision(referral)
