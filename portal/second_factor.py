"""The second factor: how its secrets are kept, and the gate that nobody passes on a password alone."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.actions.entrance import STRONG
from portal.htmx import redirect
from portal.identity import crypto

CONTEXT = "second-factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What someone who has only given a password may open: the way out, the way on, and pages for anyone.
ALWAYS_OPEN = frozenset(
    {"account_logout", "account_second_factor", "portal:about", "portal:privacy", "portal:accessibility"}
)
# Another login, stronger than the one that stands.
TO_COME_IN = frozenset({"eid_begin", "eid_callback"})
# Only while there is nothing stronger than a password yet: whoever has it shows it.
TO_SET_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "eid_link"})


class Adapter(DefaultMFAAdapter):
    """allauth's second factors with their secrets encrypted (portal.identity.crypto), and its errors in plain words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Du kan ikke fjerne denne."),
        "cannot_generate_recovery_codes": _("Sett opp en kode-app først."),
        "incorrect_code": _("Koden stemmer ikke. Skriv den som står i appen nå, eller en reservekode."),
    }

    def generate_authenticator_name(self, user: Any, *args: Any, **kwargs: Any) -> str:
        """What a new key is called until the person calls it something."""
        return str(_("Sikkerhetsnøkkel"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a key answers: the portal at its own address, whatever a request calls it."""
        return {"id": urlsplit(settings.PORTAL_BASE_URL).hostname or "", "name": settings.PORTAL_NAME}

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return base64.b64encode(crypto.encrypt(text, context=CONTEXT)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """A stored secret."""
        return crypto.decrypt(base64.b64decode(encrypted_text), context=CONTEXT)


def has_factor(user: Any) -> bool:
    """Whether the person has an app or a key that is asked for at login."""
    return bool(is_mfa_enabled(user, FACTORS))


def has_more_than_a_password(user: Any) -> bool:
    """Whether the person has an app, a key or an electronic identity: then a password adds none of them."""
    return user.pid_hash is not None or has_factor(user)


def factors_of(user: Any) -> dict[str, list[Authenticator]]:
    """The person's second factors and recovery codes, by type. One statement."""
    found: dict[str, list[Authenticator]] = {}
    for factor in Authenticator.objects.filter(user=user).order_by("created_at", "pk"):
        found.setdefault(factor.type, []).append(factor)
    return found


class RequireSecondFactor:
    """Leads whoever has only given a password to setting up more, before anything else is opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Nothing for who is sure enough; the session says so, so that it costs no statement."""
        if not settings.PORTAL_REQUIRE_MFA or not request.user.is_authenticated or request.session.get(STRONG):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS_OPEN or (name in TO_COME_IN and not has_factor(request.user)):
            return None
        if name in TO_SET_UP and not has_more_than_a_password(request.user):
            return None
        if request.headers.get("X-Polling"):
            return HttpResponse(status=204)
        return redirect(request, "account_second_factor")
