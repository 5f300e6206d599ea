"""The municipality's part of the demo story: concern, levels, guardians, consent, measures, the child's words."""

import datetime as dt

from cases.actions.consent import record_consent
from cases.actions.guardians import GuardianDetails, add_guardian
from cases.actions.holder import accept_offer, offer_holder
from cases.actions.inform import inform_guardians
from cases.actions.level import change_level
from cases.actions.measures import add_measure, evaluate_measure
from cases.actions.open import open_case
from cases.actions.participants import add_participant
from cases.actions.reserve import reserve
from cases.actions.voice import record_voice
from cases.models import Category, Guardian
from cases.national_number import read
from portal.identity.fnr import synthetic
from portal.models import Service
from referrals.demo.tale import Tale


def concern(tale: Tale) -> None:
    """A service records its concern: the case is opened on level 0."""
    age, theme = int(tale.spec["age"]), tale.theme
    born = None if age < 0 else dt.date(tale.clock.today.year - age, 3 + tale.number % 6, 4 + tale.number % 20)
    if tale.spec.get("youth") and born:
        born = born.replace(month=1)
    number = read(synthetic(born, tale.number)) if born and tale.number % 3 else None
    tale.case = open_case(
        case_id=tale.identity("case"),
        child_name=str(tale.spec["name"]),
        birth_date=born,
        due_date=tale.clock.today + dt.timedelta(days=90) if born is None else None,
        number=number,
        seen_and_heard=theme["seen"],
        how_long=theme["how_long"],
        shared_with="Kollega og nærmeste leder",
        address_protection="confidential" if tale.stage == "protected" else "none",
        interpreter_language=str(tale.spec.get("interpreter", "")),
        # The county's school serves several municipalities.
        municipality=tale.crew.coordinator.organisation,
        by=tale.reporter,
        now=tale.clock.on(),
    )


def nothing(tale: Tale) -> None:
    """The story ends here for now: the concern waits for a decision."""


def together(tale: Tale, level: int) -> None:
    """Parents are informed, the level is raised, guardians and consent recorded, services brought in, measures
    tried."""
    inform_guardians(
        case=tale.case, on=tale.clock.today, how="Samtale på skolen", by=tale.reporter, now=tale.clock.on(0.2)
    )
    change_level(
        case=tale.case,
        to_level=1,
        reason="Undringen er drøftet med foreldrene, og tiltak er avtalt.",
        by=tale.reporter,
        now=tale.clock.on(0.2),
    )
    pass_the_baton(tale)
    guardians(tale)
    if level >= 2:
        change_level(
            case=tale.case,
            to_level=min(level, 2),
            reason="Tiltakene i én tjeneste er ikke nok.",
            by=tale.crew.coordinator,
            now=tale.clock.on(0.3),
        )
    consent(tale)
    for service in [writer.unit for writer in tale.writers] + ([tale.outside] if tale.outside else []):
        add_participant(
            case=tale.case,
            service=service,
            purpose="Kjenner barnet og følger opp tiltak",
            by=tale.crew.coordinator,
            now=tale.clock.on(0, 4),
        )
    if tale.stage == "received":
        add_participant(
            case=tale.case,
            service=tale.crew.doctor.unit,
            purpose="Følger barnet medisinsk, også mens sykehuset vurderer",
            by=tale.crew.coordinator,
            now=tale.clock.on(0, 4),
        )
    if level == 3:
        change_level(
            case=tale.case,
            to_level=3,
            reason="Flere tjenester må arbeide sammen over tid.",
            by=tale.crew.coordinator,
            now=tale.clock.on(0.5),
        )
    measures(tale)
    voice(tale)


def pass_the_baton(tale: Tale) -> None:
    """The reporter offers the case to the coordinator, who accepts."""
    to = tale.crew.coordinator
    offer = offer_holder(
        case=tale.case, to=to.seat, message="Kan du være stafettholder?", by=tale.reporter, now=tale.clock.on(0.1)
    )
    accept_offer(offer=offer, by=to, now=tale.clock.on(0.1))
    tale.case.refresh_from_db()


