"""Whose turn it is: when no contribution is awaited any more, the holder goes through the referral."""

import datetime as dt

from cases.inbox import close_tasks, open_task
from cases.models import Case
from cases.protection import located
from portal.context import Actor, as_job
from referrals.models import Contribution, Referral

C = Contribution.State
AWAITED = (C.REQUESTED, C.STARTED)
ANSWERED = (C.SUBMITTED, C.DECLINED)


def settle_turn(referral: Referral, case: Case, *, by: Actor, now: dt.datetime) -> bool:
    """Opens the holder's task when the last contribution has come, closes it when one is awaited again.

    ``referral`` must be read under the case's lock: two last contributions submitted at once take turns, and the second
    sees the first. Returns whether it is the holder's turn.
    """
    with as_job():
        # A contributor is shown only their own; whose turn it is, all of them decide.
        states = set(Contribution.objects.filter(referral=referral).values_list("state", flat=True))
    turn = (
        referral.state == Referral.State.COLLECTING
        and not states.intersection(AWAITED)
        and bool(states.intersection(ANSWERED))
    )
    if turn:
        open_task(
            "referral.assemble",
            by=by,
            now=now,
            service=case.holder.service_id,
            subject=referral,
            case=case,
            first_to=case.holder.user_id,
            detail=located(case.child, referral.receiver.name),
        )
    else:
        close_tasks(referral, "referral.assemble", now=now, reason="cancelled")
    return turn
