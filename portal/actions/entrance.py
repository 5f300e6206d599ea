"""Coming in: logging in and choosing the membership one acts as. Both are told in the log."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal import audit
from portal.access import Stranger
from portal.context import NOBODY, Actor, announce
from portal.models import AuditEvent, KeptText, Membership

ACTING_AS = "acting_as"
KEPT_WAITING = "kept_waiting"
BEGAN = "began"
ENDED = "ended"
LAST_SEEN = "last_seen"
# Whether more than a password has shown who it is (portal.second_factor).
STRONG = "strong"
# How the person came in, on what machine, and what the session is called in the list of one's own.
HOW = "how"
DEVICE = "device"
HANDLE = "handle"
# Numbers of the organisations the person is logged in for, when the provider told.
EMPLOYERS = "employers"


@dataclass(frozen=True)
class Entry:
    """How a person came in: a code for the log, the level when a provider told it, whether that is enough."""

    how: str
    level: str = ""
    strong: bool = False
    device: str = ""


def entered(*, session: Any, by: Actor, entry: Entry, now: dt.datetime | None = None) -> None:
    """A person has logged in: the log knows, the session's day begins, and text kept for them is announced."""
    now = now or timezone.now()
    session[BEGAN] = int(now.timestamp())
    session[HOW], session[DEVICE], session[HANDLE] = entry.how, entry.device, str(uuid.uuid4())
    session[STRONG] = entry.strong
    session.pop(ENDED, None)
    if by.user is not None and KeptText.objects.filter(owner=by.user).exists():
        session[KEPT_WAITING] = True
    detail = {"how": entry.how} | ({"level": entry.level} if entry.level else {})
    audit.record(by, "person.logged_in", kind=AuditEvent.Kind.LOGIN, now=now, detail=detail)


def attach_actor(request: HttpRequest) -> None:
    """Sets ``request.actor`` and ``request.memberships`` from the session's choice, else the first that holds."""
    if not request.user.is_authenticated:
        request.actor, request.memberships = NOBODY, []  # type: ignore[attr-defined]
        announce(None)
        return
    employers = frozenset(request.session.get(EMPLOYERS, ()))
    memberships = [
        membership
        for membership in Membership.objects.current(timezone.localdate())
        .filter(user=request.user)
        .select_related("service__organisation", "community")
        .order_by("service__sort_key", "role", "pk")
        if membership.fits_employers(employers)
    ]
    chosen = request.session.get(ACTING_AS)
    membership = next((m for m in memberships if str(m.pk) == chosen), memberships[0] if memberships else None)
    request.memberships = memberships  # type: ignore[attr-defined]
    request.actor = Actor(user=request.user, membership=membership)  # type: ignore[attr-defined]
    # On a password alone the database shows no row of a case, whatever lets the request through (second_factor).
    sure = request.session.get(STRONG) or not settings.PORTAL_REQUIRE_MFA
    announce(request.actor if sure else Actor(user=request.user, membership=None))  # type: ignore[attr-defined]


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
