"""Documents: the list, upload, and download through the access check."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.actions.documents import add_document
from cases.content import documents_of, of_case
from cases.document_access import content_of, open_document
from cases.forms.content import DocumentForm
from cases.reserved import mark_reserved
from cases.rights import offered
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt
from portal.downloads import attachment
from portal.htmx import invalid, redirect, respond
from portal.rights import check


def documents(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The documents that the viewer sees."""
    viewer = open_case(request.actor, case_id, "case.documents")
    seen = documents_of(viewer)
    of_case([row.document for row in seen.rows], viewer.case)
    mark_reserved(case_id, [row.document for row in seen.rows])
    context = {
        **frame(viewer, "documents"),
        "documents": seen,
        "rows": [(row, offered(viewer, "case.mark_error", row.document)) for row in seen.rows],
        "category_labels": current_edition(viewer.case.community).consent.categories,
        "may_add": offered(viewer, "case.add_document"),
    }
    return respond(request, "cases/documents.html", None, context)


def document_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Uploads a document for the acting service."""
    viewer = open_case(request.actor, case_id, "case.document_new")
    check(request.actor, "case.add_document", viewer.case)
    service = request.actor.service
    assert service is not None
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DocumentForm(*posted, edition=current_edition(viewer.case.community), service=service)
    if request.method == "POST" and form.is_valid():
        added = attempt(request, form, add_document, case=viewer.case, by=request.actor, **form.answer())
        if added:
            messages.success(request, _("Dokumentet er lagret."))
            if added.place_removed:
                messages.info(request, _("Bildet fortalte hvor det var tatt. Stedet er fjernet fra det som er lagret."))
            return redirect(request, "cases:documents", case_id)
    context = {**frame(viewer, "documents"), "form": form, "back_url": reverse("cases:documents", args=[case_id])}
    return (invalid if form.errors else respond)(request, "cases/documents_new.html", "form", context)


def document(request: PortalRequest, document_id: uuid.UUID) -> HttpResponse:
    """The file itself, always as an attachment: a browser never runs what others have uploaded."""
    found = open_document(request.actor, document_id)
    # At most PORTAL_UPLOAD_MAX_BYTES, so read whole: nothing is left open when the request's transaction has ended.
    with content_of(found) as file:
        return attachment(file.read(), found.file_name, found.mime)
