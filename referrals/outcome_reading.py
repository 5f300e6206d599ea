"""The outcome for those who sent it and those who contributed: in plain language, as far as each may know."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.access import Viewer, viewer_of
from cases.models import Category, Scope, Task
from cases.sharing import SharingFacts
from cases.turned_away import turned_away
from guideline.editions import current_edition
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor
from portal.together import Together
from referrals.access import referrals
from referrals.actions.decide import outcome_words, sees_outcome, standing_decision
from referrals.clock import Clock, clock_of
from referrals.models import Contribution, InformationRequest, IntakeDecision, Receipt, Referral, TreatmentStart
from referrals.models import UrgencyChange as Urgency
from referrals.rights import assessed
from referrals.snapshot.written import category_of_section

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
    # Marked as feilregistrert: shown struck through.
    wrong: bool = False


@dataclass(frozen=True)
class OutcomeViewer:
    """Someone who may read the outcome of a referral."""

    viewer: Viewer
    referral: Referral
    decision: IntakeDecision | None
    clock: Clock
    # Whether they may know what the hospital came to, and why; the others learn that it is closed.
    reads: bool

    @property
    def ended(self) -> bool:
        """Whether the hospital has answered, also for those who may not know what."""
        return self.referral.state == R.DECIDED

    @property
    def actor(self) -> Actor:
        """Who reads."""
        return self.viewer.actor


def open_outcome(actor: Actor, referral_id: uuid.UUID) -> OutcomeViewer:
    """A referral that was sent, for the case's own people, whoever referred and the GP who assessed.

    What the hospital came to, and why, is health information: for the holder's service, whoever referred, the GP who
    assessed, and those whom consent lets see the child's health. ``decision`` is None for the others. Four or five
    statements, with the access event. Raises ``Stranger``.
    """
    referral = referrals().filter(pk=referral_id).first()
    if referral is None:
        raise turned_away(actor, "referral.outcome", Referral, referral_id, scopes=(Scope.CASE, Scope.REFERRAL))
    viewer = viewer_of(actor, referral.case)
    refusal = Refusal("referral.outcome", "referrals.referral", referral.pk, referral.case_id)
    sent_it = _sent_or_assessed(viewer, referral)
    if not (viewer.has_case or sent_it):
        raise Stranger(refusal)
    reads = sent_it or reads_outcomes(viewer)
    audit.record_read(
        actor,
        "referral.outcome",
        referral,
        case_id=referral.case_id,
        child_id=referral.case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
    )
    decision = standing_decision(referral)
    edition = current_edition(referral.case.community)
    clock = clock_of(referral, edition, timezone.localdate(), decision.decided_on if decision else None)
    return OutcomeViewer(viewer, referral, decision if reads else None, clock, reads)


def reads_outcomes(viewer: Viewer) -> bool:
    """Whether someone in the case may know what the hospital came to: the holder's service, and whom consent lets see
    the child's health."""
    holder = viewer.case.holder.service_id == viewer.actor.service_id
    return viewer.has_case and (holder or f"items_{Category.HEALTH}" in viewer.scopes)


def _sent_or_assessed(viewer: Viewer, referral: Referral) -> bool:
    """Referrer or GP of this very referral; another referral of the same case opens nothing here."""
    if not viewer.scopes & {Scope.REFERRAL, Scope.CASE}:
        return False
    own = viewer.actor.service_id
    if referral.referrer is not None and referral.referrer.service_id == own:
        return True
    return assessed(viewer.actor, referral)


def plain(decision: IntakeDecision) -> str:
    """The outcome in one sentence."""
    return outcome_words(decision.service, decision)


def unread(seen: OutcomeViewer) -> bool:
    """Whether the acting service still has the reading of the outcome as a task. One statement."""
    tasks = Task.objects.filter(kind="outcome.read", subject_id=seen.referral.pk, service_id=seen.actor.service_id)
    return tasks.filter(closed_at__isnull=True).exists()


def history(seen: OutcomeViewer, starts: Sequence[TreatmentStart]) -> list[Told]:
    """What has happened since it was sent, newest first; ``starts`` are those of treatment. One statement.

    A question that intake asked is told with whom it asked; question and answer only to those who see such content.
    Why it was sent on, made urgent or withdrawn is told to those who may read the outcome.
    """
    referral = seen.referral
    since = _since_sent(referral_id=referral.pk)
    found: list[Told] = []
    if referral.sent_at is not None:
        who = referral.sent_by.name if referral.sent_by else ""
        found.append(Told(referral.sent_at, _("Henvisningen ble sendt"), who, icon="Paperplane"))
    found += _stays(since["stays"]) + _urgency(since["urgency"]) + _wrong_decisions(seen, since["wrong"])
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
    if not seen.reads:
        found = [replace(told, text="") for told in found]
    else:
        found += [_treatment(start) for start in starts]
    found += _questions(seen, since["questions"])
    return sorted(found, key=lambda told: told.at, reverse=True)


