"""The way back from a page whose fields are no longer for the one who wrote in them: what was typed is kept."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from portal import kept
from portal.answering import PortalRequest
from portal.htmx import redirect
from referrals.access import ReferralViewer
from referrals.missing import ASSESS
from referrals.own_texts import UNREAD
from referrals.snapshot import reads_own_texts
from referrals.states import BEING_MADE


def turned_back(request: PortalRequest, seen: ReferralViewer) -> HttpResponse | None:
    """The way back, with why, and with what was typed kept; None for who may read."""
    if reads_own_texts(seen.viewer, seen.referral):
        return None
    page = ASSESS if seen.referral.state in BEING_MADE else "referrals:document"
    return kept_and_back(request, reverse(page, args=[seen.referral.pk]), UNREAD)


def kept_and_back(request: PortalRequest, back: str, *why: object) -> HttpResponse:
    """Keeps what a POST carried, says why it was not saved, and goes back."""
    kept.keep_post(request)
    for reason in why:
        messages.error(request, str(reason))
    return redirect(request, back)
