"""The one page of the GP, psychologist or child-protection leader: assess and finalise (6.1.2, 6.1.3, 6.1.5)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cases.models import Scope
from guideline.editions import current_edition
from portal import kept
from portal.access import Denied, Refusal
from portal.answering import Invalid, PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.htmx import redirect, respond, wants_fragment
from portal.rights import can, check
from portal.states import MovedOn
from referrals.access import ReferralViewer, open_referral
from referrals.actions.assess import (
    complete_assessment,
    mark_assessment_wrong,
    register_external_assessment,
    reopen_assessment,
    return_for_more,
    save_assessment,
    standing_assessment,
)
from referrals.actions.conflict import TextConflict
from referrals.actions.finalise import give_reasons, save_overall
from referrals.assess_context import context_of
from referrals.assess_page import VERB
from referrals.forms.assess import (
    ExternalAssessmentForm,
    GpAssessmentForm,
    OverallForm,
    ReasonsForm,
    ReturnForm,
    Versioned,
    WrongForm,
)
from referrals.missing import ASSESS
from referrals.models import Referral
from referrals.states import BEING_MADE, WITH_HOSPITAL
from referrals.views.own_texts import kept_and_back, turned_back

NEXT_VERSION = gettext_lazy("Henvisningen er sendt. Dette går med når du sender en ny versjon.")
MAY_OPEN = ("referral.finalise", "referral.assess", "referral.register_assessment")


def opened(request: PortalRequest, referral_id: uuid.UUID, what: str = "referral.assess_save") -> ReferralViewer:
    """The referral for those who assess, finalise, or register an assessment. Strangers meet 404, others 403."""
    # A page that saves itself has left its event already; what was written leaves one of its own.
    recorded = not (request.method == "POST" and wants_fragment(request))
    seen = open_referral(request.actor, referral_id, what, scopes=(Scope.CASE, Scope.REFERRAL), recorded=recorded)
    if not any(can(request.actor, verb, seen.referral) for verb in MAY_OPEN):
        raise Denied(
            _("Bare den som kan henvise, eller stafettholderen, kan åpne vurderingen."),
            Refusal(what, "referrals.referral", seen.referral.pk, seen.case.pk),
        )
    return seen


def assess(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The page. A referral that has left the house is read as a document instead."""
    seen = opened(request, referral_id, VERB)
    if seen.referral.state not in BEING_MADE:
        if seen.referral.sent_at is None:
            return redirect(request, "referrals:assemble", referral_id)
        return redirect(request, "referrals:document", referral_id)
    return respond(request, "referrals/assess.html", None, context_of(seen, timezone.now()))


