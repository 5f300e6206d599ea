"""Addresses of intake, of its questions, and of the outcome."""

from django.urls import URLPattern, path

from referrals.views import information, intake, intake_doing, outcome

ONE = "inntak/<uuid:referral_id>/"
urlpatterns: list[URLPattern] = [
    path("inntak/", intake.intake, name="intake"),
    path(ONE, intake.intake_referral, name="intake_referral"),
    path(f"{ONE}mottak/", intake_doing.intake_receive, name="intake_receive"),
    path(f"{ONE}fordel/", intake_doing.intake_assign, name="intake_assign"),
    path(f"{ONE}spor/", intake_doing.intake_ask, name="intake_ask"),
    path(f"{ONE}videre/", intake_doing.intake_redirect, name="intake_redirect"),
    path(f"{ONE}hastegrad/", intake_doing.intake_urgency, name="intake_urgency"),
    path(f"{ONE}avgjor/", intake_doing.intake_decide, name="intake_decide"),
    path(f"{ONE}avgjort-utenfor/", intake_doing.intake_elsewhere, name="intake_elsewhere"),
    path(f"{ONE}feil/avgjorelse/", intake_doing.intake_wrong_decision, name="intake_wrong_decision"),
    path(f"{ONE}feil/mottak/", intake_doing.intake_wrong_receipt, name="intake_wrong_receipt"),
    path(f"{ONE}behandling/", intake_doing.intake_treatment, name="intake_treatment"),
    path(f"{ONE}feil/behandling/", intake_doing.intake_wrong_treatment, name="intake_wrong_treatment"),
    path("sporsmal/<uuid:request_id>/", information.information_request, name="information_request"),
    path("henvisninger/<uuid:referral_id>/utfall/", outcome.outcome, name="outcome"),
]
