"""Ending sessions: one, all others, or all of somebody who no longer has any access."""

import datetime as dt
from typing import Any

from django.utils import timezone

from portal import audit
from portal.access import Stranger
from portal.context import Actor
from portal.models import Session, User
from portal.own_sessions import sessions_of


def end_session(*, handle: str, current_key: str | None, by: Actor, now: dt.datetime | None = None) -> None:
    """Ends one of the person's own sessions. Raises ``Stranger`` for any other."""
    found = next((one for one in sessions_of(by.person, current_key) if one.handle == handle), None)
    if found is None:
        raise Stranger
    Session.objects.filter(session_key=found.key, user_id=by.person.pk).delete()
    audit.record(by, "person.sessions_ended", by.person, now=now, detail={"count": 1})


def end_everywhere(*, by: Actor, now: dt.datetime | None = None) -> int:
    """Ends every session of the person, the one that asks included. Returns how many."""
    count = delete_sessions(by.person)
    audit.record(by, "person.sessions_ended", by.person, now=now, detail={"count": count})
    return count


def forget_over(*, now: dt.datetime | None = None) -> int:
    """Removes sessions that nobody can come back to, whosever they were. Returns how many."""
    deleted: tuple[int, dict[str, Any]] = Session.objects.filter(expire_date__lt=now or timezone.now()).delete()
    return deleted[0]


def delete_sessions(user: User) -> int:
    """Takes away every session of a person; whoever sits there is asked to log in at the next click."""
    deleted: tuple[int, dict[str, Any]] = Session.objects.filter(user_id=user.pk).delete()
    return deleted[0]
