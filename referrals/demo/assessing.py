"""The referrer's part of the demo story: the emergency question, the assessment, the overall words."""

from referrals.actions.assess import (
    complete_assessment,
    hand_over,
    register_external_assessment,
    return_for_more,
    save_assessment,
)
from referrals.actions.emergency import answer_emergency, record_call
from referrals.actions.finalise import give_reasons, save_overall
from referrals.demo.tale import THEMES, Tale
from referrals.models import Referral

WITH_THE_REFERRER = {"for_assessment", "returned"}


def assess(tale: Tale, referral: Referral) -> None:
    """Handed to the one entitled; the emergency question first, then the assessment and the overall words."""
    crew, clock = tale.crew, tale.clock
    without_gp = bool(tale.spec.get("no_gp"))
    referrer = crew.psychologist if without_gp else crew.doctor
    hand_over(referral=referral, referrer=referrer.seat, by=crew.coordinator, now=clock.on(1))
    if tale.stage == "returned":
        return_for_more(
            referral=referral,
            message="Jeg trenger skolens fravær for høsten, og om foreldrene er enige i henvisningen.",
            by=referrer,
            now=clock.on(1),
        )
    if tale.stage in WITH_THE_REFERRER:
        return
    if tale.stage == "emergency":
        answer = answer_emergency(
            case=tale.case,
            referral=referral,
            is_emergency=True,
            note="Puls 44 og svimmel.",
            by=referrer,
            now=clock.on(0.1),
        )
        record_call(
            emergency=answer,
            called=referral.receiver,
            phone=referral.receiver.phone or "oppgitt i vaktlisten",
            spoke_with="vakthavende lege",
            called_on=clock.on(0, 4),
            by=referrer,
            now=clock.now,
        )
        return
    answer_emergency(case=tale.case, referral=referral, is_emergency=False, by=referrer, now=clock.on(0.1))
    if tale.stage == "letter":
        register_external_assessment(
            referral=referral,
            external_from="Fastlegen, i brev til kommunepsykologen",
            how="Brev",
            assessed_on=clock.today,
            text="\n\n".join(THEMES["gp"].values()),
            by=referrer,
            now=clock.on(0, 14),
        )
    elif without_gp:
        give_reasons(
            referral=referral,
            gp_code="no_gp",
            gp_reason="Ungdommen står på venteliste for ny fastlege.",
            by=referrer,
            now=clock.on(0, 4),
        )
    else:
        save_assessment(referral=referral, sections=THEMES["gp"], version=0, by=referrer, now=clock.on(0, 14))
        complete_assessment(referral=referral, by=referrer, now=clock.on(0, 2))
    referral.refresh_from_db()
    save_overall(
        referral=referral,
        text=tale.theme["overall"],
        version=referral.assessment_version,
        by=referrer,
        now=clock.on(0, 11),
    )
