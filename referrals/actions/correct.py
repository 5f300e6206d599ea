"""Feilregistrert at the hospital: a decision or a receipt that was recorded wrongly. It stays as history, and what it
closed is open again."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, open_task, tell
from cases.models import Case
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today
from referrals.actions.decide import TREATMENT_RULES, readers_of, standing_decision
from referrals.actions.information import reopen_requests
from referrals.actions.intake import await_decision, tell_senders
from referrals.actions.treatment import standing_start
from referrals.models import Contribution, IntakeDecision, Receipt, Referral
from referrals.models.contribution import standing
from referrals.states import OPEN, REFERRAL

R = Referral.State


def mark_decision_wrong(*, referral: Referral, reason: str, by: Actor, now: dt.datetime | None = None) -> bool:
    """Marks the decision as feilregistrert: the referral is with the department again, the clock runs from the first
    receipt, and what the decision ended is taken up: its deadline, and the questions that fell away with it.

    Everyone who was told the outcome is told that it was wrong. False when the same person already did. Raises
    ``Invalid`` without a reason, ``MovedOn`` when there is no decision, treatment has begun (mark that first), or
    the child is referred there anew already.
    """
    now = now or timezone.now()
    check(by, "intake.correct", referral)
    reason = _reason(reason)
    with case_work(referral.case_id, by=by, now=now) as case:
        locked: Referral = states.lock(referral)
        if locked.state != R.DECIDED:
            if _mine(IntakeDecision.objects.filter(referral=locked, error_at__isnull=False).last(), by):
                return False
            raise MovedOn(_("Henvisningen er ikke avgjort."))
        _not_referred_anew(locked)
        if standing_start(locked) is not None:
            raise MovedOn(_("Behandlingen er registrert startet. Marker det som feilregistrert først."))
        decision = standing_decision(locked)
        assert decision is not None
        _mark(decision, reason, by, now)
        audit.record(by, "decision.marked_wrong", decision, case_id=case.pk, child_id=case.child_id, now=now)
        move(referral, REFERRAL, R.RECEIVED, by=by, now=now, reason=reason, case_id=case.pk)
        referral.refresh_from_db()
        close_tasks(referral, "outcome.read", now=now, reason="cancelled")
        end_deadlines(referral, *TREATMENT_RULES, on=today(now), met=False)
        await_decision(referral, case, by, now)
        reopen_requests(referral, case, decision.decided_at, by=by, now=now)
        _tell_wrong(referral, case, by, now)
    return True


def mark_receipt_wrong(*, referral: Referral, reason: str, by: Actor, now: dt.datetime | None = None) -> bool:
    """Marks the receipt as feilregistrert: the referral waits to be received again, with the right date.

    False when the same person already did. Raises ``Invalid`` without a reason; ``MovedOn`` when it is not received, is
    decided (mark the decision first), or has been sent on: then the first date is another department's.
    """
    now = now or timezone.now()
    check(by, "intake.correct", referral)
    reason = _reason(reason)
    with case_work(referral.case_id, by=by, now=now) as case:
        locked: Referral = states.lock(referral)
        stays = list(Receipt.objects.filter(referral=locked, error_at__isnull=True))
        if locked.state == R.SENT and _mine(Receipt.objects.filter(referral=locked).last(), by):
            return False
        if locked.state == R.DECIDED:
            raise MovedOn(_("Henvisningen er avgjort. Marker avgjørelsen som feilregistrert først."))
        if locked.state != R.RECEIVED or not stays:
            raise MovedOn(_("Det er ikke registrert noe mottak."))
        if len(stays) > 1:
            raise MovedOn(_("Henvisningen er sendt videre. Da står datoen fra den første avdelingen fast."))
        _mark(stays[0], reason, by, now)
        audit.record(by, "receipt.marked_wrong", stays[0], case_id=case.pk, child_id=case.child_id, now=now)
        move(referral, REFERRAL, R.SENT, by=by, now=now, reason=reason, case_id=case.pk, received_on=None,
             first_received_on=None, reviewer=None)  # fmt: skip
        close_tasks(referral, "intake.decide", now=now, reason="cancelled")
        end_deadlines(referral, "intake_assessment", on=today(now), met=False)
        open_task("intake.receive", by=by, now=now, service=locked.receiver_id, subject=referral, case=case,
                  due_on=today(now))  # fmt: skip
        tell_senders("referral.receipt_wrong", referral, case, by, now)
    return True


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(reason=_("Skriv hva som er feil."))
    return reason.strip()[:300]


def _mine(marked: IntakeDecision | Receipt | None, by: Actor) -> bool:
    """Whether the newest was marked by the same person: a double click."""
    return marked is not None and marked.in_error and marked.error_by_id == by.person.pk


def _mark(entry: IntakeDecision | Receipt, reason: str, by: Actor, now: dt.datetime) -> None:
    entry.error_at, entry.error_by, entry.error_reason = now, by.person, reason
    entry.save(update_fields=["error_at", "error_by", "error_reason"])


def _not_referred_anew(referral: Referral) -> None:
    again = Referral.objects.filter(case_id=referral.case_id, state__in=OPEN)
    if again.filter(receiver_id=referral.receiver_id).exists() or again.filter(previous=referral).exists():
        raise MovedOn(_("Barnet er henvist på nytt. Avgjør den nye henvisningen i stedet."))


def _tell_wrong(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    readers = readers_of(referral, case)
    for service_id, people in readers.items():
        tell("referral.decision_wrong", by=by, now=now, subject=referral, url_name="referrals:outcome", case=case,
             users=tuple(people), service=service_id)  # fmt: skip
    contributed = Contribution.objects.filter(standing(), referral=referral)
    for contribution in contributed.exclude(service_id__in=readers):
        tell("referral.decision_wrong", by=by, now=now, subject=contribution, url_name="referrals:contribution",
             case=case, service=contribution.service_id)  # fmt: skip
