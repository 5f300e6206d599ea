"""A service leaves the case: what the referral awaited from it falls away. What it has submitted stays as it was."""

import datetime as dt
import uuid

from cases.departures import add_departure
from cases.inbox import close_tasks, end_deadlines, tell
from cases.models import Case
from portal.context import Actor
from portal.states import move
from portal.timeframe import today
from referrals.actions.information import cancel_requests_to
from referrals.actions.turn import AWAITED, settle_turn
from referrals.models import Contribution, Referral
from referrals.states import BEING_MADE, CONTRIBUTION


@add_departure
def stop_waiting(case: Case, service_id: uuid.UUID, by: Actor, now: dt.datetime) -> None:
    """Takes back the contributions and questions that still waited for the service, with their tasks and deadlines."""
    waiting = Contribution.objects.filter(
        referral__case=case, referral__state__in=BEING_MADE, service=service_id, state__in=AWAITED
    ).select_related("referral__receiver")
    for contribution in waiting:
        move(contribution, CONTRIBUTION, Contribution.State.CANCELLED, by=by, now=now, reason="left", case_id=case.pk)
        close_tasks(contribution, now=now, reason="cancelled")
        end_deadlines(contribution, on=today(now), met=False)
        tell("contribution.cancelled", by=by, now=now, subject=contribution, url_name="referrals:contribution",
             case=case, service=service_id)  # fmt: skip
        settle_turn(contribution.referral, case, by=by, now=now)
    for referral in Referral.objects.filter(case=case, information_requests__asked_service=service_id).distinct():
        cancel_requests_to(service_id, referral, by=by, now=now)
