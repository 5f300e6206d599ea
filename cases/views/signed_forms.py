"""The signed paper of a consent: uploading it, and fetching it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.actions.signed_forms import attach_signed_form
from cases.entries import open_entry
from cases.forms.signed_form import SignedFormForm
from cases.signed_forms import content_of, open_signed_form
from cases.views.form_page import form_page
from portal.answering import PortalRequest, attempt
from portal.downloads import attachment
from portal.htmx import redirect
from portal.rights import check


def signed_form_new(request: PortalRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Uploads the signed paper of an answer."""
    viewer, consent = open_entry(request.actor, "samtykke", consent_id, "case.signed_form_new")
    check(request.actor, "case.record_consent", viewer.case)
    form = SignedFormForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        scan = form.scan()
        if scan and attempt(request, form, attach_signed_form, consent=consent, scan=scan, by=request.actor):
            messages.success(request, _("Skjemaet er lagret."))
            return redirect(request, "cases:consents", viewer.case.pk)
    return form_page(
        request,
        viewer,
        form,
        title=_("Last opp underskrevet skjema"),
        confirm=_("Last opp"),
        section="participants",
        lead=_("Svaret fra %(day)s") % {"day": f"{consent.given_on:%d.%m.%Y}"},
        back=reverse("cases:consents", args=[viewer.case.pk]),
    )


def signed_form(request: PortalRequest, form_id: uuid.UUID) -> HttpResponse:
    """The file itself, always as an attachment."""
    found = open_signed_form(request.actor, form_id)
    with content_of(found) as file:
        return attachment(file.read(), found.file_name, found.mime)
