"""The referral's part of the demo story, from the first question to the hospital's decision."""

from typing import Any

from guideline.workdays import add_working_days
from portal.context import Actor
from portal.models import Service
from referrals.actions.ask import ask_contribution, cancel_request
from referrals.actions.assess import (
    complete_assessment,
    hand_over,
    register_external_assessment,
    return_for_more,
    save_assessment,
)
from referrals.actions.consult import (
    Talk,
    answer_consultation,
    ask_department,
    attach_consultation,
    record_consultation,
)
from referrals.actions.decide import decide
from referrals.actions.emergency import answer_emergency, record_call
from referrals.actions.finalise import finalise_referral, give_reasons, save_overall, withdraw_referral
from referrals.actions.information import answer_information, ask_for_information
from referrals.actions.intake import (
    assign_reviewer,
    receive,
    redirect_referral,
)
from referrals.actions.received import register_contribution
from referrals.actions.start import resubmit, start_referral
from referrals.actions.treatment import record_treatment_start
from referrals.actions.write import decline_contribution, save_section, submit_contribution
from referrals.demo.story import THEMES, Tale, together
from referrals.models import Consultation, Contribution, Referral

CONSULTING = {"asked", "consulted", "suffices"}
COLLECTING = {"collecting", "overdue", "cancelled"}
WITH_THE_REFERRER = {"for_assessment", "returned"}
BEFORE_SENDING = CONSULTING | COLLECTING | WITH_THE_REFERRER | {"draft", "ready", "emergency", "protected", "letter"}
DECISIONS = {"right": "right", "no_right": "no_need", "not_assessable": "not_assessable"}


def tell(tale: Tale) -> None:
    """Takes the referral as far as the stage says."""
    together(tale, 2)
    crew, clock, stage = tale.crew, tale.clock, tale.stage
    department = Service.objects.get(key=str(tale.spec.get("receiver", "bup-namsos")))
    if stage in CONSULTING or tale.number % 5 == 0:
        consultation = consult(tale, department)
        if stage in CONSULTING:
            return
    else:
        consultation = None
    referral = start(tale, department)
    if stage == "draft":
        return
    if consultation is not None:
        attach_consultation(consultation=consultation, referral=referral, by=crew.coordinator, now=clock.on(0, 6))
    collect(tale, referral)
    if stage in COLLECTING:
        return
    if stage == "ready":
        letter(tale, referral)
        return
    assess(tale, referral)
    if stage in BEFORE_SENDING:
        return
    finalise_referral(
        referral=referral, by=crew.psychologist if tale.spec.get("no_gp") else crew.doctor, now=clock.on(0, 20)
    )
    if stage == "withdrawn":
        withdraw_referral(
            referral=referral,
            reason="Familien har flyttet til en annen kommune og ønsker ny vurdering der.",
            by=crew.coordinator,
            now=clock.on(2),
        )
        return
    if stage != "sent":
        at_the_hospital(tale, referral, department)


def consult(tale: Tale, department: Service) -> Consultation:
    """A discussion with the department before referring; some are held by phone."""
    crew, clock = tale.crew, tale.clock
    question = f"{tale.theme['worry']} {tale.theme['questions']}"
    if tale.stage == "consulted" or tale.number % 10 == 0:
        talk = Talk(
            answer="refer",
            answer_text="Vi anbefaler henvisning. Legg ved skolens rapport og fastlegens undersøkelse.",
            held="phone",
            held_on=clock.today,
            answered_by_name="vakthavende behandler",
        )
        return record_consultation(
            case=tale.case,
            department=department,
            question=question,
            talk=talk,
            nameless=True,
            by=crew.coordinator,
            now=clock.on(1),
        )
    asked = ask_department(
        case=tale.case,
        department=department,
        question=question,
        age_group="Skolealder",
        by=crew.coordinator,
        now=clock.on(1),
    )
    if tale.stage == "asked":
        return asked
    suffices = tale.stage == "suffices"
    answer_consultation(
        consultation=asked,
        answer="municipal_measures_suffice" if suffices else "refer",
        answer_text="Fortsett opptrappingsplanen i åtte uker og ta kontakt igjen ved forverring."
        if suffices
        else "Barnet bør henvises. Ta med kartlegging fra PPT.",
        by=crew.intake(department),
        now=clock.on(2),
    )
    asked.refresh_from_db()
    return asked


def start(tale: Tale, department: Service) -> Referral:
    """The coordinator starts the referral from what the case holds."""
    theme = tale.theme
    urgent = bool(tale.spec.get("urgent"))
    return start_referral(
        case=tale.case,
        receiver=department,
        questions=theme["questions"],
        worry=theme["worry"],
        why_specialist=theme["why"],
        urgency="urgent" if urgent else "ordinary",
        urgency_reason="Raskt vekttap og lav puls." if urgent else "",
        token=tale.identity("referral"),
        by=tale.crew.coordinator,
        now=tale.clock.on(0.5),
    )


def collect(tale: Tale, referral: Referral) -> None:
    """Asks each service; how many have answered depends on the stage."""
    crew, clock = tale.crew, tale.clock
    asked = [
        ask_contribution(
            referral=referral,
            service=w.unit,
            by=crew.coordinator,
            now=clock.on(0, 5),
            request_text="Skriv det dere mener BUP trenger å vite. Korte, konkrete eksempler.",
        )
        for w in tale.writers
    ]
    if tale.stage == "cancelled":
        cancel_request(
            contribution=asked[-1],
            reason="Helsestasjonen kjenner ikke barnet: spurt ved en feil.",
            by=crew.coordinator,
            now=clock.on(0.5),
        )
        asked = asked[:-1]
    for position, (writer, contribution) in enumerate(zip(tale.writers, asked, strict=False)):
        waiting = tale.stage in COLLECTING and position > 0
        if waiting and position == len(asked) - 1:
            continue
        if waiting and tale.number % 2 == 0:
            decline_contribution(
                contribution=contribution,
                code="nothing_new",
                note="Vi så barnet sist for to år siden.",
                by=writer,
                now=clock.on(1),
            )
            continue
        write(tale, contribution, writer)
        if not waiting:
            submit_contribution(contribution=contribution, by=writer, now=clock.on(0, 12))


def letter(tale: Tale, referral: Referral) -> None:
    """What a service without users wrote, registered by the holder."""
    if tale.outside is not None:
        register_contribution(
            referral=referral,
            service=tale.outside,
            external_from="Avlastningen ved leder",
            how="Brev",
            written_on=tale.clock.today,
            text="Er hos oss annenhver helg. Sover godt, og trenger en rolig voksen ved måltidene.",
            by=tale.crew.coordinator,
            now=tale.clock.on(0.3),
        )


def write(tale: Tale, contribution: Contribution, writer: Actor) -> None:
    """Fills the sections the theme has text for."""
    texts: dict[str, Any] = tale.theme.get(contribution.template) or THEMES.get(contribution.template, {})
    sections = list(contribution.sections.all())
    written = False
    for section in sections:
        text = texts.get(section.key, "")
        if isinstance(text, str) and text:
            save_section(section=section, text=text, version=section.version, by=writer, now=tale.clock.on(0.1, 8))
            written = True
    if not written:
        save_section(
            section=sections[0],
            text=tale.theme["seen"],
            version=sections[0].version,
            by=writer,
            now=tale.clock.on(0.1, 8),
        )
    contribution.refresh_from_db()


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
