"""How people log in: nobody signs up by themselves, and an account is useless until someone has given it a role."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.actions.entrance import Entry, attach_actor, entered
from portal.user_agents import device_of


def address_of(request: HttpRequest) -> str | None:
    """The address attempts to log in are counted by, the same for all that count them; None when there is none, as
    behind a socket."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return None


class InvitedOnly(DefaultAccountAdapter):
    """Accounts are made by invitation in user administration, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names, only e-mail addresses."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Asked for again before what protects the account is changed, unless it was shown a moment ago."""
        request = context.request
        shown = get_authentication_records(request, request.user)
        return not shown or time.time() - shown[-1]["at"] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """After the password, and the code: the log knows, and the person is told of text that was kept for them."""
        attach_actor(request)
        factors = [one["type"] for one in get_authentication_records(request, user) if one["method"] == "mfa"]
        how = f"password+{factors[-1]}" if factors else "password"
        entry = Entry(how=how, strong=bool(factors), device=device_of(request))
        entered(session=request.session, by=request.actor, entry=entry)  # type: ignore[attr-defined]
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