def guardians(tale: Tale) -> None:
    """Two parents; in some stories they live apart."""
    surname = str(tale.spec["name"]).split()[-1]
    apart = tale.number % 3 == 0
    for name, relation, daily in ((f"Anne {surname}", "mother", True), (f"Tor {surname}", "father", not apart)):
        details = GuardianDetails(
            name=name,
            relation=relation,
            parental_responsibility=True,
            daily_care=daily,
            phone=f"900 00 {tale.number:03d}",
            interpreter_language=str(tale.spec.get("interpreter", "")),
        )
        add_guardian(case=tale.case, details=details, by=tale.crew.coordinator, now=tale.clock.on(0, 3))


def consent(tale: Tale, receivers: tuple[Service, ...] = ()) -> None:
    """Both parents consent, for a year unless the child's story says otherwise; a youth decides alone."""
    crew = tale.crew
    referrer = crew.psychologist if tale.spec.get("no_gp") else crew.doctor
    everyone = [crew.coordinator, referrer, *tale.writers]
    services = [actor.unit for actor in everyone] + list(receivers)
    services += [tale.outside] if tale.outside else []
    if not receivers:
        services.append(Service.objects.get(key=str(tale.spec.get("receiver", "bup-namsos"))))
    parents = Guardian.objects.filter(child=tale.case.child, error_at__isnull=True)
    said = [f"guardian:{g.pk}" for g in parents]
    age = int(tale.spec["age"])
    # At 15 the young person decides about school, at 16 about everything.
    school = [Category.SCHOOL.value]
    rest = [category for category in Category.values if category not in school]
    if age >= 16:
        shares = [(["youth"], list(Category.values))]
    else:
        shares = [(said, rest), (["youth"], school)] if age == 15 else [(said, list(Category.values))]
    for parties, categories in shares:
        record_consent(
            case=tale.case,
            decision="given",
            parties=parties,
            services=list(dict.fromkeys(services)),
            categories=categories,
            purpose="Samarbeid om tiltak og eventuell henvisning",
            given_on=tale.clock.today,
            how="written",
            valid_until=tale.clock.today + dt.timedelta(days=int(tale.spec.get("consent_days", 365))),
            by=crew.coordinator,
            now=tale.clock.on(0.2),
        )


def measures(tale: Tale) -> None:
    """Two measures tried, one evaluated, feeding the referral."""
    theme, crew = tale.theme, tale.crew
    first = tale.writers[0]
    started = tale.clock.today - dt.timedelta(days=120)
    tried = add_measure(
        case=tale.case,
        service=first.unit,
        title="Tilrettelegging i gruppen",
        state="ongoing",
        started_on=started,
        description="Fast voksen, korte økter og tydelig plan for dagen.",
        by=crew.coordinator,
        now=tale.clock.on(0.1),
    )
    evaluate_measure(
        measure=tried,
        effect="some",
        effect_text="Roligere i starten av dagen, liten endring ellers.",
        ended_on=tale.clock.today,
        by=crew.coordinator,
        now=tale.clock.on(0, 9),
    )
    add_measure(
        case=tale.case,
        service=crew.health_visitor.unit,
        title="Samtaler med helsesykepleier",
        state="ongoing",
        started_on=started + dt.timedelta(days=20),
        description=theme["why"],
        by=crew.coordinator,
        now=tale.clock.on(0, 9),
    )
    if tale.stage == "level3":
        add_measure(
            case=tale.case,
            service=crew.ppt.unit,
            title="Veiledning av klassens lærere",
            state="planned",
            description="Etter vinterferien, når den sakkyndige vurderingen er klar.",
            by=crew.coordinator,
            now=tale.clock.on(0, 9),
        )


def voice(tale: Tale) -> None:
    """The child's own words, written down by the one who knows it best; one child does not want its parents to know."""
    said = record_voice(
        case=tale.case,
        speaker="child",
        words=tale.theme["voice"],
        how_obtained="Samtale på skolen, lest opp for barnet",
        obtained_on=tale.clock.today,
        by=tale.crew.coordinator,
        now=tale.clock.on(0.1),
    )
    if tale.spec.get("reserved"):
        reserve(
            entry=said,
            ground="wish",
            reason="Vil selv fortelle det hjemme når tiden er inne. Det er trygt å vente.",
            assessed_by="Helsesykepleier og kontaktlærer",
            assessed_on=tale.clock.today,
            by=tale.crew.coordinator,
            now=tale.clock.on(0.1),
        )
