"""The doors of an account: logging in and out, the password, the second factor, electronic identity, and the sessions
one has. Nothing else of allauth's.

Its page of e-mail addresses stays out: the address is the account. So does signing up: accounts are made by
invitation.
"""

from allauth.account import views
from django.urls import path, re_path

from portal.views import eid, second_factor, security

urlpatterns = [
    path("login/", security.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("eid/<slug:provider>/", eid.begin, name="eid_begin"),
    path("eid/<slug:provider>/knytt/", eid.begin_linking, name="eid_link"),
    path("eid/<slug:provider>/svar/", eid.callback, name="eid_callback"),
    path("sikkerhet/", security.overview, name="mfa_index"),
    path("sikkerhet/kreves/", security.required, name="account_second_factor"),
    path("okter/", security.sessions, name="account_sessions"),
    path("okter/alle/", security.end_all, name="account_sessions_end_all"),
    path("okter/<uuid:handle>/avslutt/", security.end_one, name="account_session_end"),
    path("kode/", second_factor.authenticate, name="mfa_authenticate"),
    path("kode/bekreft/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("kode/app/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("kode/app/fjern/", second_factor.deactivate_totp, name="mfa_deactivate_totp"),
    path("nokkel/ny/", second_factor.add_webauthn, name="mfa_add_webauthn"),
    path("nokkel/<int:pk>/fjern/", second_factor.remove_webauthn, name="mfa_remove_webauthn"),
    path("nokkel/bekreft/", second_factor.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("reservekoder/", second_factor.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("reservekoder/nye/", second_factor.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
