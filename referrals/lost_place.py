"""The one asked to assess and finalise has lost the place in the case: the referral goes back to the holder."""

import datetime as dt

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from cases.inbox import close_tasks, end_deadlines, open_task, tell
from cases.models import Case, CaseAccess, Scope
from portal import audit
from portal.context import Actor
from portal.states import move
from portal.timeframe import today
from referrals.models import Referral
from referrals.states import REFERRAL

R = Referral.State


def stranded(now: dt.datetime) -> "QuerySet[Referral]":
    """Referrals that wait for the assessment of a service without a place in the case, other than the holder's."""
    by_reason = Q(scope=Scope.REFERRAL, basis=Concat(Value("referrer:"), Cast(OuterRef("pk"), CharField())))
    places = CaseAccess.objects.in_force(now).filter(
        Q(scope=Scope.CASE) | by_reason, case=OuterRef("case"), principal_id=OuterRef("referrer__service_id")
    )
    waiting = Referral.objects.filter(~Exists(places), state=R.FOR_ASSESSMENT, referrer__isnull=False)
    open_cases = waiting.exclude(case__state=Case.State.CLOSED)
    return open_cases.exclude(referrer__service_id=F("case__holder__service_id")).select_related("referrer")


def take_back(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """What is with a referrer whom nothing lets in any more is the holder's again, who is told and hands it to another.

    Consent that ends closes the referrer's page at once; the task must not lead to a page that is closed.
    """
    move(referral, REFERRAL, R.COLLECTING, by=by, now=now, case_id=case.pk)
    close_tasks(referral, "referral.assess", now=now, reason="moved")
    end_deadlines(referral, "gp_assessment_due", on=today(now), met=False)
    holder = case.holder
    open_task("referral.replace", by=by, now=now, service=holder.service_id, subject=referral, case=case,
              user_id=holder.user_id)  # fmt: skip
    tell("referral.referrer_lost", by=by, now=now, subject=referral, url_name="referrals:assemble", case=case,
         users=(holder.user_id,), service=holder.service_id)  # fmt: skip
    audit.record(by, "referral.referrer_lost", referral, case_id=case.pk, child_id=case.child_id, now=now)
