"""The whole document while it is being made."""

import uuid

from django.http import HttpResponse

from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest
from portal.htmx import respond, wants_fragment
from portal.rights import check
from referrals.access import open_referral
from referrals.snapshot import build


def preview(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The document as it will be, with what the viewer may see; on a page of its own, or inside the assembly page."""
    seen = open_referral(request.actor, referral_id, "referral.preview")
    check(request.actor, "referral.read", seen.referral)
    inside = wants_fragment(request)
    draft = build(seen.referral, seen.case, edition=current_edition(seen.case.community), viewer=seen.viewer)
    context = {"s": draft, "referral": seen.referral, "level": 3 if inside else 2}
    return respond(
        request,
        "referrals/preview.html",
        "document",
        context if inside else {**frame(seen.viewer, "referral"), **context},
    )
