"""The assembly page: who was asked, who owes what, what the department misses, the referral's own texts."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.rights import offered
from cases.views.frame import frame
from guideline.deadlines import due_on
from portal import kept
from portal.answering import Invalid, PortalRequest, attempt
from portal.htmx import redirect, respond, wants_fragment
from portal.rights import check
from portal.states import MovedOn
from referrals.access import ReferralViewer, open_referral
from referrals.actions.ask import ask_contribution
from referrals.actions.assess import asked_for, hand_over
from referrals.actions.conflict import TextConflict
from referrals.actions.start import change_texts
from referrals.asking import service_of
from referrals.collecting import assembly
from referrals.forms.collect import AskForm, HandOverForm, TextsForm
from referrals.in_case import ANSWERS, LOOKS
from referrals.referrers import referrers_for
from referrals.snapshot.viewed import writes
from referrals.states import BEING_MADE, OPEN
from referrals.views.own_texts import kept_and_back


def assemble(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """The page itself; those in the case who do not hold it read it without buttons."""
    seen = open_referral(request.actor, referral_id, "referral.assemble")
    check(request.actor, "referral.read", seen.referral)
    return _page(request, seen)


def texts(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Saves the referral's own texts: by itself while one writes (only the version comes back), or by the button."""
    recorded = not (request.method == "POST" and wants_fragment(request))
    seen = open_referral(request.actor, referral_id, "referral.texts", recorded=recorded)
    if request.method != "POST":
        return redirect(request, "referrals:assemble", referral_id)
    check(request.actor, "referral.edit", seen.referral)
    form = TextsForm(request.POST)
    saved, conflict = None, None
    if form.is_valid():
        try:
            saved = change_texts(referral=seen.referral, by=request.actor, **form.texts())
        except TextConflict as both:
            conflict = both
        except MovedOn as late:
            form.add_error(None, late.message)
        except Invalid as invalid:
            for name, message in invalid.errors.items():
                form.add_error(name or None, message)
    if wants_fragment(request):
        context = {"form": form, "saved": saved, "conflict": conflict, "referral": seen.referral}
        response = respond(request, "referrals/_texts_saved.html", None, context, status=200 if saved else 422)
        if saved:
            response["HX-Trigger"] = "referral-changed"
        return response
    if saved:
        assert request.actor.user is not None
        kept.drop(request.actor.user, request.path.removesuffix("tekster/"))
        messages.success(request, _("Tekstene er lagret."))
        return redirect(request, "referrals:assemble", referral_id)
    if seen.referral.state not in BEING_MADE:
        # Sent or withdrawn while this was written: the page has no fields any more, and what was typed is kept.
        return kept_and_back(request, _here(referral_id), *form.non_field_errors())
    return _page(request, seen, texts_form=form, conflict=conflict, status=422)


def ask(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Asks one service that takes part for its contribution."""
    seen = open_referral(request.actor, referral_id, "referral.ask")
    if request.method != "POST":
        return redirect(request, "referrals:assemble", referral_id)
    check(request.actor, "referral.ask", seen.referral)
    sent = str(request.POST.get("service", ""))
    form = AskForm(request.POST, service_id=uuid.UUID(sent) if _is_id(sent) else None)
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(
            request,
            form,
            ask_contribution,
            referral=seen.referral,
            service=service_of(given["service"]),
            due_on=given["due_on"],
            request_text=given["request_text"],
            by=request.actor,
        )
        if made:
            messages.success(request, _("%(service)s er bedt om bidrag.") % {"service": made.service.name})
            return redirect(request, f"{_here(referral_id)}#bidrag-{made.pk}")
    return _page(request, seen, ask_form=form, status=422)


def hand(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Hands the referral to someone entitled to refer. Gaps never stop it."""
    seen = open_referral(request.actor, referral_id, "referral.hand_over")
    if request.method != "POST":
        return redirect(request, "referrals:assemble", referral_id)
    check(request.actor, "referral.hand_over", seen.referral)
    form = HandOverForm(request.POST, referrers=list(referrers_for(seen.case)))
    if form.is_valid():
        done = attempt(request, form, hand_over, referral=seen.referral, referrer=form.answer(), by=request.actor)
        if done is not None:
            who = form.answer().user.name
            messages.success(request, _("Henvisningen ligger nå hos %(who)s.") % {"who": who})
            return redirect(request, "referrals:section", seen.case.pk)
    return _page(request, seen, hand_form=form, status=422)


def _page(
    request: PortalRequest,
    seen: ReferralViewer,
    *,
    texts_form: TextsForm | None = None,
    ask_form: AskForm | None = None,
    hand_form: HandOverForm | None = None,
    conflict: TextConflict | None = None,
    status: int = 200,
) -> HttpResponse:
    referral = seen.referral
    around = frame(seen.viewer, "referral")
    being_made = referral.state in BEING_MADE
    holds = offered(seen.viewer, "referral.edit", referral)
    may_edit = being_made and holds
    if may_edit and hand_form is None:
        hand_form = HandOverForm(referrers=list(referrers_for(seen.case)), chosen=referral.referrer_id)
    referrer, wrote = referral.referrer, writes(seen.viewer, referral)
    reads = wrote or seen.viewer.sees(referral.started_in_id, "health")
    context: dict[str, Any] = {
        **around,
        "referral": referral,
        "made": assembly(seen, around["facts"].participants, timezone.now(), ask_form),
        "looks": LOOKS,
        "answers": ANSWERS,
        "may_edit": may_edit,
        # What is attached while the hospital has it goes along with the next version.
        "may_attach": holds and referral.state in OPEN,
        "being_made": being_made,
        "texts_form": texts_form or TextsForm.of(referral),
        "hand_form": hand_form,
        "conflict": conflict,
        "errors_in": texts_form or ask_form or hand_form,
        "default_due": due_on(around["edition"].deadlines["contribution_due"], around["today"]),
        "shown_texts": [
            (TextsForm.base_fields[name].label, getattr(referral, name))
            for name in ("worry", "questions", "why_specialist")
        ]
        if reads
        else [],
        "department": around["edition"].checklists.get(referral.receiver.kind),
        "guidance": around["edition"].guidance_for("page.assembly"),
        # What the referrer asked for is for those who write it, and those who read what the referrer writes.
        "returned": asked_for(referral)
        if referral.state == referral.State.COLLECTING
        and referrer is not None
        and (wrote or seen.viewer.sees(referrer.service_id, "health"))
        else "",
    }
    return respond(request, "referrals/assemble.html", None, context, status=status)


def _here(referral_id: uuid.UUID) -> str:
    return reverse("referrals:assemble", args=[referral_id])


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
