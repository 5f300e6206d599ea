"""What follows from who may be in a case: other apps bring what they wait for into line when access has changed."""

import datetime as dt
from collections.abc import Callable

from cases.models import Case
from portal.context import Actor, as_job

FollowUp = Callable[[Case, Actor, dt.datetime], None]
_FOLLOW_UPS: list[FollowUp] = []


def add_follow_up(function: FollowUp) -> FollowUp:
    """Registers a function that is given the case, who acted and the instant, under the case's lock, after its access
    rows have been recomputed. It is called after every write, so it changes nothing where nothing has changed, and
    as the job role: what it writes crosses what the actor sees, who may have lost their own place by what they did."""
    if function not in _FOLLOW_UPS:
        _FOLLOW_UPS.append(function)
    return function


def follow_access(case: Case, by: Actor, now: dt.datetime) -> None:
    """Lets everyone registered follow."""
    with as_job():
        for function in _FOLLOW_UPS:
            function(case, by, now)
