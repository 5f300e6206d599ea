"""Coming in: logging in and choosing the membership one acts as. Both are told in the log."""

import datetime as dt
from typing import Any

from django.utils import timezone

from portal import audit
from portal.access import Stranger
from portal.context import Actor
from portal.models import AuditEvent, KeptText, Membership

ACTING_AS = "acting_as"
KEPT_WAITING = "kept_waiting"
BEGAN = "began"
ENDED = "ended"


def entered(*, session: Any, by: Actor, how: str, now: dt.datetime | None = None) -> None:
    """A person has logged in: the log knows, the session's day begins, and text kept for them is announced."""
    now = now or timezone.now()
    session[BEGAN] = int(now.timestamp())
    session.pop(ENDED, None)
    if by.user is not None and KeptText.objects.filter(owner=by.user).exists():
        session[KEPT_WAITING] = True
    audit.record(by, "person.logged_in", kind=AuditEvent.Kind.LOGIN, now=now, detail={"how": how})


def act_as(
    *, session: Any, membership_id: str, memberships: list[Membership], by: Actor, now: dt.datetime | None = None
) -> Membership:
    """Chooses one of the person's own memberships that hold now. Raises ``Stranger`` for any other."""
    chosen = next((membership for membership in memberships if str(membership.pk) == membership_id), None)
    if chosen is None:
        raise Stranger
    session[ACTING_AS] = str(chosen.pk)
    audit.record(Actor(user=by.user, membership=chosen), "person.acts_as", chosen, kind=AuditEvent.Kind.LOGIN, now=now)
    return chosen
