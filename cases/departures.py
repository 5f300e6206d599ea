"""What ends when a service leaves a case: other apps say what they were waiting for from it."""

import datetime as dt
import uuid
from collections.abc import Callable

from cases.models import Case
from portal.context import Actor

FollowUp = Callable[[Case, uuid.UUID, Actor, dt.datetime], None]
_FOLLOW_UPS: list[FollowUp] = []


def add_departure(follow_up: FollowUp) -> FollowUp:
    """Registers a function that ends what was awaited from a service; called from ``register.py``.

    It is given the case, the service that has left, who ended its part, and when, under the case's lock and before
    access follows.
    """
    if follow_up not in _FOLLOW_UPS:
        _FOLLOW_UPS.append(follow_up)
    return follow_up


def has_left(case: Case, service_id: uuid.UUID, *, by: Actor, now: dt.datetime) -> None:
    """Ends what was awaited from a service whose part in the case has ended. The holder's service never leaves."""
    if service_id != case.holder.service_id:
        for follow_up in _FOLLOW_UPS:
            follow_up(case, service_id, by, now)
