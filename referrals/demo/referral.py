"""The municipality's part of the referral in the demo story, from the first question until it is sent."""

from typing import Any

from portal.context import Actor
from portal.models import Service
from referrals.actions.ask import ask_contribution, cancel_request
from referrals.actions.consult import (
    Talk,
    answer_consultation,
    ask_department,
    attach_consultation,
    record_consultation,
)
from referrals.actions.finalise import finalise_referral, withdraw_referral
from referrals.actions.received import register_contribution
from referrals.actions.start import start_referral
from referrals.actions.write import decline_contribution, save_section, submit_contribution
from referrals.demo.assessing import WITH_THE_REFERRER, assess
from referrals.demo.hospital import at_the_hospital
from referrals.demo.story import together
from referrals.demo.tale import THEMES, Tale
from referrals.models import Consultation, Contribution, Referral

CONSULTING = {"asked", "consulted", "suffices"}
COLLECTING = {"collecting", "overdue", "cancelled"}
BEFORE_SENDING = CONSULTING | COLLECTING | WITH_THE_REFERRER | {"draft", "ready", "emergency", "protected", "letter"}


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
