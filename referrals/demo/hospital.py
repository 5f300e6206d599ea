"""The hospital's part of the demo story: receipt, questions, and the decision."""

from guideline.workdays import add_working_days
from portal.context import Actor
from portal.models import Service
from referrals.actions.decide import decide
from referrals.actions.finalise import finalise_referral
from referrals.actions.information import answer_information, ask_for_information
from referrals.actions.intake import (
    assign_reviewer,
    receive,
    redirect_referral,
)
from referrals.actions.start import resubmit
from referrals.actions.treatment import record_treatment_start
from referrals.demo.assessing import assess
from referrals.demo.tale import Tale
from referrals.models import Referral

DECISIONS = {"right": "right", "no_right": "no_need", "not_assessable": "not_assessable"}


def at_the_hospital(tale: Tale, referral: Referral, department: Service) -> None:
    """Received, and then what the stage says: asked about, sent on, late, or decided."""
    clock, stage = tale.clock, tale.stage
    nurse = tale.crew.intake(department)
    clock.on(1)
    receive(referral=referral, received_on=clock.today, by=nurse, now=clock.on())
    if stage in {"received", "late"}:
        return
    if stage == "redirected":
        ward = Service.objects.get(key="habu-namsos")
        redirect_referral(
            referral=referral,
            to=ward,
            reason="Spørsmålet gjelder utvikling, og hører til habiliteringen.",
            by=nurse,
            now=clock.on(3),
        )
        return
    assign_reviewer(referral=referral, reviewer=nurse.seat, by=nurse, now=clock.on(0.5))
    if stage == "information":
        school = referral.contributions.order_by("requested_at").first()
        assert school is not None
        request = ask_for_information(
            referral=referral,
            contribution=school,
            section_key="functioning",
            question="Hvor stort er fraværet de siste fire ukene, og når på dagen er det verst?",
            by=nurse,
            now=clock.on(1),
        )
        if tale.number % 2:
            answer_information(
                request=request,
                answer="To til tre dager i uka. Verst de to første timene.",
                by=tale.writers[0],
                now=clock.on(1),
            )
        return
    decided = "right" if stage == "resubmitted" else stage
    if stage == "resubmitted":
        conclude(tale, referral, nurse, "not_assessable")
        second = resubmit(
            referral=referral,
            receiver=department,
            token=tale.identity("resubmission"),
            by=tale.crew.coordinator,
            now=clock.on(5),
        )
        assess(tale, second)
        finalise_referral(referral=second, by=tale.crew.doctor, now=clock.on(0.2))
        clock.on(1)
        receive(referral=second, received_on=clock.today, by=nurse, now=clock.on())
        referral = second
    conclude(tale, referral, nurse, decided)


def conclude(tale: Tale, referral: Referral, nurse: Actor, outcome: str) -> None:
    """The decision, with advice to the municipality and the family's own message."""
    clock = tale.clock
    reasons = {
        "right": "Vanskene er alvorlige nok til utredning og behandling her.",
        "no_right": "Vi vurderer at hjelpen i kommunen er riktig nå. Tiltakene har begynt å virke.",
        "not_assessable": "Vi mangler opplysninger om hvordan barnet har det hjemme, og får ikke svar fra henviser.",
    }
    messages = {
        "right": "Barnet ditt får time hos oss. Vi ringer dere for å avtale dagen.",
        "no_right": "Vi har lest alt som er skrevet. Vi mener at hjelpen dere får i kommunen, er den riktige nå.",
        "not_assessable": "Vi trenger å vite mer før vi kan svare. Stafettholderen tar kontakt med dere.",
    }
    clock.on(3)
    decide(
        referral=referral,
        outcome=outcome,
        code=DECISIONS[outcome],
        reason=reasons[outcome],
        treatment_deadline=add_working_days(clock.today, 40) if outcome == "right" else None,
        advice="Fortsett tilretteleggingen på skolen, og hold foreldrene informert hver uke.",
        family_message=messages[outcome],
        made_elsewhere=tale.number % 2 == 0,
        by=nurse,
        now=clock.on(),
    )
    if tale.spec.get("started"):
        clock.on(7)
        record_treatment_start(referral=referral, started_on=clock.today, by=nurse, now=clock.on())
