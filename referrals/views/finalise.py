"""Finalising: what goes to whom and what is held back, before it is sent (6.1.2)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Scope
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.htmx import redirect, respond
from portal.ids import uuid7
from portal.rights import can, check
from referrals.access import open_referral
from referrals.actions.assess_again import correct_assessment
from referrals.actions.finalise import finalise_referral, new_version
from referrals.assess_context import correctable
from referrals.assess_page import page_of
from referrals.forms.assess import FinaliseForm, GpAssessmentForm, NewVersionForm
from referrals.missing import ASSESS, missing_for_finalising
from referrals.models import Referral
from referrals.snapshot import reads_own_texts
from referrals.states import BEING_MADE, WITH_HOSPITAL
from referrals.views.own_texts import kept_and_back, turned_back
from referrals.waiting_parts import waiting_parts

# Where the person goes on: what is sent outside the portal is copied or printed now.
NEXT = {Referral.Channel.EPJ: "referrals:text"}
SENT = {
    Referral.Channel.PORTAL: gettext_lazy("Henvisningen er ferdigstilt og sendt."),
    Referral.Channel.EPJ: gettext_lazy(
        "Henvisningen er ferdigstilt. Kopier teksten inn i journalsystemet og send den derfra."
    ),
    Referral.Channel.PAPER: gettext_lazy("Henvisningen er ferdigstilt. Skriv ut PDF-en når den er klar, og send den."),
}


def finalise(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The page before sending: to whom, what goes along, what is held back and why, and the channel."""
    seen = open_referral(request.actor, referral_id, "referral.finalise", scopes=(Scope.CASE, Scope.REFERRAL))
    check(request.actor, "referral.finalise", seen.referral)
    if seen.referral.state in BEING_MADE and (back := turned_back(request, seen)):
        return back
    form = FinaliseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        channel = form.cleaned_data["channel"]
        if attempt(request, form, finalise_referral, referral=seen.referral, by=request.actor, channel=channel):
            messages.success(request, SENT[Referral.Channel(channel)])
            return redirect(request, NEXT.get(channel, "referrals:document"), referral_id)
    if seen.referral.state not in BEING_MADE:
        for error in form.non_field_errors() if form.is_bound else ():
            messages.error(request, str(error))
        return redirect(request, ASSESS, referral_id)
    page = page_of(seen, timezone.now())
    back_url = reverse(ASSESS, args=[referral_id])
    context = {
        "seen": seen,
        "referral": seen.referral,
        "case": seen.case,
        "page": page,
        "going": page.going,
        "asked_more": [c.service.name for c in page.leaving.contributions if c.opened_again],
        "form": form,
        "back_url": back_url,
        "guidance": page.edition.guidance_for("page.finalise"),
        "crumbs": [(_("Innboks"), reverse("cases:inbox")), (_("Vurder henvisning"), back_url)],
    }
    return respond(request, "referrals/finalise.html", None, context, status=422 if form.errors else 200)


def version_new(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """A change after sending: a new version with its reason, read through before it is frozen.

    It follows the case as it is now, so it takes a place in the case, and not only to have sent the first one.
    """
    seen = open_referral(request.actor, referral_id, "referral.new_version")
    check(request.actor, "referral.new_version", seen.referral)
    form = NewVersionForm(
        posted(request), referral=seen.referral, texts_shown=reads_own_texts(seen.viewer, seen.referral)
    )
    back = reverse("referrals:document", args=[referral_id])
    sending = "send" in request.POST
    if sending and form.is_valid():
        made = attempt(request, form, new_version, referral=seen.referral, by=request.actor, **form.answer())
        if made:
            messages.success(request, _("Den nye versjonen er sendt. Den forrige står i historikken."))
            return redirect(request, back)
        # Told that another changed the texts: to send once more is meant.
        form.seen(seen.referral.texts_mark)
    if seen.referral.state not in WITH_HOSPITAL:
        if form.is_bound:
            # Decided or withdrawn while this was written.
            late = _("Henvisningen er avgjort eller trukket. Det du skrev, er tatt vare på.")
            return kept_and_back(request, back, " ".join([*map(str, form.non_field_errors()), late]))
        return redirect(request, back)
    now, latest = timezone.now(), seen.referral.snapshots.latest("version")
    found = correctable(seen)
    if request.method == "POST" and not sending and form.is_valid():
        # Read through with the text as it was typed; nothing is saved.
        if form.texts_shown:
            seen.referral.overall_assessment = form.cleaned_data["overall"]
        for name, text in form.texts().items():
            setattr(seen.referral, name, text)
    context = {
        "referral": seen.referral,
        "case": seen.case,
        "missing": missing_for_finalising(seen.referral, seen.case, now, seen.viewer),
        "waiting": waiting_parts(seen.referral, latest.frozen_at),
        "may_correct_gp": found is not None and can(request.actor, "referral.correct_assessment", found),
        "page": page_of(seen, now) if request.method == "POST" and form.is_valid() else None,
        "form": form,
        "back_url": back,
        "crumbs": [(_("Henvisning"), back)],
    }
    return respond(request, "referrals/new_version.html", None, context, status=422 if form.errors else 200)


def correct_gp(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The GP's assessment, corrected while the hospital has the referral; it goes along with the next version."""
    seen = open_referral(request.actor, referral_id, "referral.assess_save")
    check(request.actor, "referral.assess", seen.referral)
    found = correctable(seen)
    back = reverse("referrals:document", args=[referral_id])
    if found is None:
        why = [_("Vurderingen kan ikke rettes lenger.")] if request.method == "POST" else []
        return kept_and_back(request, back, *why)
    check(request.actor, "referral.correct_assessment", found)
    template = current_edition(seen.case.community).gp_assessment
    opened = {**found.sections, "version": found.version, "page": uuid7()}
    form = GpAssessmentForm(posted(request), template=template, initial=opened)
    if request.method == "POST" and form.is_valid():
        given = {"sections": form.texts(), **form.opened()}
        if attempt(request, form, correct_assessment, referral=seen.referral, by=request.actor, **given):
            messages.success(request, _("Rettelsen er lagret. Den går med når du sender en ny versjon."))
            return redirect(request, "referrals:new_version", referral_id)
        # Told that another changed it: to save once more is meant.
        form.data = {**request.POST.dict(), "version": str(found.version)}
    return confirm_page(
        request,
        form,
        title=_("Rett vurderingen fra fastlegen"),
        lead=_("Henvisningen er sendt. Det du skriver her, går med når du sender en ny versjon."),
        confirm=_("Lagre rettelsen"),
        back=back,
        crumbs=[(_("Henvisning"), back)],
    )
