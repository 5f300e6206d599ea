"""Coming in by an electronic identity: finding the invited person it belongs to, and linking the two once.

Nobody is made here. A person is found by the national number that was linked before, or, the first time, by the HPR
number a user administrator has registered, if the family name agrees; or links the identity while logged in with the
password that was chosen from the letter of invitation (docs/adr/0010).
"""

import datetime as dt
from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.entrance import EMPLOYERS, STRONG, Entry, attach_actor, entered
from portal.actions.letters import tell_of_change
from portal.context import NOBODY, Actor, as_job
from portal.eid.identity import Identity
from portal.models import AuditEvent, Membership, User
from portal.second_factor import has_factor
from portal.timeframe import today
from portal.user_agents import device_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class NotLetIn(Exception):
    """An electronic identity that opens nothing. ``why`` is a code for the log and for what the page says."""

    def __init__(self, why: str, user: User | None = None) -> None:
        super().__init__(why)
        self.why, self.user = why, user


def enter(*, request: HttpRequest, identity: Identity, now: dt.datetime | None = None) -> User:
    """Logs in whoever the identity belongs to, with a new session. Raises ``NotLetIn``; nobody is made."""
    now = now or timezone.now()
    # Nobody is logged in yet, so nobody sees anybody: the search is for exactly one person.
    with as_job():
        user = _owner_of(identity, now)
    logout(request)
    login(request, user, backend=BACKEND)
    request.session[EMPLOYERS] = sorted(identity.organisations)
    attach_actor(request)
    entry = Entry(how=identity.provider, level=identity.level, strong=True, device=device_of(request))
    by: Actor = getattr(request, "actor", NOBODY)
    entered(session=request.session, by=by, entry=entry, now=now)
    return user


def _owner_of(identity: Identity, now: dt.datetime) -> User:
    """The one person an identity belongs to. Raises ``NotLetIn``, and has then written nothing."""
    user = User.objects.filter(pid_hash__in=identity.pid_hashes).first()
    linked = user is not None
    if user is None:
        user = _by_hpr(identity)
    if not user.is_active:
        raise NotLetIn("blocked", user)
    _check_hpr(identity, user)
    memberships = Membership.objects.current(today(now)).filter(user=user).select_related("service__organisation")
    standing = list(memberships)
    if standing and not any(membership.fits_employers(identity.organisations) for membership in standing):
        raise NotLetIn("organisation", user)
    if user.pid_hash != identity.pid_hash:
        # The first time; or the number was hashed with a key that is on its way out.
        user.pid_hash = identity.pid_hash
        user.save(update_fields=["pid_hash"])
    if not linked:
        _linked(user, identity, now)
    return user


def _by_hpr(identity: Identity) -> User:
    found = list(User.objects.filter(hpr_number=identity.hpr_number)[:2]) if identity.hpr_number else []
    if len(found) != 1:
        raise NotLetIn("several" if found else "unknown")
    (user,) = found
    if user.pid_hash is not None:
        raise NotLetIn("other", user)
    # A mistyped HPR number is somebody else's: the name has to agree before it opens anything.
    if not _words(identity.family_name) or not _words(identity.family_name) <= _words(user.name):
        raise NotLetIn("name", user)
    return user


def _words(name: str) -> set[str]:
    return set(name.casefold().replace("-", " ").split())


def _check_hpr(identity: Identity, user: User) -> None:
    if identity.hpr_number and user.hpr_number and identity.hpr_number != user.hpr_number:
        raise NotLetIn("hpr", user)


def link(*, session: Any, identity: Identity, by: Actor, now: dt.datetime | None = None) -> User:
    """Links the identity to the person who is logged in, who is as sure as it from now on. Raises ``NotLetIn``."""
    now = now or timezone.now()
    user = User.objects.select_for_update().get(pk=by.person.pk)
    with as_job():
        other = User.objects.filter(pid_hash__in=identity.pid_hashes).exclude(pk=user.pk).exists()
    if other or (user.pid_hash is not None and user.pid_hash not in identity.pid_hashes):
        raise NotLetIn("other", user)
    _check_hpr(identity, user)
    if not session.get(STRONG) and has_factor(user):
        # The password of somebody who has more than that is not enough to add a way in.
        raise NotLetIn("other", user)
    if user.pid_hash is None:
        user.pid_hash = identity.pid_hash
        user.save(update_fields=["pid_hash"])
        _linked(user, identity, now)
    session.cycle_key()
    session[STRONG] = True
    return user


def refused(*, how: str, why: str, user: User | None = None, now: dt.datetime | None = None) -> None:
    """Leaves in the log that somebody was not let in: how, why, and who it would have been if that is known."""
    by = Actor(user=user, membership=None) if user is not None else NOBODY
    detail = {"how": how, "why": why}
    with as_job():
        # Who is not let in is nobody to the database, and may write no line of their own.
        audit.record(by, "person.login_refused", kind=AuditEvent.Kind.REFUSED, now=now, detail=detail)


def _linked(user: User, identity: Identity, now: dt.datetime) -> None:
    by = Actor(user=user, membership=None)
    audit.record(by, "person.eid_linked", user, now=now, detail={"how": identity.provider})
    tell_of_change(user, _("Du kan nå logge inn med elektronisk ID."))
