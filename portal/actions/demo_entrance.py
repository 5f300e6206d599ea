"""Logging in without a password, in the demo only."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from portal.access import Denied
from portal.actions.entrance import ACTING_AS, Entry, entered
from portal.context import Actor, announce
from portal.models import Membership
from portal.user_agents import device_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter_as(*, request: HttpRequest, membership: Membership, now: dt.datetime | None = None) -> Actor:
    """Ends whatever session there was and begins one as a demo person. Refused outside the demo."""
    if not settings.DEMO:
        raise Denied("Demoinnlogging finnes bare i demoen.")
    logout(request)
    login(request, membership.user, backend=BACKEND)
    actor = Actor(user=membership.user, membership=membership)
    announce(actor)
    request.session[ACTING_AS] = str(membership.pk)
    entered(session=request.session, by=actor, entry=Entry(how="demo", strong=True, device=device_of(request)), now=now)
    return actor
