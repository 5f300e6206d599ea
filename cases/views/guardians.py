"""Pages of guardians, and of the facts that decide who consents."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import Viewer, open_case
from cases.actions.guardians import add_guardian, change_guardian, set_capacity, version_of
from cases.content import on_holder_side
from cases.forms.guardians import CapacityForm, GuardianForm
from cases.people import child_of, guardian_of, guardians_of
from cases.rights import offered
from cases.sharing import SharingFacts
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import invalid, redirect, respond
from portal.rights import can, check

FORM = "cases/guardian_form.html"


def guardians_context(viewer: Viewer, facts: SharingFacts | None = None) -> dict[str, Any]:
    """What ``cases/_guardians.html`` needs. Contact details of a protected child stay on the holder's side.

    One statement, none when the facts of sharing are at hand.
    """
    rows = facts.all_guardians if facts else guardians_of(viewer.case)
    return {
        "guardian_rows": rows,
        "contact_open": on_holder_side(viewer) or not viewer.case.child.protected,
        "contact_all": on_holder_side(viewer),
        "may_guardians": offered(viewer, "case.manage_guardians"),
        "may_correct_guardians": can(viewer.actor, "case.manage_guardians", viewer),
    }


def guardian_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records a guardian."""
    viewer = open_case(request.actor, case_id, "case.guardian_new")
    check(request.actor, "case.manage_guardians", viewer.case)
    form = GuardianForm(posted(request), edition=current_edition(viewer.case.community))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, add_guardian, case=viewer.case, details=form.details(), by=request.actor) is not None
    ):
        messages.success(request, _("Den foresatte er registrert."))
        return redirect(request, "cases:participants", case_id)
    return _form_page(request, viewer, form, FORM, _("Ny foresatt"))


def guardian_edit(request: PortalRequest, case_id: uuid.UUID, guardian_id: uuid.UUID) -> HttpResponse:
    """Changes what is recorded about a guardian."""
    viewer = open_case(request.actor, case_id, "case.guardian_edit")
    guardian = guardian_of(viewer.case, guardian_id)
    check(request.actor, "case.manage_guardians", viewer.case)
    form = GuardianForm(posted(request), edition=current_edition(viewer.case.community), guardian=guardian)
    if request.method == "POST" and form.is_valid():
        given = {"details": form.details(), "version": form.cleaned_data["version"]}
        if attempt(request, form, change_guardian, case=viewer.case, guardian=guardian, by=request.actor, **given):
            messages.success(request, _("Endringen er lagret."))
            return redirect(request, "cases:participants", viewer.case.pk)
        form.seen(version_of(guardian_of(viewer.case, guardian_id)))
    return _form_page(request, viewer, form, FORM, _("Endre foresatt"), {"guardian": guardian})


def capacity(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Care taken over by barnevernet, and lack of capacity to consent."""
    viewer = open_case(request.actor, case_id, "case.capacity")
    check(request.actor, "case.manage_guardians", viewer.case)
    form = CapacityForm(posted(request), child=viewer.case.child, edition=current_edition(viewer.case.community))
    if request.method == "POST" and form.is_valid():
        if attempt(request, form, set_capacity, case=viewer.case, by=request.actor, **form.cleaned_data) is not None:
            messages.success(request, _("Lagret. Hvem som bestemmer, er regnet ut på nytt."))
            return redirect(request, "cases:consents", case_id)
        form.seen(version_of(child_of(viewer.case)))
    return _form_page(request, viewer, form, "cases/guardian_capacity.html", _("Hvem bestemmer for barnet"))


def _form_page(
    request: HttpRequest,
    viewer: Viewer,
    form: GuardianForm | CapacityForm,
    template: str,
    title: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        **frame(viewer, "participants"),
        "form": form,
        "page_title": title,
        "back_url": reverse("cases:participants", args=[viewer.case.pk]),
        **(more or {}),
    }
    return (invalid if form.errors else respond)(request, template, "form", context)