@Together
def _since_sent(*, referral_id: uuid.UUID) -> tuple["QuerySet[Any]", dict[str, "QuerySet[Any]"]]:
    wrong = IntakeDecision.objects.filter(referral=referral_id, error_at__isnull=False)
    return Referral.objects.filter(pk=referral_id), {
        "stays": Receipt.objects.filter(referral=referral_id).select_related(
            "service", "received_by", "redirected_to", "error_by"
        ),
        "urgency": Urgency.objects.filter(referral=referral_id).select_related("changed_by"),
        "wrong": wrong.select_related("service", "decided_by", "error_by"),
        "questions": InformationRequest.objects.filter(referral=referral_id).select_related(
            "asked_service", "asked_by", "answered_by", "contribution"
        ),
    }


def _stays(stays: Sequence[Receipt]) -> list[Told]:
    found = []
    first = next((stay for stay in stays if not stay.in_error), None)
    for stay in stays:
        if stay is first or stay.in_error:
            title = _("%(name)s registrerte mottaket, med dato %(date)s") % {
                "name": stay.service.name,
                "date": stay.received_on.strftime("%d.%m.%Y"),
            }
            found.append(
                Told(stay.received_at, title, stay.received_by.name, _why_wrong(stay), "Hospital", wrong=stay.in_error)
            )
        if stay.redirected_at is not None and stay.redirected_to is not None:
            title = _("%(name)s sendte henvisningen videre til %(to)s") % {
                "name": stay.service.name,
                "to": stay.redirected_to.name,
            }
            found.append(Told(stay.redirected_at, title, text=stay.redirect_reason, icon="ArrowRight"))
    return found


def _wrong_decisions(seen: OutcomeViewer, wrong: Sequence[IntakeDecision]) -> list[Told]:
    """Decisions marked as feilregistrert, and which it was for those who may read the outcome."""
    found = []
    for row in wrong:
        title = _("%(name)s vurderte henvisningen") % {"name": row.service.name}
        title += f": {row.get_outcome_display()}" if seen.reads else ""
        found.append(
            Told(row.decided_at, title, row.decided_by.name, _why_wrong(row), "ClipboardCheckmark", wrong=True)
        )
    return found


def _treatment(start: TreatmentStart) -> Told:
    """That treatment has begun: it tells that a right was given, so it is for those who may read the outcome."""
    title = _("%(name)s registrerte at behandlingen startet %(date)s") % {
        "name": start.service.name,
        "date": start.started_on.strftime("%d.%m.%Y"),
    }
    return Told(start.recorded_at, title, start.recorded_by.name, _why_wrong(start), "Calendar", wrong=start.in_error)


def _why_wrong(row: Receipt | IntakeDecision | TreatmentStart) -> str:
    if row.error_by is None:
        return ""
    return _("Feilregistrert av %(who)s: %(why)s") % {"who": row.error_by.name, "why": row.error_reason}


def _questions(seen: OutcomeViewer, requests: Sequence[InformationRequest]) -> list[Told]:
    found = []
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
    category, sealed = (_about(seen, request, asked), asked.sealed) if asked is not None else (Category.HEALTH, False)
    return seen.viewer.sees(request.asked_service_id, category, sealed=sealed)


def _about(seen: OutcomeViewer, request: InformationRequest, contribution: Contribution) -> str:
    edition = current_edition(seen.referral.case.community)
    return category_of_section(edition, contribution, request.section_key)


def _urgency(changes: Sequence[Urgency]) -> list[Told]:
    labels = dict(Referral.Urgency.choices)
    return [
        Told(
            change.changed_at,
            _("Sykehuset endret hastegraden til «%(to)s»") % {"to": labels.get(change.to_urgency, change.to_urgency)},
            change.changed_by.name,
            change.reason,
            "ExclamationmarkTriangle",
        )
        for change in changes
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
    if referral.state == R.DECIDED:
        return _("Henvisningen er avsluttet. Saken krever ikke mer av dere nå.")
    return _("Henvisningen er ikke sendt ennå.")


def outcome_for(contribution: Contribution, facts: SharingFacts, now: dt.datetime) -> dict[str, Any] | None:
    """Outcome and advice for a contributor whose consent covers it; None where it does not, or nothing is decided.

    ``facts`` are the sharing facts of the case. One statement at most.
    """
    if contribution.referral.state != R.DECIDED or not contribution.stands:
        return None
    if not sees_outcome(contribution.service_id, facts, now):
        return None
    decision = standing_decision(contribution.referral)
    return None if decision is None else {"decision": decision, "words": plain(decision)}
