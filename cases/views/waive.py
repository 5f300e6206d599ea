"""The obligations of a case with their evidence and gaps; setting one aside, and taking it up again."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.actions.waive import reopen_obligation, waive_obligation
from cases.duties import Standing, duties_of
from cases.forms.waive import SubjectForm, WaiveForm
from cases.rights import offered
from cases.views.frame import frame
from guideline.compliance import NOT_YET_BUILT, Display
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect, respond
from portal.rights import check

UNDONE = {Display.OPEN, Display.REMINDER, Display.LATE}


def obligations(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Every obligation the portal follows, and where it stands in each process of the case."""
    viewer = open_case(request.actor, case_id, "case.obligations")
    around = frame(viewer, "overview")
    duties = duties_of(viewer.case, around["edition"], around["today"])
    return respond(request, "cases/obligations.html", None, {**around, "duties": duties})


def waive(request: PortalRequest, case_id: uuid.UUID, key: str) -> HttpResponse:
    """One obligation: what the guideline asks, what shows it or is missing, and setting it aside with a reason."""
    viewer = open_case(request.actor, case_id, "case.obligations")
    around = frame(viewer, "overview")
    if key not in around["edition"].obligations or key in NOT_YET_BUILT:
        raise Http404
    form: WaiveForm | None = None
    if request.method == "POST":
        check(request.actor, "case.waive", viewer.case)
        form = WaiveForm(request.POST)
        if _written(request, viewer.case, key, form):
            return redirect(request, "cases:waive", case_id, key)
    (duty,) = duties_of(viewer.case, around["edition"], around["today"], key)
    context = {
        **around,
        "duty": duty.duty,
        "rows": [_row(standing, form) for standing in duty.standings],
        "form": form,
        "waiving": offered(viewer, "case.waive"),
    }
    return respond(request, "cases/waive.html", None, context, status=422 if form is not None and form.errors else 200)


def _written(request: PortalRequest, case: Any, key: str, form: WaiveForm) -> bool:
    """Takes the obligation up again, or sets it aside. True when it happened."""
    if request.POST.get("handling") == "reopen":
        which = SubjectForm(request.POST)
        if not which.is_valid():
            messages.error(request, _("Last siden på nytt."))
            return True
        subject = which.cleaned_data["subject"]
        if attempt(request, None, reopen_obligation, case=case, key=key, subject_id=subject, by=request.actor):
            messages.success(request, _("Plikten gjelder igjen."))
        return True
    if not form.is_valid():
        return False
    given = {"subject_id": form.cleaned_data["subject"], "reason": form.cleaned_data["reason"]}
    made = attempt(request, form, waive_obligation, case=case, key=key, by=request.actor, **given)
    if made is not None:
        messages.success(request, _("Plikten er satt til side, med grunn."))
    return made is not None


def _row(standing: Standing, posted: WaiveForm | None) -> dict[str, Any]:
    """A process with its own form; what was typed stays in the one it was typed in."""
    prefix = f"id_{standing.subject_id}_%s"
    if posted is not None and posted.data.get("subject") == str(standing.subject_id):
        form = posted
        form.auto_id = prefix
    else:
        form = WaiveForm(initial={"subject": standing.subject_id}, auto_id=prefix)
    return {"standing": standing, "form": form, "undone": standing.display in UNDONE}
