"""The emergency question and the call (6.1.5): the phone first, always; no form hides it."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.access import Viewer, open_case
from cases.models import Scope
from cases.rights import offered
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.htmx import redirect, respond
from portal.rights import can, check
from referrals.access import open_referral
from referrals.actions.emergency import answer_emergency, mark_emergency_wrong, record_call
from referrals.assess_context import context_of
from referrals.emergency_panel import emergency_in, latest_emergency
from referrals.forms.assess import CallForm, WrongForm
from referrals.missing import ASSESS
from referrals.phones import Phone, callable_services, phone_of, phones_for

ANSWERS = {"yes": True, "no": False}


@require_POST
def assess_emergency(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The answer to the first question of the assessing page."""
    seen = open_referral(request.actor, referral_id, "referral.emergency", scopes=(Scope.CASE, Scope.REFERRAL))
    answer = ANSWERS.get(request.POST.get("answer", ""))
    if answer is None:
        messages.error(request, _("Svar ja eller nei på om dette er øyeblikkelig hjelp."))
    else:
        attempt(request, None, answer_emergency, case=seen.case, referral=seen.referral, is_emergency=answer,
                by=request.actor)  # fmt: skip
    return redirect(request, ASSESS, referral_id)


@require_POST
def assess_call(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Who was called, from the assessing page."""
    seen = open_referral(request.actor, referral_id, "referral.emergency", scopes=(Scope.CASE, Scope.REFERRAL))
    check(request.actor, "referral.emergency", seen.referral)
    now = timezone.now()
    emergency = latest_emergency(seen.case, seen.referral)
    if emergency is None:
        return redirect(request, ASSESS, referral_id)
    phone = phone_of(seen.referral.receiver, now)
    services = callable_services(seen.case, now, phone.service, seen.referral.receiver)
    form = CallForm(request.POST, services=services, shown=[phone])
    told: Any = form.is_valid() and attempt(
        request, form, record_call, emergency=emergency, by=request.actor, **form.answer()
    )
    if told:
        messages.success(request, _("Samtalen er registrert. Den vises i saken."))
        return redirect(request, ASSESS, referral_id)
    return respond(request, "referrals/assess.html", None, context_of(seen, now, call_form=form), status=422)


def emergency(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The numbers to ring about this child, for everyone in the case; those who judge answer and record here."""
    viewer = open_case(request.actor, case_id, "case.emergency")
    form = None
    if request.method == "POST" and request.POST.get("answer") in ANSWERS:
        answer = ANSWERS[request.POST["answer"]]
        attempt(request, None, answer_emergency, case=viewer.case, is_emergency=answer, by=request.actor)
        return redirect(request, "referrals:emergency", case_id)
    if request.method == "POST":
        messages.error(request, _("Svar ja eller nei på om dette er øyeblikkelig hjelp."))
    return respond(request, "referrals/emergency.html", None, _context(request, viewer, form))


def emergency_call(request: PortalRequest, emergency_id: uuid.UUID) -> HttpResponse:
    """Who was called, from the case's own emergency page."""
    found = emergency_in(request.actor, emergency_id)
    viewer = open_case(request.actor, found.case_id, "case.emergency")
    found.case = viewer.case
    if request.method != "POST":
        return redirect(request, "referrals:emergency", found.case_id)
    now = timezone.now()
    form = CallForm(request.POST, **_callable(viewer, now, phones_for(viewer.case, now)))
    told: Any = form.is_valid() and attempt(
        request, form, record_call, emergency=found, by=request.actor, **form.answer()
    )
    if told:
        messages.success(request, _("Samtalen er registrert. Den vises i saken."))
        return redirect(request, "referrals:emergency", found.case_id)
    return respond(request, "referrals/emergency.html", None, _context(request, viewer, form), status=422)


def emergency_wrong(request: PortalRequest, emergency_id: uuid.UUID) -> HttpResponse:
    """Marks an answer, and the call recorded on it, as feilregistrert."""
    found = emergency_in(request.actor, emergency_id)
    viewer = open_case(request.actor, found.case_id, "case.emergency")
    found.case = viewer.case
    check(request.actor, "case.mark_error", found)
    form = WrongForm(posted(request))
    back = reverse("referrals:emergency", args=[found.case_id])
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, mark_emergency_wrong, emergency=found, by=request.actor, **form.cleaned_data)
        if done:
            messages.success(request, _("Svaret er markert som feilregistrert."))
            return redirect(request, back)
    return confirm_page(
        request,
        form,
        title=_("Feilregistrert vurdering av øyeblikkelig hjelp?"),
        lead=_("Svaret og samtalen teller ikke lenger, men blir stående i historikken. Svar på nytt etterpå."),
        confirm=_("Marker som feilregistrert"),
        back=back,
        crumbs=[
            (viewer.case.reference, reverse("cases:case", args=[found.case_id])),
            (_("Øyeblikkelig hjelp"), back),
        ],
    )


def _callable(viewer: Viewer, now: dt.datetime, shown: list[Phone]) -> dict[str, Any]:
    """Who can have been called from the case's page: first those who answer the numbers it shows."""
    return {"services": callable_services(viewer.case, now, *(phone.service for phone in shown)), "shown": shown}


def _context(request: PortalRequest, viewer: Viewer, form: CallForm | None) -> dict[str, Any]:
    now = timezone.now()
    latest = latest_emergency(viewer.case)
    waiting = latest is not None and latest.is_emergency and latest.called_on is None
    phones = phones_for(viewer.case, now)
    if form is None and waiting:
        form = CallForm(**_callable(viewer, now, phones), now=now)
    case_id = viewer.case.pk
    return {
        **frame(viewer, "overview"),
        "crumbs": [(_("Saker"), reverse("cases:list")), (viewer.case.reference, reverse("cases:case", args=[case_id]))],
        "phones": phones,
        "emergency": latest,
        "waiting": waiting,
        "form": form,
        "may_judge": offered(viewer, "referral.emergency"),
        "may_mark_wrong": latest is not None and can(request.actor, "case.mark_error", latest),
        "guidance": current_edition(viewer.case.community).guidance_for("page.emergency"),
    }
