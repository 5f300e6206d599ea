"""What is recorded about the child, in full for the holder's side, and changing it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from cases.access import open_case
from cases.actions.child import change_child, version_of
from cases.forms.child import ChildForm
from cases.national_number import reveal
from cases.people import child_of
from cases.views.form_page import form_page
from cases.views.opening import NUMBER_DISAGREES
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.directory.lookup import municipalities_of
from portal.htmx import redirect
from portal.rights import check


def child(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The child's facts in a form; the national number is shown in full here alone, and the access event says so."""
    viewer = open_case(request.actor, case_id, "case.child_number")
    case = viewer.case
    check(request.actor, "case.change_child", case)
    form = ChildForm(
        posted(request),
        child=case.child,
        municipalities=[case.child.municipality, *municipalities_of(case.community)],
        edition=current_edition(case.community),
    )
    if request.method == "POST" and form.is_valid():
        outcome = attempt(request, form, change_child, case=case, by=request.actor, **form.values())
        if outcome is not None:
            if form.number_disagrees:
                messages.warning(request, NUMBER_DISAGREES)
            return redirect(request, "cases:case", case_id)
        form.seen(version_of(child_of(case)))
    return form_page(
        request,
        viewer,
        form,
        title=_("Opplysninger om barnet"),
        confirm=_("Lagre"),
        template="cases/child.html",
        number=reveal(case.child),
    )
