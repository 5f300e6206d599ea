"""Emergency access: opening a case in an emergency, ending it, and looking at it afterwards."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.actions.emergency_access import (
    LASTS,
    end_emergency_access,
    open_in_emergency,
    review_emergency_access,
)
from cases.emergency_reading import look_up, open_emergency_access, with_holder
from cases.forms.emergency_access import EmergencyForm, ReviewForm
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.rights import can, check


def emergency_access(request: PortalRequest) -> HttpResponse:
    """Finds the child's case and opens it to this person for some hours."""
    check(request.actor, "case.emergency_access")
    form = EmergencyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        reason, found = given.pop("reason"), look_up(request.actor, **given)
        if found.case_id is None:
            form.add_error(found.field, found.problem)
        elif attempt(request, form, open_in_emergency, case_id=found.case_id, reason=reason, by=request.actor):
            return redirect(request, "cases:case", found.case_id)
    context = {"form": form, "hours": int(LASTS.total_seconds() // 3600)}
    return respond(request, "cases/emergency_access.html", None, context, status=422 if form.errors else 200)


@require_POST
def emergency_end(request: PortalRequest, access_id: uuid.UUID) -> HttpResponse:
    """Ends it before its time."""
    access = open_emergency_access(request.actor, access_id)
    if attempt(request, None, end_emergency_access, access=access, by=request.actor) is not None:
        messages.success(request, _("Nødtilgangen er avsluttet."))
    return redirect(request, "cases:emergency_review", access_id)


def emergency_review(request: PortalRequest, access_id: uuid.UUID) -> HttpResponse:
    """Who opened the case, when and why; the holder's side writes what it came to."""
    access = open_emergency_access(request.actor, access_id)
    may = can(request.actor, "case.review_emergency_access", access) and access.reviewed_at is None
    form = ReviewForm(posted(request)) if may else None
    if request.method == "POST":
        check(request.actor, "case.review_emergency_access", access)
    if request.method == "POST" and form is not None and form.is_valid():
        done = attempt(request, form, review_emergency_access, access=access, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Gjennomgangen er lagret."))
            return redirect(request, "cases:emergency_review", access_id)
    context = {
        "access": access,
        "form": form,
        "may_end": can(request.actor, "case.end_emergency_access", access),
        "running": access.ends_at() > timezone.now(),
        "reads_review": with_holder(request.actor, access),
    }
    status = 422 if form is not None and form.errors else 200
    return respond(request, "cases/emergency_review.html", None, context, status=status)
