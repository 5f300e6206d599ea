"""The one asked to assess and finalise has lost the place in the case: the referral goes back to the holder."""

import datetime as dt

from django.db.models import Q

from cases.following import add_follow_up
from cases.inbox import close_tasks, end_deadlines, open_task, tell
from cases.models import Case, CaseAccess, Scope
from portal import audit
from portal.context import Actor, as_job
from portal.states import move
from portal.timeframe import today
from referrals.models import Referral
from referrals.states import REFERRAL

R = Referral.State


@add_follow_up
def take_back_from_strangers(case: Case, by: Actor, now: dt.datetime) -> None:
    """What is with a referrer whom nothing lets in any more is the holder's again, who is told and hands it to another.

    Consent that ends closes the referrer's page at once; the task must not lead to a page that is closed. Called under
    the case's lock, after access was brought into line. One statement where nothing is with anyone. It runs as the job
    role: who registered the withdrawal may have lost their own place by it.
    """
    with as_job():
        waiting = Referral.objects.filter(case=case, state=R.FOR_ASSESSMENT, referrer__isnull=False)
        for referral in waiting.exclude(referrer__service=case.holder.service_id).select_related("referrer"):
            if not _has_place(referral, now):
                _take_back(referral, case, by, now)


def _has_place(referral: Referral, now: dt.datetime) -> bool:
    assert referral.referrer is not None
    by_reason = Q(scope=Scope.REFERRAL, basis=f"referrer:{referral.pk}")
    places = CaseAccess.objects.in_force(now).filter(case=referral.case_id, principal_id=referral.referrer.service_id)
    return places.filter(Q(scope=Scope.CASE) | by_reason).exists()


def _take_back(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    move(referral, REFERRAL, R.COLLECTING, by=by, now=now, case_id=case.pk)
    close_tasks(referral, "referral.assess", now=now, reason="moved")
    end_deadlines(referral, "gp_assessment_due", on=today(now), met=False)
    holder = case.holder
    open_task("referral.replace", by=by, now=now, service=holder.service_id, subject=referral, case=case,
              user_id=holder.user_id)  # fmt: skip
    tell("referral.referrer_lost", by=by, now=now, subject=referral, url_name="referrals:assemble", case=case,
         users=(holder.user_id,), service=holder.service_id)  # fmt: skip
    audit.record(by, "referral.referrer_lost", referral, case_id=case.pk, child_id=case.child_id, now=now)
