"""Addresses of the one who assesses and finalises, and of what was sent."""

from django.urls import URLPattern, path

from referrals.views import assess, document, emergency, finalise, text, withdraw

REFERRAL = "henvisninger/<uuid:referral_id>/"
urlpatterns: list[URLPattern] = [
    path(f"{REFERRAL}vurdering/", assess.assess, name="assess"),
    path(f"{REFERRAL}vurdering/haster/", emergency.assess_emergency, name="assess_emergency"),
    path(f"{REFERRAL}vurdering/samtale/", emergency.assess_call, name="assess_call"),
    path(f"{REFERRAL}vurdering/fastlege/", assess.assess_gp, name="assess_gp"),
    path(f"{REFERRAL}vurdering/samlet/", assess.assess_overall, name="assess_overall"),
    path(f"{REFERRAL}vurdering/mangler/", assess.reasons, name="reasons"),
    path(f"{REFERRAL}vurdering/utenfra/", assess.external_assessment, name="external_assessment"),
    path(f"{REFERRAL}vurdering/apne/", assess.reopen_gp, name="reopen_gp"),
    path(f"{REFERRAL}vurdering/feil/", assess.wrong_assessment, name="wrong_assessment"),
    path(f"{REFERRAL}tilbake/", assess.hand_back, name="hand_back"),
    path(f"{REFERRAL}ferdigstill/", finalise.finalise, name="finalise"),
    path(f"{REFERRAL}versjon/", finalise.version_new, name="new_version"),
    path(f"{REFERRAL}versjon/fastlege/", finalise.correct_gp, name="correct_gp"),
    path(f"{REFERRAL}trekk/", withdraw.withdraw, name="withdraw"),
    path(f"{REFERRAL}paa-nytt/", withdraw.resubmit_view, name="resubmit"),
    path(f"{REFERRAL}dokument/", document.document, name="document"),
    path(f"{REFERRAL}pdf/", document.pdf, name="pdf"),
    path(f"{REFERRAL}tekst/", text.text, name="text"),
    path(f"{REFERRAL}tekst/fil/", text.text_file, name="text_file"),
    path("saker/<uuid:case_id>/oyeblikkelig-hjelp/", emergency.emergency, name="emergency"),
    path("oyeblikkelig-hjelp/<uuid:emergency_id>/", emergency.emergency_call, name="emergency_call"),
    path("oyeblikkelig-hjelp/<uuid:emergency_id>/feil/", emergency.emergency_wrong, name="emergency_wrong"),
]
