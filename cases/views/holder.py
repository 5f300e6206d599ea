"""Handing over the case: offering it, answering the offer, taking it back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases.access import open_case
from cases.actions.holder import accept_offer, decline_offer, offer_holder, withdraw_offer
from cases.candidates import possible_holders
from cases.forms.case import ReasonForm
from cases.forms.participants import OfferForm
from cases.models import Case, CaseHolder
from cases.offers import earlier, open_offer
from cases.protection import locates_hidden
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.rights import can, check


def holder(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Who holds the case now and before, and the form for asking another."""
    viewer = open_case(request.actor, case_id, "case.holder")
    case = viewer.case
    form = OfferForm(posted(request), people=possible_holders(case, timezone.now()))
    if request.method == "POST":
        check(request.actor, "case.offer_holder", case)
        if form.is_valid():
            offered = attempt(request, form, offer_holder, case=case, by=request.actor, **form.cleaned_data)
            if offered is not None:
                messages.success(request, _("Spørsmålet er sendt. Stafettpinnen er hos dere til noen har tatt imot."))
                return redirect(request, "cases:holder", case_id)
    around = frame(viewer, "overview")
    context = {
        **around,
        "form": form,
        "history": earlier(case),
        "offering": around["may"]["offer_holder"] and not around["closed"] and around["facts"].offer is None,
        "states": CaseHolder.State,
    }
    return respond(request, "cases/holder.html", "form", context, status=422 if form.errors else 200)


def holder_answer(request: PortalRequest, holder_id: uuid.UUID) -> HttpResponse:
    """The offer as the person asked sees it; accept, or decline with a reason."""
    offer = open_offer(request.actor, holder_id)
    declining = request.POST.get("answer") == "decline"
    form = ReasonForm(request.POST if declining else None)
    if request.method == "POST":
        check(request.actor, "case.answer_offer", offer)
        answered = _decline(request, offer, form) if declining else _accept(request, offer)
        if answered is not None:
            return answered
    return respond(
        request,
        "cases/holder_answer.html",
        None,
        _offer_context(request, offer, form),
        status=422 if form.errors else 200,
    )


def _accept(request: PortalRequest, offer: CaseHolder) -> HttpResponse:
    accepted = attempt(request, None, accept_offer, offer=offer, by=request.actor)
    if accepted is None:
        return redirect(request, "cases:holder_answer", offer.pk)
    messages.success(request, _("Du er nå stafettholder i saken."))
    return redirect(request, "cases:case", offer.case_id)


def _decline(request: PortalRequest, offer: CaseHolder, form: ReasonForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    declined = attempt(request, form, decline_offer, offer=offer, by=request.actor, **form.cleaned_data)
    if declined is None:
        return None
    messages.success(request, _("Du har avslått. Stafettholderen har fått beskjed."))
    return redirect(request, "cases:inbox")


def _offer_context(request: PortalRequest, offer: CaseHolder, form: ReasonForm) -> dict[str, Any]:
    case = offer.case
    edition = current_edition(case.community)
    asked = can(request.actor, "case.answer_offer", offer)
    return {
        "offer": offer,
        "case": case,
        "form": form,
        "level_label": edition.level_label(case.level, case.municipality.municipality_number or ""),
        "located": not locates_hidden(case.child),
        "answering": asked and offer.state == CaseHolder.State.OFFERED and case.state != Case.State.CLOSED,
        "mine_now": asked and case.holder_id == offer.membership_id,
    }


@require_POST
def holder_withdraw(request: PortalRequest, holder_id: uuid.UUID) -> HttpResponse:
    """Takes the offer back."""
    offer = open_offer(request.actor, holder_id)
    outcome = attempt(request, None, withdraw_offer, offer=offer, by=request.actor)
    if outcome is not None:
        messages.success(request, _("Tilbudet er trukket. Stafettpinnen er fortsatt hos dere."))
    return redirect(request, "cases:holder", offer.case_id)