@require_POST
def assess_gp(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Saves the GP's assessment as it is typed; with ``complete`` the GP says that it is whole."""
    seen = opened(request, referral_id)
    check(request.actor, "referral.assess", seen.referral)
    template = current_edition(seen.case.community).gp_assessment
    form = GpAssessmentForm(request.POST, template=template, auto_id="gp_%s")
    saved = _save(
        request, seen, form, lambda: save_assessment(referral=seen.referral, sections=form.texts(),
                                                     by=request.actor, **form.opened())
    )  # fmt: skip
    if saved is None:
        return _refused(request, seen, "gp_form", form)
    if wants_fragment(request):
        return _saved(request, "gp", saved.version)
    if "complete" in request.POST:
        if attempt(request, form, complete_assessment, referral=seen.referral, by=request.actor) is None:
            return _refused(request, seen, "gp_form", form)
        messages.success(request, _("Vurderingen er fullført og blir med i henvisningen."))
    return redirect(request, reverse(ASSESS, args=[referral_id]) + "#fastlege")


@require_POST
def assess_overall(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Saves the overall assessment as it is typed; with ``finalise`` goes on to the page where it is sent."""
    seen = opened(request, referral_id)
    check(request.actor, "referral.finalise", seen.referral)
    if not wants_fragment(request) and (back := turned_back(request, seen)):
        return back
    form = OverallForm(request.POST, auto_id="overall_%s")
    saved = _save(
        request, seen, form, lambda: save_overall(referral=seen.referral, text=form.cleaned_data["overall"],
                                                  by=request.actor, **form.opened())
    )  # fmt: skip
    if saved is None:
        return _refused(request, seen, "overall_form", form)
    if wants_fragment(request):
        return _saved(request, "overall", saved.assessment_version)
    if "finalise" in request.POST:
        return redirect(request, "referrals:finalise", referral_id)
    return redirect(request, reverse(ASSESS, args=[referral_id]) + "#samlet")


@require_POST
def reopen_gp(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Opens an assessment that is completed, or that another service began, to be written on."""
    seen = opened(request, referral_id)
    check(request.actor, "referral.assess", seen.referral)
    if attempt(request, None, reopen_assessment, referral=seen.referral, by=request.actor):
        messages.success(request, _("Vurderingen er åpnet igjen. Husk å fullføre den."))
    return redirect(request, reverse(ASSESS, args=[referral_id]) + "#fastlege")


def reasons(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Why the GP's assessment or the consent is missing. The part that is not shown keeps what it has.

    On the assessing page while the referral is being made; a page of its own while the hospital has it.
    """
    seen = opened(request, referral_id)
    check(request.actor, "referral.finalise", seen.referral)
    if back := turned_back(request, seen):
        return back
    form = ReasonsForm(
        posted(request),
        edition=current_edition(seen.case.community),
        receiver=seen.referral.receiver,
        auto_id="reasons_%s",
        initial=ReasonsForm.given(seen.referral),
    )
    if request.method == "POST" and form.is_valid():
        told = _with_unshown(form.cleaned_data, request, seen.referral)
        if attempt(request, form, give_reasons, referral=seen.referral, by=request.actor, **told):
            messages.success(request, _("Begrunnelsen er lagret og trykkes på henvisningen."))
            return redirect(request, _after(seen, "mangler"))
    if seen.referral.state in WITH_HOSPITAL:
        return _confirm(request, seen, form, _("Hvis noe må mangle"), _("Lagre begrunnelsen"), NEXT_VERSION)
    return _page(request, seen, reasons_form=form)


def external_assessment(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Registers a GP assessment received outside the portal.

    On the assessing page while the referral is being made; a page of its own while the hospital has it.
    """
    seen = opened(request, referral_id)
    check(request.actor, "referral.register_assessment", seen.referral)
    form = ExternalAssessmentForm(posted(request), auto_id="external_%s")
    done: Any = form.is_valid() and attempt(
        request, form, register_external_assessment, referral=seen.referral, by=request.actor, **form.cleaned_data
    )
    if done:
        messages.success(request, _("Vurderingen er registrert med kilde og dato."))
        return redirect(request, _after(seen, "fastlege"))
    if seen.referral.state in WITH_HOSPITAL:
        title, confirm = _("Vurdering fra fastlege, mottatt på annen måte"), _("Registrer vurderingen")
        return _confirm(request, seen, form, title, confirm, NEXT_VERSION)
    return _page(request, seen, external_form=form)


def wrong_assessment(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Marks the GP assessment as feilregistrert."""
    seen = opened(request, referral_id)
    assessment = standing_assessment(seen.referral)
    back = _after(seen, "fastlege")
    if assessment is None:
        return redirect(request, back)
    assessment.referral = seen.referral
    check(request.actor, "referral.mark_assessment_wrong", assessment)
    form = WrongForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request, form, mark_assessment_wrong, assessment=assessment, by=request.actor, **form.cleaned_data
        )
        if done:
            messages.success(request, _("Vurderingen er markert som feilregistrert."))
            return redirect(request, back)
    return _confirm(request, seen, form, _("Feilregistrert vurdering?"), _("Marker som feilregistrert"),
                    _("Vurderingen teller ikke lenger, men blir stående i historikken."))  # fmt: skip


def hand_back(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Sends the referral back to the holder, saying what is missing."""
    seen = opened(request, referral_id)
    check(request.actor, "referral.finalise", seen.referral)
    form = ReturnForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, return_for_more, referral=seen.referral, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Stafettholderen har fått beskjed om hva som mangler."))
            return redirect(request, "cases:inbox")
    return _confirm(request, seen, form, _("Send tilbake til stafettholderen"), _("Send tilbake"),
                    _("Teksten din blir liggende til du får henvisningen igjen."))  # fmt: skip


def _save(request: PortalRequest, seen: ReferralViewer, form: Versioned, action: Callable[[], Any]) -> Any:
    """Runs a save that checks versions; None when it was refused, with why in the form. Outside any savepoint, so that
    the text that lost is kept."""
    if not form.is_valid():
        return None
    try:
        return action()
    except TextConflict as conflict:
        request.session[kept.WAITING] = True
        form.conflict = conflict  # type: ignore[attr-defined]
        who = conflict.who or _("En annen")
        form.add_error(
            None,
            _("%(who)s lagret her mens du skrev. Din tekst er tatt vare på: last siden på nytt og sett dem sammen.")
            % {"who": who},
        )
    except MovedOn as late:
        form.add_error(None, late.message)
    except Invalid as invalid:
        for name, message in invalid.errors.items():
            form.add_error(name if name in form.fields else None, message)
    return None


def _saved(request: PortalRequest, which: str, version: int) -> HttpResponse:
    """Only the new version, out of band: the text being written is never touched."""
    context = {"which": which, "version": version}
    return respond(request, "referrals/assess_saved.html", "saved", context)


def _refused(request: PortalRequest, seen: ReferralViewer, name: str, form: Versioned) -> HttpResponse:
    if wants_fragment(request):
        context = {"which": name.removesuffix("_form"), "form": form}
        return respond(request, "referrals/assess_saved.html", "refused", context, status=422)
    return _page(request, seen, **{name: form})


def _page(request: PortalRequest, seen: ReferralViewer, **forms: Any) -> HttpResponse:
    """The page again with what was typed."""
    if seen.referral.state not in BEING_MADE:
        # Sent while this was written: the text is kept, and the page tells what happened.
        form = next(iter(forms.values()))
        if request.method != "POST":
            return redirect(request, ASSESS, seen.referral.pk)
        late = form.non_field_errors() or [_("Henvisningen er sendt eller trukket. Det du skrev, er tatt vare på.")]
        return kept_and_back(request, reverse(ASSESS, args=[seen.referral.pk]), *late)
    return respond(request, "referrals/assess.html", None, context_of(seen, timezone.now(), **forms), status=422)


def _confirm(
    request: PortalRequest, seen: ReferralViewer, form: Any, title: str, confirm: str, lead: Any
) -> HttpResponse:
    back = _after(seen, "")
    return confirm_page(
        request,
        form,
        title=title,
        lead=lead,
        confirm=confirm,
        back=back,
        crumbs=[(_("Henvisning") if seen.referral.state in WITH_HOSPITAL else _("Vurder henvisning"), back)],
    )


def _after(seen: ReferralViewer, part: str) -> str:
    """Where the person goes on: the part of the assessing page, or what was sent."""
    if seen.referral.state in WITH_HOSPITAL:
        return reverse("referrals:document", args=[seen.referral.pk])
    return reverse(ASSESS, args=[seen.referral.pk]) + (f"#{part}" if part else "")


def _with_unshown(given: dict[str, str], request: PortalRequest, referral: Referral) -> dict[str, str]:
    """A part of the form that was not on the page has not been emptied by the person."""
    told = dict(given)
    for field in ("gp_code", "gp_reason", "consent_code", "consent_basis", "consent_reason"):
        if field not in request.POST:
            told[field] = getattr(referral, f"missing_{field}")
    return told
