"""Sharing on another basis than consent."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.actions.statutory import record_statutory_basis
from cases.forms.consent import StatutoryForm
from cases.service_choices import around, in_case
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import invalid, redirect, respond
from portal.rights import check


def statutory_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Opens the case to a service on a named legal basis."""
    viewer = open_case(request.actor, case_id, "case.statutory_new")
    check(request.actor, "case.record_statutory_basis", viewer.case)
    present = in_case(viewer.case)
    services = [*present, *around(viewer.case, present)]
    form = StatutoryForm(posted(request), edition=current_edition(viewer.case.community), services=services)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, record_statutory_basis, case=viewer.case, by=request.actor, **form.answer())
        is not None
    ):
        messages.success(request, _("Grunnlaget er registrert og gjelder fra nå."))
        return redirect(request, "cases:consents", case_id)
    context = {
        **frame(viewer, "participants"),
        "form": form,
        "back_url": reverse("cases:consents", args=[case_id]),
    }
    return (invalid if form.errors else respond)(request, "cases/statutory_new.html", "form", context)
