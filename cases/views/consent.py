"""Pages of consent: who sees what, recording a decision, taking it back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Viewer, open_case, viewer_of
from cases.actions.consent import record_consent, verb_to_take_back, withdraw_consent
from cases.consent_history import history, outcome, statutory_history
from cases.consent_matrix import matrix
from cases.consent_parts import parts_of, standing_parts
from cases.content import withdrawn_for
from cases.deciders import birthdays, deciders_now, party_choices
from cases.entries import open_entry
from cases.forms.consent import ConsentForm, WithdrawForm, labels_of
from cases.models import Consent
from cases.open_doors import places_in
from cases.rights import offered
from cases.service_choices import around, in_case
from cases.shared_before import sent_from, shared_with
from cases.sharing import SharingFacts
from cases.views.frame import frame
from guideline.editions import current_edition
from portal import audit
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import invalid, redirect, respond
from portal.rights import can, check


def consents(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The matrix of who sees what, and everything that has been said."""
    viewer, now = open_case(request.actor, case_id, "case.consents"), timezone.now()
    facts, reads_log = SharingFacts(viewer.case, viewer), can(request.actor, "case.read_log", viewer)
    places = places_in(viewer.case.pk)
    context = {
        **frame(viewer, "participants"),
        "lines": matrix(facts, in_case(viewer.case), now, places),
        "categories": facts.edition.consent.categories.values(),
        "deciders": deciders_now(facts, now),
        "birthdays": birthdays(facts, now),
        "history": history(facts, viewer, now),
        "statutory": statutory_history(facts, viewer, now),
        "shared": shared_with(facts, now, reads_log=reads_log, places=places),
        "sent": sent_from(viewer.case) if reads_log else [],
        "reads_log": reads_log,
        "guidance": facts.edition.guidance_for("page.consent"),
        "can": _rights(viewer),
    }
    return respond(request, "cases/consents.html", None, context)


def consent_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records a yes or a no."""
    viewer, now = open_case(request.actor, case_id, "case.consent_new"), timezone.now()
    check(request.actor, "case.record_consent", viewer.case)
    facts, present = SharingFacts(viewer.case, viewer), in_case(viewer.case)
    form = ConsentForm(
        posted(request),
        request.FILES or None,
        edition=facts.edition,
        parties=party_choices(facts, now),
        case=viewer.case,
        in_case=present,
        others=around(viewer.case, present),
    )
    if request.method == "POST" and form.is_valid():
        consent = attempt(request, form, record_consent, case=viewer.case, by=request.actor, **form.answer())
        if consent:
            level, text = outcome(consent, timezone.now())
            messages.add_message(request, level, text)
            return redirect(request, "cases:consents", case_id)
    context = {
        **frame(viewer, "participants"),
        "form": form,
        "deciders": deciders_now(facts, now),
        "consent_text": facts.edition.consent.text,
        "back_url": reverse("cases:consents", args=[case_id]),
    }
    return (invalid if form.errors else respond)(request, "cases/consents_new.html", "form", context)


def consent_withdraw(request: PortalRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Takes a decision back, from this second."""
    viewer, consent = open_entry(request.actor, "samtykke", consent_id, "case.consent_withdraw")
    check(request.actor, verb_to_take_back(consent), consent)
    standing = standing_parts(consent) or parts_of(consent)
    form = WithdrawForm(
        posted(request),
        services=[
            link.service for link in consent.covered.select_related("service") if link.service_id in dict(standing)
        ],
        categories=labels_of(current_edition(viewer.case.community), {category for _service, category in standing}),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request,
            form,
            withdraw_consent,
            consent=consent,
            **form.chosen(),
            note=form.cleaned_data["note"],
            by=request.actor,
        )
        is not None
    ):
        messages.success(request, _("Trukket tilbake. Det virker allerede."))
        still_in = viewer_of(request.actor, viewer.case).has_case
        return redirect(request, *(("cases:consents", viewer.case.pk) if still_in else ("cases:inbox",)))
    context = {
        **frame(viewer, "participants"),
        "form": form,
        "consent": consent,
        "given": consent.decision == Consent.Decision.GIVEN,
        "back_url": reverse("cases:consents", args=[viewer.case.pk]),
    }
    return (invalid if form.errors else respond)(request, "cases/consents_withdraw.html", "form", context)


def consent_notice(request: PortalRequest, consent_id: uuid.UUID) -> HttpResponse:
    """What a service that was covered may read when it no longer is: the reference, and what to do."""
    case, consent = withdrawn_for(request.actor, consent_id)
    audit.record_read(request.actor, "case.consent_notice", case, case_id=case.pk, child_id=case.child_id)
    context = {"case": case, "consent": consent, "in_case": viewer_of(request.actor, case).has_case}
    return respond(request, "cases/consents_notice.html", None, context)


def _rights(viewer: Viewer) -> dict[str, Any]:
    verbs = ("record_consent", "withdraw_consent", "record_statutory_basis", "manage_guardians")
    # Who may record an answer may take one back or correct it, in a closed case too.
    return {verb: offered(viewer, f"case.{verb}") for verb in verbs} | {
        "correct": can(viewer.actor, "case.record_consent", viewer)
    }
