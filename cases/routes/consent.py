"""Addresses of consent and of other bases for sharing."""

from django.urls import path

from cases.views import consent, consent_paper, signed_forms, statutory

urlpatterns = [
    path("saker/<uuid:case_id>/samtykke/", consent.consents, name="consents"),
    path("saker/<uuid:case_id>/samtykke/nytt/", consent.consent_new, name="consent_new"),
    path("saker/<uuid:case_id>/samtykke/skjema/", consent_paper.consent_form, name="consent_form"),
    path("saker/<uuid:case_id>/samtykke/skjema/pdf/", consent_paper.consent_form_pdf, name="consent_form_pdf"),
    path("samtykke/<uuid:consent_id>/skjema/", signed_forms.signed_form_new, name="signed_form_new"),
    path("samtykkeskjema/<uuid:form_id>/", signed_forms.signed_form, name="signed_form"),
    path("samtykke/<uuid:consent_id>/trekk/", consent.consent_withdraw, name="consent_withdraw"),
    path("samtykke/<uuid:consent_id>/trukket/", consent.consent_notice, name="consent_notice"),
    path("saker/<uuid:case_id>/grunnlag/nytt/", statutory.statutory_new, name="statutory_new"),
]
