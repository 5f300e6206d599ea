"""How people log in: nobody signs up by themselves, and an account is useless until someone has given it a role."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.actions.entrance import entered
from portal.middleware import attach_actor


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

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """After the password: the log knows, and the person is told of text that was kept for them."""
        attach_actor(request)
        entered(session=request.session, by=request.actor, how="password")  # type: ignore[attr-defined]
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
