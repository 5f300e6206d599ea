"""What intake's page of one referral shows, and whom one can ask about what: all from what was sent."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guideline.deadlines import due_on, in_words
from portal.directory.lookup import services_in
from portal.rights import can
from referrals.actions.information import RULE
from referrals.intake_reading import Intake, questions_of, stays_of, urgency_changes_of, wrong_decisions_of
from referrals.models import Contribution, IntakeDecision, Referral
from referrals.states import WITH_HOSPITAL
from referrals.treatment_reading import has_started, standing_of, starts_of

R = Referral.State
REFERRER = "henviser"


@dataclass(frozen=True)
class Doing:
    """A button of the page: what can be done now, and where."""

    key: str
    label: str
    icon: str
    url: str
    main: bool = False


def doings(intake: Intake, *, started: bool) -> list[Doing]:
    """What the actor can do with the referral now, the next step first; ``started``: treatment has begun."""
    referral, actor = intake.referral, intake.actor
    received = referral.state == R.RECEIVED

    def doing(verb: str, name: str, label: str, icon: str, *, main: bool = False) -> Iterator[Doing]:
        if can(actor, f"intake.{verb}", referral):
            yield Doing(name, label, icon, reverse(f"referrals:{name}", args=[referral.pk]), main)

    if referral.state not in WITH_HOSPITAL:
        begins = gave_right(intake) and not started
        words = _("Behandlingen startet")
        return list(doing("start_treatment", "intake_treatment", words, "Calendar", main=True)) if begins else []
    found: list[Doing] = []
    if received:
        found += doing("decide", "intake_decide", _("Avgjør"), "ClipboardCheckmark", main=True)
    else:
        found += doing("receive", "intake_receive", _("Registrer mottak"), "Inbox", main=True)
    found += doing("ask", "intake_ask", _("Spør om mer"), "QuestionmarkCircle")
    if received:
        found += doing("assign", "intake_assign", _("Fordel"), "PersonCheckmark")
        found += doing("redirect", "intake_redirect", _("Send videre"), "ArrowRight")
    found += doing("change_urgency", "intake_urgency", _("Endre hastegrad"), "ExclamationmarkTriangle")
    found += doing("decide", "intake_elsewhere", _("Avgjort i eget system"), "Hospital")
    return found


def gave_right(intake: Intake) -> bool:
    """Whether the decision that holds gave a right to health care."""
    return intake.decision is not None and intake.decision.outcome == IntakeDecision.Outcome.RIGHT


def can_start(intake: Intake) -> bool:
    """Whether a start of treatment is still to be recorded."""
    return gave_right(intake) and not has_started(intake.referral)


def frame(intake: Intake) -> dict[str, Any]:
    """The context of every page of one referral at intake. A withdrawn one names nobody."""
    referral = intake.referral
    named = referral.state != R.WITHDRAWN
    return {
        "intake": intake,
        "referral": referral,
        "clock": intake.clock,
        "decision": intake.decision,
        "sent": intake.newest.content if named else None,
        "reference": referral.case.reference,
        "crumbs": [(_("Inntak"), reverse("referrals:intake"))],
    }


def page(intake: Intake, version: str | None) -> dict[str, Any]:
    """The context of the page itself: the document, its versions, questions, and what has happened."""
    referral = intake.referral
    chosen = intake.version(version)
    starts = starts_of(referral)
    treatment = standing_of(starts)
    return {
        **frame(intake),
        "chosen": chosen,
        "content": chosen.content if referral.state != R.WITHDRAWN else None,
        "doings": doings(intake, started=treatment is not None),
        "treatment": treatment,
        "wrong_starts": [start for start in starts if start.in_error],
        "questions": questions_of(referral),
        "stays": stays_of(referral),
        "wrong_decisions": wrong_decisions_of(referral),
        "may_correct": can(intake.actor, "intake.correct", referral),
        "urgency_changes": urgency_changes_of(referral),
        "guidance": intake.edition.guidance_for("page.intake"),
        "urgent": referral.urgency == Referral.Urgency.URGENT,
    }


def targets(intake: Intake) -> list[tuple[str, Any]]:
    """Whom one can ask: whoever referred, then each contributor with the sections that were sent."""
    found: list[tuple[str, Any]] = []
    referrer = intake.referral.referrer
    if referrer is not None:
        found.append((REFERRER, _("%(name)s, som henviste") % {"name": referrer.user.name}))
    for row in intake.newest.content["contributions"]:
        if not row["id"]:
            continue
        parts = {part["key"]: part["heading"] for part in reversed(row["sections"]) if part["key"]}
        choices = [(f"{row['id']}:{key}", f"{row['service']}: {text}") for key, text in reversed(parts.items())]
        found.append((row["service"], [*choices, (f"{row['id']}:", f"{row['service']}: {_('noe annet')}")]))
    return found


def target_of(intake: Intake, value: str) -> dict[str, Any]:
    """The contribution and section a choice names, as arguments of the action."""
    if value == REFERRER:
        return {"contribution": None, "section_key": ""}
    contribution_id, _colon, key = value.partition(":")
    asked = Contribution.objects.select_related("service").filter(
        referral=intake.referral, pk=uuid.UUID(contribution_id)
    )
    return {"contribution": asked.first(), "section_key": key}


def answer_by(intake: Intake, today: dt.date) -> dt.date:
    """The date one asks for an answer by: some working days ahead, and no later than the clock where it still runs."""
    usual = due_on(intake.edition.deadlines[RULE], today)
    assert usual is not None
    due = intake.clock.due_on
    return min(usual, due) if due and due > today else usual


def departments(intake: Intake) -> Any:
    """The other departments of the community that receive referrals."""
    found = services_in(intake.referral.case.community).filter(receives_referrals=True)
    return found.exclude(pk=intake.referral.receiver_id)


def treatment_help(intake: Intake, today: dt.date) -> str:
    """What the guarantee for children and young people says about the date, where it applies."""
    referral = intake.referral
    rule = intake.edition.deadlines["treatment_start_under_23"]
    age = referral.case.child.age_on(today)
    latest = due_on(rule, today)
    if latest is None or not rule.holds_for(referral.receiver.kind, age):
        return _("Dag.måned.år.")
    return _("Dag.måned.år. Garantien for barn og unge: senest %(date)s (%(rule)s).") % {
        "date": latest.strftime("%d.%m.%Y"),
        "rule": in_words(rule),
    }
