"""Addresses of consent and of other bases for sharing."""

from django.urls import path

from cases.views import consent, statutory

urlpatterns = [
    path("saker/<uuid:case_id>/samtykke/", consent.consents, name="consents"),
    path("saker/<uuid:case_id>/samtykke/nytt/", consent.consent_new, name="consent_new"),
    path("samtykke/<uuid:consent_id>/trekk/", consent.consent_withdraw, name="consent_withdraw"),
    path("samtykke/<uuid:consent_id>/trukket/", consent.consent_notice, name="consent_notice"),
    path("saker/<uuid:case_id>/grunnlag/nytt/", statutory.statutory_new, name="statutory_new"),
]
