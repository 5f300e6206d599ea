"""Turning back those who may not read the referral's own texts, before a page shows them."""

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
    if request.method == "POST":
        kept.keep_post(request)
    messages.error(request, UNREAD)
    page = ASSESS if seen.referral.state in BEING_MADE else "referrals:document"
    return redirect(request, reverse(page, args=[seen.referral.pk]))
