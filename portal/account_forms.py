"""allauth's forms in the portal's words: no link between the fields of the login, and codes that are easy to type."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

# As long as a code can be right, with room.
CODE_SECONDS = 180


class LoginForm(AllauthLoginForm):
    """Settings name it in ACCOUNT_FORMS; `account/login.html` has the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


def _code_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Kode"),
        help_text=help_text,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _use_up(user: Any, code: str) -> str:
    """The code, which is of no use to whoever saw it being typed: allauth remembers for half a minute, and a code that
    may come a little late or early is right for longer. Raises ``ValidationError`` the second time."""
    if not cache.add(f"second-factor-used:{user.pk}:{code.strip()}", 1, timeout=CODE_SECONDS):
        raise get_adapter().validation_error("incorrect_code")
    return code


class CodeForm(AuthenticateForm):
    """The second step of logging in."""

    code = _code_field(_("Seks siffer fra kode-appen, eller en av reservekodene dine."))

    def clean_code(self) -> str:
        """A right code that has not been used."""
        return _use_up(self.user, super().clean_code())


class CodeAgainForm(ReauthenticateForm):
    """The same, before something important is changed."""

    code = _code_field(_("Seks siffer fra kode-appen, eller en av reservekodene dine."))

    def clean_code(self) -> str:
        """A right code that has not been used."""
        return _use_up(self.user, super().clean_code())


class FirstCodeForm(ActivateTOTPForm):
    """Showing that a new app makes the right codes."""

    code = _code_field(_("Seks siffer. Appen viser en ny kode hvert halve minutt."))


class KeyForm(AddWebAuthnForm):
    """What a new security key is called; the browser fills in the rest."""

    name = forms.CharField(label=_("Navn på nøkkelen"), max_length=60, required=False)
