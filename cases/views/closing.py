"""Closing and reopening a case, merging two, and answering that two are not the same child."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases.access import open_case
from cases.actions.closing import NO_CONCERN, close_case, reopen_case
from cases.actions.duplicates import dismiss_duplicate
from cases.actions.merge import merge_cases
from cases.closing_blocks import blocks_of
from cases.forms.case import CloseForm, MergeForm, ReasonForm
from cases.merging import other_case
from cases.views.form_page import form_page
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect
from portal.rights import check


def close(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Closes and seals the case; what must be ended first is listed with links."""
    viewer = open_case(request.actor, case_id, "case.close")
    case = viewer.case
    check(request.actor, "case.close", case)
    initial = {"code": NO_CONCERN} if case.level == 0 else None
    form = CloseForm(posted(request), edition=current_edition(case.community), initial=initial)
    if request.method == "POST" and form.is_valid():
        outcome = attempt(request, form, close_case, case=case, by=request.actor, **form.cleaned_data)
        if outcome is not None:
            messages.success(request, _("Saken er avsluttet og forseglet."))
            return redirect(request, "cases:case", case_id)
    return form_page(
        request,
        viewer,
        form,
        title=_("Avslutt saken"),
        lead=_("Saken forsegles: den kan leses, men ikke endres. Oppgaver og frister faller bort. Den kan gjenåpnes."),
        confirm=_("Avslutt saken"),
        danger=True,
        blocks=blocks_of(case),
    )


def reopen(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Opens a closed case again."""
    viewer = open_case(request.actor, case_id, "case.close")
    check(request.actor, "case.close", viewer.case)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        outcome = attempt(request, form, reopen_case, case=viewer.case, by=request.actor, **form.cleaned_data)
        if outcome is not None:
            return redirect(request, "cases:case", case_id)
    return form_page(
        request,
        viewer,
        form,
        title=_("Gjenåpne saken"),
        lead=_("Saken kan endres igjen. Hvorfor den ble avsluttet, blir stående i historikken."),
        confirm=_("Gjenåpne"),
    )


def merge(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Joins this case with another about the same child."""
    viewer = open_case(request.actor, case_id, "case.merge")
    case = viewer.case
    check(request.actor, "case.merge", case)
    form = MergeForm(posted(request), initial={"keep": "this"})
    if request.method == "POST" and form.is_valid():
        other = other_case(request.actor, form.cleaned_data["reference"])
        if other is None:
            form.add_error("reference", _("Fant ingen sak med denne referansen blant dem du har tilgang til."))
        else:
            keep, closing = (case, other) if form.cleaned_data["keep"] == "this" else (other, case)
            reason = form.cleaned_data["reason"]
            outcome = attempt(request, form, merge_cases, keep=keep, close=closing, reason=reason, by=request.actor)
            if outcome is not None:
                messages.success(request, _("Sakene er slått sammen."))
                return redirect(request, "cases:case", keep.pk)
    return form_page(
        request,
        viewer,
        form,
        title=_("Slå sammen to saker om samme barn"),
        lead=_("Du må ha tilgang til begge sakene. Finn ut hvem som er stafettholder i den andre, og avtal det først."),
        confirm=_("Slå sammen"),
        danger=True,
    )


@require_POST
def not_duplicate(request: PortalRequest, case_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """The holder's answer that another case is about another child."""
    viewer = open_case(request.actor, case_id, "case.duplicates")
    attempt(request, None, dismiss_duplicate, case=viewer.case, other_id=other_id, by=request.actor)
    return redirect(request, reverse("cases:case", args=[case_id]))
