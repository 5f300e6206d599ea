"""What goes with a contribution: uploaded by its service, taken out again before it is submitted."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect, respond
from portal.rights import check
from referrals.access import attachment_in, open_contribution
from referrals.actions.attach import detach, upload_attachment
from referrals.forms.contribution import UploadForm


def upload(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Uploads a PDF or picture with the contribution."""
    found = open_contribution(request.actor, contribution_id, "contribution.upload")
    check(request.actor, "contribution.write", found)
    edition = current_edition(found.referral.case.community)
    template = edition.contributions.get(found.template)
    every = dict(edition.choices("attachment_kind"))
    kinds = [(key, every[key]) for key in (template.attachments if template else every) if key in every]
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*posted, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, form, upload_attachment, contribution=found, by=request.actor, **form.answer())
        if made:
            messages.success(request, _("Vedlegget er lagret og følger med bidraget."))
            return redirect(request, reverse("referrals:contribution", args=[contribution_id]) + "#h-attachments")
    context = {
        "form": form,
        "contribution": found,
        "back_url": reverse("referrals:contribution", args=[contribution_id]),
        "crumbs": [(_("Innboks"), reverse("cases:inbox"))],
    }
    return respond(request, "referrals/upload.html", None, context, status=422 if form.errors else 200)


def remove(request: PortalRequest, contribution_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Takes an attachment out of the contribution; its document is marked as wrong."""
    found = open_contribution(request.actor, contribution_id, "contribution.detach")
    attachment = attachment_in(None, attachment_id, found)
    if request.method == "POST":
        done = attempt(request, None, detach, attachment=attachment, by=request.actor)
        if done:
            messages.success(request, _("Vedlegget er fjernet."))
    return redirect(request, reverse("referrals:contribution", args=[contribution_id]) + "#h-attachments")
