"""What follows from who may be in a case: other apps bring what they wait for into line when access has changed."""

import datetime as dt
from collections.abc import Callable

from cases.models import Case

FollowUp = Callable[[Case, dt.datetime], None]
_FOLLOW_UPS: list[FollowUp] = []


def add_follow_up(function: FollowUp) -> FollowUp:
    """Registers a function that is given the case and the instant, under the case's lock, after its access rows have
    been recomputed. It is called after every write, so it changes nothing where nothing has changed."""
    if function not in _FOLLOW_UPS:
        _FOLLOW_UPS.append(function)
    return function


def follow_access(case: Case, now: dt.datetime) -> None:
    """Lets everyone registered follow."""
    for function in _FOLLOW_UPS:
        function(case, now)
