"""Addresses of starting, asking, writing and assembling."""

from django.urls import URLPattern, path

from referrals.views import asked, assemble, attachments, contribution, preview, received, section, start

urlpatterns: list[URLPattern] = [
    path("saker/<uuid:case_id>/henvisning/", section.section, name="section"),
    path("saker/<uuid:case_id>/henvisninger/ny/", start.start, name="start"),
    path("henvisninger/<uuid:referral_id>/", assemble.assemble, name="assemble"),
    path("henvisninger/<uuid:referral_id>/tekster/", assemble.texts, name="texts"),
    path("henvisninger/<uuid:referral_id>/be-om-bidrag/", assemble.ask, name="ask"),
    path("henvisninger/<uuid:referral_id>/mottatt/<uuid:service_id>/", received.received, name="contribution_received"),
    path("henvisninger/<uuid:referral_id>/overlever/", assemble.hand, name="hand_over"),
    path("henvisninger/<uuid:referral_id>/forhandsvisning/", preview.preview, name="preview"),
    path("henvisninger/<uuid:referral_id>/vedlegg/", asked.attach, name="attach"),
    path("henvisninger/<uuid:referral_id>/vedlegg/<uuid:attachment_id>/fjern/", asked.remove, name="detach"),
    path("bidrag/<uuid:contribution_id>/", contribution.contribution, name="contribution"),
    path("bidrag/<uuid:contribution_id>/del/<slug:key>/", contribution.section, name="contribution_section"),
    path("bidrag/<uuid:contribution_id>/bidrar-ikke/", contribution.decline, name="contribution_decline"),
    path("bidrag/<uuid:contribution_id>/gjenapne/", contribution.reopen, name="contribution_reopen"),
    path("bidrag/<uuid:contribution_id>/vedlegg/", attachments.upload, name="contribution_upload"),
    path(
        "bidrag/<uuid:contribution_id>/vedlegg/<uuid:attachment_id>/fjern/",
        attachments.remove,
        name="contribution_detach",
    ),
    path("bidrag/<uuid:contribution_id>/paminn/", asked.remind, name="nudge"),
    path("bidrag/<uuid:contribution_id>/trekk/", asked.take_back, name="contribution_cancel"),
    path("bidrag/<uuid:contribution_id>/mer/", asked.more, name="contribution_more"),
]
