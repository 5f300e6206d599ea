"""allauth's pages for the second factor, each with what the portal does besides: the log, a letter, the session."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache

from portal.actions.second_factor import codes_renewed, factor_added, factor_removed

authenticate = never_cache(AuthenticateView.as_view())
reauthenticate = ReauthenticateView.as_view()
reauthenticate_webauthn = ReauthenticateWebAuthnView.as_view()
view_recovery_codes = ViewRecoveryCodesView.as_view()


class ActivateTOTP(ActivateTOTPView):
    """Setting up an app that makes codes."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The first code was right."""
        response: HttpResponse = super().form_valid(form)
        factor_added(session=self.request.session, kind="totp", by=self.request.actor)
        return response


class DeactivateTOTP(DeactivateTOTPView):
    """Removing it, for instance to set up another phone."""

    def form_valid(self, form: Any) -> HttpResponse:
        """It is gone."""
        response: HttpResponse = super().form_valid(form)
        factor_removed(session=self.request.session, kind="totp", by=self.request.actor)
        return response


class GenerateRecoveryCodes(GenerateRecoveryCodesView):
    """New recovery codes instead of the old."""

    def form_valid(self, form: Any) -> HttpResponse:
        """They are made, and shown once."""
        response: HttpResponse = super().form_valid(form)
        codes_renewed(by=self.request.actor)
        return response


class AddWebAuthn(AddWebAuthnView):
    """Adding a security key."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The key has answered."""
        response: HttpResponse = super().form_valid(form)
        factor_added(session=self.request.session, kind="webauthn", by=self.request.actor)
        return response


class RemoveWebAuthn(RemoveWebAuthnView):
    """Removing one."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """It is gone."""
        response: HttpResponse = super().form_valid(form)
        factor_removed(session=self.request.session, kind="webauthn", by=self.request.actor)
        return response


activate_totp = ActivateTOTP.as_view()
deactivate_totp = DeactivateTOTP.as_view()
add_webauthn = AddWebAuthn.as_view()
remove_webauthn = RemoveWebAuthn.as_view()
generate_recovery_codes = GenerateRecoveryCodes.as_view()
