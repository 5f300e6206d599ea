"""What was sent: read on screen, and as the stored PDF (6.1.2)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Scope
from cases.rights import offered
from portal.answering import PortalRequest
from portal.downloads import attachment, shown
from portal.htmx import redirect, respond, wants_fragment
from portal.rights import can
from referrals.access import ReferralViewer, open_referral
from referrals.in_case import LOOKS
from referrals.missing import ASSESS, has_gp_assessment
from referrals.models import Referral
from referrals.sent_document import (
    SentDocument,
    check_reading,
    document_of,
    draft_of,
    is_rendered,
    record_export,
    record_reading,
    rendered,
)
from referrals.snapshot import reads_own_texts
from referrals.states import WITH_HOSPITAL
from referrals.tasks import render
from referrals.waiting_parts import waiting_parts

BOTH = (Scope.CASE, Scope.REFERRAL)
# A draft is rendered while the person waits (about 0.2 s a page), so only one of a size that is worth waiting for.
DRAFT_LIMIT = 20


def document(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """A version as it was sent, whole or as much as consent covers, with what can be done with it."""
    seen = opened(request, referral_id, "referral.document")
    found = document_of(seen, asked_version(request))
    if found is None:
        return redirect(request, ASSESS if seen.referral.sent_at is None else "cases:case",
                        referral_id if seen.referral.sent_at is None else seen.case.pk)  # fmt: skip
    referral, at_hospital = seen.referral, seen.referral.state in WITH_HOSPITAL
    may_change = at_hospital and seen.viewer.has_case and can(request.actor, "referral.new_version", referral)
    assessed = has_gp_assessment(referral) if at_hospital else True
    context = {
        "seen": seen,
        "waiting": waiting_parts(referral, found.versions[-1].frozen_at) if seen.viewer.has_case or may_change else [],
        "may_register": not assessed and can(request.actor, "referral.register_assessment", referral),
        "may_attach": at_hospital and seen.viewer.has_case and can(request.actor, "referral.edit", referral),
        "referral": referral,
        "case": seen.case,
        "document": found,
        "content": found.content,
        "ready": is_rendered(found),
        "looks": LOOKS,
        "may_change": may_change,
        "may_reason": may_change and reads_own_texts(seen.viewer, referral),
        "may_withdraw": at_hospital and can(request.actor, "referral.withdraw", referral),
        "may_resubmit": seen.viewer.has_case
        and referral.state in {Referral.State.DECIDED, Referral.State.WITHDRAWN}
        and offered(seen.viewer, "referral.start"),
        "crumbs": crumbs(seen),
    }
    return respond(request, "referrals/document.html", None, context)


def pdf(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The stored PDF; while it is being made, a page that looks again by itself. ``?utkast=1`` gives a draft.

    A PDF cannot be cut to what one may see: who may not read it whole gets the page instead. A draft is rendered here
    and now and never stored, up to twenty contributions; a larger one is read as the preview.
    """
    seen = opened(request, referral_id, "referral.pdf", recorded=False)
    if request.GET.get("utkast") and seen.referral.sent_at is None:
        return _draft(request, seen)
    found = document_of(seen, asked_version(request))
    if found is None:
        return redirect(request, "referrals:assemble", referral_id)
    if not found.whole:
        messages.info(request, _("PDF-en inneholder noe tjenesten din ikke kan se. Her er det dere kan lese."))
        return redirect(request, "referrals:document", referral_id)
    stored = None if wants_fragment(request) else rendered(found)
    if stored is None:
        # A page that looks again by itself has left its event already.
        if not wants_fragment(request):
            record_reading(seen, "referral.pdf")
        context = {
            "seen": seen,
            "referral": seen.referral,
            "document": found,
            "ready": wants_fragment(request) and is_rendered(found),
            "crumbs": crumbs(seen),
        }
        return respond(request, "referrals/document_waiting.html", "waiting", context)
    record_export(seen, "referral.pdf", found)
    return pdf_response(bytes(stored.pdf), f"henvisning-{seen.case.reference}-v{found.version}.pdf", request)


def opened(request: PortalRequest, referral_id: uuid.UUID, what: str, *, recorded: bool = True) -> ReferralViewer:
    """The referral for its readers: 404 for strangers, 403 without the right."""
    seen = open_referral(request.actor, referral_id, what, scopes=BOTH, recorded=recorded)
    check_reading(seen, what)
    return seen


def asked_version(request: PortalRequest) -> int | None:
    """The version in the address, or None."""
    text = request.GET.get("versjon", "")
    return int(text) if text.isdigit() and len(text) < 5 else None


def crumbs(seen: ReferralViewer) -> list[tuple[str, str]]:
    """The way here, for those who have the case; the inbox for the others."""
    if not seen.viewer.has_case:
        return [(_("Innboks"), reverse("cases:inbox"))]
    case = seen.case
    return [
        (case.reference, reverse("cases:case", args=[case.pk])),
        (_("Henvisning"), reverse("referrals:section", args=[case.pk])),
    ]


def pdf_response(body: bytes, name: str, request: PortalRequest) -> HttpResponse:
    """The bytes with a name that holds no person's data; in the browser's own reader, or saved (``?lagre=1``)."""
    return (attachment if request.GET.get("lagre") else shown)(body, name, "application/pdf")


def _draft(request: PortalRequest, seen: ReferralViewer) -> HttpResponse:
    found: SentDocument = draft_of(seen)
    if len(found.content["contributions"]) > DRAFT_LIMIT:
        messages.info(request, _("Utkastet er for stort til å lages som PDF mens du venter. Bruk forhåndsvisningen."))
        return redirect(request, "referrals:preview", seen.referral.pk)
    record_export(seen, "referral.draft_pdf", found)
    return pdf_response(render(found.content, draft=True).pdf, f"utkast-{seen.case.reference}.pdf", request)
