"""The outcome for those who sent it and those who contributed: in plain language, as far as each may know."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.access import Viewer, viewer_of
from cases.models import Scope, Task
from cases.sharing import SharingFacts
from guideline.editions import current_edition
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor
from referrals.access import referrals
from referrals.actions.decide import outcome_words, sees_outcome
from referrals.clock import Clock, clock_of
from referrals.models import Contribution, GpAssessment, InformationRequest, IntakeDecision, Receipt, Referral
from referrals.models import UrgencyChange as Urgency

R = Referral.State
LOOKS = {
    IntakeDecision.Outcome.RIGHT: ("success", "CheckmarkCircle"),
    IntakeDecision.Outcome.NO_RIGHT: ("warning", "InformationSquare"),
    IntakeDecision.Outcome.NOT_ASSESSABLE: ("warning", "QuestionmarkCircle"),
}


@dataclass(frozen=True)
class Told:
    """One line of the history: when, what, and in whose words."""

    at: dt.datetime
    title: str
    who: str = ""
    text: str = ""
    icon: str = "Circle"


@dataclass(frozen=True)
class OutcomeViewer:
    """Someone who may read the outcome of a referral."""

    viewer: Viewer
    referral: Referral
    decision: IntakeDecision | None
    clock: Clock

    @property
    def actor(self) -> Actor:
        """Who reads."""
        return self.viewer.actor


def open_outcome(actor: Actor, referral_id: uuid.UUID) -> OutcomeViewer:
    """A referral that was sent, for the case's own people, whoever referred and the GP who assessed.

    Four or five statements, with the access event. Raises ``Stranger``.
    """
    referral = referrals().filter(pk=referral_id).first()
    if referral is None:
        raise Stranger()
    viewer = viewer_of(actor, referral.case)
    refusal = Refusal("referral.outcome", "referrals.referral", referral.pk, referral.case_id)
    if not (viewer.has_case or _sent_or_assessed(viewer, referral)):
        raise Stranger(refusal)
    audit.record_read(
        actor,
        "referral.outcome",
        referral,
        case_id=referral.case_id,
        child_id=referral.case.child_id,
        basis=viewer.basis,
    )
    decision = (
        referral.decisions.select_related("service", "decided_by").last() if referral.state == R.DECIDED else None
    )
    edition = current_edition(referral.case.community)
    clock = clock_of(referral, edition, timezone.localdate(), decision.decided_on if decision else None)
    return OutcomeViewer(viewer, referral, decision, clock)


def _sent_or_assessed(viewer: Viewer, referral: Referral) -> bool:
    """Referrer or GP of this very referral; another referral of the same case opens nothing here."""
    if Scope.REFERRAL not in viewer.scopes:
        return False
    own = viewer.actor.service_id
    if referral.referrer is not None and referral.referrer.service_id == own:
        return True
    assessed = GpAssessment.objects.filter(
        referral=referral, service_id=own, error_at__isnull=True, completed_at__isnull=False
    )
    return assessed.exists()


def plain(decision: IntakeDecision) -> str:
    """The outcome in one sentence."""
    return outcome_words(decision.service, decision)


def unread(seen: OutcomeViewer) -> bool:
    """Whether the acting service still has the reading of the outcome as a task. One statement."""
    tasks = Task.objects.filter(kind="outcome.read", subject_id=seen.referral.pk, service_id=seen.actor.service_id)
    return tasks.filter(closed_at__isnull=True).exists()


def history(seen: OutcomeViewer) -> list[Told]:
    """What has happened since it was sent, newest first. Three statements.

    A question that intake asked is told with whom it asked; question and answer only to those who see such content.
    """
    referral = seen.referral
    found: list[Told] = []
    if referral.sent_at is not None:
        who = referral.sent_by.name if referral.sent_by else ""
        found.append(Told(referral.sent_at, _("Henvisningen ble sendt"), who, icon="Paperplane"))
    found += _stays(referral) + _questions(seen) + _urgency(referral)
    if seen.decision is not None:
        by, title = (
            seen.decision.decided_by.name,
            _("%(name)s vurderte henvisningen") % {"name": seen.decision.service.name},
        )
        found.append(Told(seen.decision.decided_at, title, by, icon="ClipboardCheckmark"))
    if referral.withdrawn_at is not None:
        found.append(
            Told(referral.withdrawn_at, _("Henvisningen ble trukket"), "", referral.withdraw_reason, "ArrowUndo")
        )
    return sorted(found, key=lambda told: told.at, reverse=True)


def _stays(referral: Referral) -> list[Told]:
    found = []
    stays = list(Receipt.objects.filter(referral=referral).select_related("service", "received_by", "redirected_to"))
    for number, stay in enumerate(stays):
        if not number:
            title = _("%(name)s registrerte mottaket, med dato %(date)s") % {
                "name": stay.service.name,
                "date": stay.received_on.strftime("%d.%m.%Y"),
            }
            found.append(Told(stay.received_at, title, stay.received_by.name, icon="Hospital"))
        if stay.redirected_at is not None and stay.redirected_to is not None:
            title = _("%(name)s sendte henvisningen videre til %(to)s") % {
                "name": stay.service.name,
                "to": stay.redirected_to.name,
            }
            found.append(Told(stay.redirected_at, title, text=stay.redirect_reason, icon="ArrowRight"))
    return found


def _questions(seen: OutcomeViewer) -> list[Told]:
    found = []
    requests = InformationRequest.objects.filter(referral=seen.referral).select_related(
        "asked_service", "asked_by", "answered_by", "contribution"
    )
    for request in requests:
        open_to_me = _reads(seen, request)
        name = request.asked_service.name
        title = _("Inntaket spurte %(name)s om mer") % {"name": name}
        text = request.question if open_to_me else ""
        found.append(Told(request.asked_at, title, request.asked_by.name, text, "QuestionmarkCircle"))
        if request.answered_at is not None:
            who = request.answered_by.name if request.answered_by else ""
            answer = request.answer if open_to_me else ""
            found.append(Told(request.answered_at, _("%(name)s svarte") % {"name": name}, who, answer, "Chat"))
    return found


def _reads(seen: OutcomeViewer, request: InformationRequest) -> bool:
    """The referrer reads all that was sent; others what they wrote themselves or consent covers."""
    referrer = seen.referral.referrer
    if referrer is not None and referrer.service_id == seen.actor.service_id:
        return True
    asked = request.contribution
    category, sealed = (asked.category, asked.sealed) if asked is not None else ("health", False)
    return seen.viewer.sees(request.asked_service_id, category, sealed=sealed)


def _urgency(referral: Referral) -> list[Told]:
    labels = dict(Referral.Urgency.choices)
    return [
        Told(
            change.changed_at,
            _("Sykehuset endret hastegraden til «%(to)s»") % {"to": labels.get(change.to_urgency, change.to_urgency)},
            change.changed_by.name,
            change.reason,
            "ExclamationmarkTriangle",
        )
        for change in Urgency.objects.filter(referral=referral).select_related("changed_by")
    ]


def waiting_words(seen: OutcomeViewer) -> str:
    """Where it stands while there is no decision."""
    referral = seen.referral
    name = referral.receiver.name
    if referral.state == R.SENT:
        return _("Venter på at %(name)s registrerer mottaket.") % {"name": name}
    if referral.state == R.RECEIVED:
        asked = InformationRequest.objects.filter(
            referral=referral, answered_at__isnull=True, cancelled_at__isnull=True
        ).count()
        more = ngettext("Inntaket venter på %(n)s svar.", "Inntaket venter på %(n)s svar.", asked) % {"n": asked}
        return _("%(name)s vurderer henvisningen.") % {"name": name} + (f" {more}" if asked else "")
    if referral.state == R.WITHDRAWN:
        return _("Henvisningen er trukket.")
    return _("Henvisningen er ikke sendt ennå.")


def outcome_for(contribution: Contribution, facts: SharingFacts, now: dt.datetime) -> dict[str, Any] | None:
    """Outcome and advice for a contributor whose consent covers it; None where it does not, or nothing is decided.

    ``facts`` are the sharing facts of the case. One statement at most.
    """
    if contribution.referral.state != R.DECIDED or contribution.state != Contribution.State.SUBMITTED:
        return None
    if not sees_outcome(contribution.service_id, facts, now):
        return None
    decision = contribution.referral.decisions.select_related("service").last()
    return None if decision is None else {"decision": decision, "words": plain(decision)}
