"""The whole referral as plain text, for the sender's own journal system: nobody writes twice (6.1.2)."""

import uuid

from django.http import HttpResponse

from portal.answering import PortalRequest
from portal.downloads import attachment
from portal.htmx import respond
from referrals.access import ReferralViewer
from referrals.plain_text import as_text
from referrals.sent_document import SentDocument, document_of, draft_of, edition_of, record_export
from referrals.views.document import asked_version, crumbs, opened


def text(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The text in a field to copy from; a draft before the referral is sent."""
    seen = opened(request, referral_id, "referral.text", recorded=False)
    found = _found(request, seen)
    record_export(seen, "referral.text", found)
    context = {
        "seen": seen,
        "referral": seen.referral,
        "case": seen.case,
        "document": found,
        "text": as_text(found.content, edition_of(found, seen), whole=found.whole),
        "crumbs": crumbs(seen),
    }
    return respond(request, "referrals/text.html", None, context)


def text_file(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The same as a file. The byte order mark lets older journal systems see that it is UTF-8."""
    seen = opened(request, referral_id, "referral.text_file", recorded=False)
    found = _found(request, seen)
    record_export(seen, "referral.text_file", found)
    body = as_text(found.content, edition_of(found, seen), whole=found.whole).replace("\n", "\r\n")
    name = f"henvisning-{seen.case.reference}" + (f"-v{found.version}" if found.version else "-utkast")
    return attachment(body.encode("utf-8-sig"), f"{name}.txt", "text/plain; charset=utf-8")


def _found(request: PortalRequest, seen: ReferralViewer) -> SentDocument:
    """The version asked for; the draft where nothing is sent."""
    return document_of(seen, asked_version(request)) or document_of(seen) or draft_of(seen)
