"""The outcome for those who sent the referral: in plain language, with what comes next."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.rights import offered
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect, respond
from portal.rights import check
from referrals.actions.decide import read_outcome
from referrals.family import KeepAway, keep_away_from
from referrals.models import IntakeDecision, Referral
from referrals.outcome_reading import LOOKS, OutcomeViewer, history, open_outcome, plain, unread, waiting_words
from referrals.treatment_reading import standing_of, starts_of

R = Referral.State


def outcome(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Outcome, date, advice, how to complain, the family's message, and the history; «Lest» closes the task."""
    seen = open_outcome(request.actor, referral_id)
    check(request.actor, "referral.outcome", seen.referral)
    if request.method == "POST":
        if attempt(request, None, read_outcome, referral=seen.referral, by=request.actor) is not None:
            messages.success(request, _("Merket som lest."))
        return redirect(request, "referrals:outcome", referral_id)
    decision = seen.decision
    starts = starts_of(seen.referral) if seen.reads else []
    context = {
        "seen": seen,
        "referral": seen.referral,
        "case": seen.referral.case,
        "decision": decision,
        # The hospital has answered, and this service may not know what.
        "hidden": seen.ended and not seen.reads,
        "clock": seen.clock,
        "words": plain(decision) if decision else waiting_words(seen),
        "look": LOOKS[IntakeDecision.Outcome(decision.outcome)] if decision else None,
        "unread": unread(seen),
        "treatment": standing_of(starts),
        "history": history(seen, starts),
        "keep_away": _keep_away(seen),
        **_next(request, seen),
    }
    return respond(request, "referrals/outcome.html", None, context)


def _keep_away(seen: OutcomeViewer) -> KeepAway | None:
    """Who must see nothing, for those in the case and those who read the outcome; whoever may learn only that the
    referral is withdrawn is told nothing of the family."""
    follows = seen.reads and seen.referral.state != R.WITHDRAWN
    return keep_away_from(seen.referral.case) if seen.viewer.has_case or follows else None


def _next(request: PortalRequest, seen: OutcomeViewer) -> dict[str, Any]:
    """What the reader can do from here, and the way they came."""
    case, has_case = seen.referral.case, seen.viewer.has_case
    ended = seen.referral.state in {R.DECIDED, R.WITHDRAWN}
    crumbs = [(_("Innboks"), reverse("cases:inbox"))]
    if has_case:
        crumbs = [
            (case.reference, reverse("cases:case", args=[case.pk])),
            (_("Henvisning"), reverse("referrals:section", args=[case.pk])),
        ]
    return {
        "crumbs": crumbs,
        "has_case": has_case,
        "may_resubmit": has_case and ended and offered(seen.viewer, "referral.start"),
        "may_change_level": has_case and offered(seen.viewer, "case.change_level"),
    }
