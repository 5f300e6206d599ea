"""The pages of one's own login: Norwegian, accessible, readable on a phone and in the dark, without a script."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from portal.account_forms import CodeForm, LoginForm
from portal.eid.providers import KINDS, Provider
from portal.models import User
from portal.own_sessions import OwnSession
from portal.second_factor import Adapter
from tests.ui.conftest import axe, overflow

NOW = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
PROVIDERS = [Provider(kind, "https://en.invalid", "id", {}) for kind in KINDS.values()]
QR = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
KEY_OPTIONS = {"request_options": {"publicKey": {"allowCredentials": [{"id": "x"}]}}}
FACTORS = {
    "totp": [SimpleNamespace(created_at=NOW)],
    "webauthn": [SimpleNamespace(created_at=NOW, pk=1, wrap=SimpleNamespace(name="Nøkkelen på jobb"))],
}
PERSON = User(email="en@eksempel.invalid", name="En Person", pid_hash="h1:x")


class FirstCode(forms.Form):
    code = CodeForm.base_fields["code"]
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def session(device: str, *, this: bool) -> OwnSession:
    return OwnSession("0b1f6d9e-8c1b-4c39-9d0a-0a3a5f1a7d10", device, "passord og kode-app", NOW, NOW, this, "key")


PAGES: list[tuple[str, str, dict[str, Any]]] = [
    ("account/login.html", "Logg inn", {"form": LoginForm(), "eid_providers": PROVIDERS}),
    ("account/second_factor_required.html", "Ett trinn til", {"eid_providers": PROVIDERS}),
    ("account/second_factor_required.html", "Ett trinn til", {"has_factor": True}),
    ("mfa/authenticate.html", "Skriv koden", {
        "form": CodeForm(user=PERSON), "webauthn_form": AuthenticateWebAuthnForm(user=PERSON), "js_data": KEY_OPTIONS,
    }),
    ("mfa/reauthenticate.html", "Bekreft at det er deg", {"form": CodeForm(user=PERSON)}),
    ("mfa/totp/activate_form.html", "Sett opp kode-app", {"form": FirstCode({}), "totp_svg_data_uri": QR}),
    ("mfa/totp/deactivate_form.html", "Vil du fjerne kode-appen?", {"form": forms.Form()}),
    ("mfa/recovery_codes/index.html", "Reservekoder", {"can_view_codes": True, "unused_codes": ["12345678"] * 10}),
    ("mfa/recovery_codes/index.html", "Reservekoder", {"unused_codes": ["*"]}),
    ("mfa/recovery_codes/generate.html", "Vil du lage nye reservekoder?", {"unused_code_count": 2}),
    ("mfa/webauthn/reauthenticate.html", "Bekreft at det er deg", {
        "form": AuthenticateWebAuthnForm(user=PERSON), "js_data": KEY_OPTIONS,
    }),
    ("mfa/webauthn/authenticator_confirm_delete.html", "Vil du fjerne sikkerhetsnøkkelen?", {
        "authenticator": FACTORS["webauthn"][0],
    }),
    ("portal/security.html", "Innlogging og sikkerhet", {
        "person": PERSON, "factors": FACTORS, "eid_providers": PROVIDERS, "has_password": True,
    }),
    ("portal/security.html", "Innlogging og sikkerhet", {
        "person": User(email="a@b.invalid"), "factors": {}, "eid_providers": PROVIDERS, "required": True,
    }),
    ("portal/sessions.html", "Økter", {
        "sessions": [session("Firefox, Windows", this=True), session("Safari, iPhone", this=False)],
    }),
    *[
        ("account/eid_refused.html", heading, {"why": why, "provider": PROVIDERS[0]})
        for why, heading in (
            ("unknown", "Du er ikke logget inn"), ("level", "Du er ikke logget inn"),
            ("other", "Du er ikke logget inn"), ("cancelled", "Innloggingen ble avbrutt"),
            ("token", "Du er ikke logget inn"),
        )
    ],
]  # fmt: skip


def render(template: str, context: dict[str, Any]) -> str:
    """The page, without a database."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = {}
    return render_to_string(template, {"redirect_field": "", **context}, request)


@pytest.mark.parametrize(("template", "heading", "context"), PAGES)
def test_page_is_accessible_and_fits(
    show: Callable[..., Page], template: str, heading: str, context: dict[str, Any]
) -> None:
    page = show(render(template, context), width=360)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    assert axe(page) == []
    assert overflow(page) == 0


def test_the_code_to_photograph_stands_on_white_in_the_dark(show: Callable[..., Page]) -> None:
    """Given a dark page; when the code for the app is shown; then a camera can read it."""
    svg = Adapter().build_totp_svg("otpauth://totp/en")
    assert "<path" in svg
    page = show(render("mfa/totp/activate_form.html", {"form": FirstCode({}), "totp_svg_data_uri": QR}), dark=True)
    white = page.locator(".qr").evaluate("image => getComputedStyle(image).backgroundColor")
    assert white == "rgb(255, 255, 255)"
    assert axe(page) == []
