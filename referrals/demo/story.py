"""The municipality's part of the demo story: concern, levels, guardians, consent, measures, the child's words."""

import datetime as dt
import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases.actions.closing import close_case, reopen_case
from cases.actions.consent import record_consent, withdraw_consent
from cases.actions.errors import mark_error
from cases.actions.guardians import GuardianDetails, add_guardian
from cases.actions.holder import accept_offer, offer_holder
from cases.actions.inform import inform_guardians, record_not_informed
from cases.actions.level import change_level
from cases.actions.measures import add_measure, evaluate_measure, stop_measure
from cases.actions.merge import merge_cases
from cases.actions.open import open_case
from cases.actions.participants import add_participant
from cases.actions.voice import record_voice
from cases.models import Case, Category, Consent, Guardian, Measure
from cases.national_number import read
from portal.context import Actor
from portal.identity.fnr import synthetic
from portal.models import Role, Service
from referrals.demo.crew import Clock, Crew

HERE = Path(__file__).parent
THEMES: dict[str, Any] = tomllib.loads((HERE / "themes.toml").read_text(encoding="utf-8"))
CHILDREN: list[dict[str, Any]] = tomllib.loads((HERE / "children.toml").read_text(encoding="utf-8"))["child"]
# Every child of the story has the same id each time it is told, so that telling it again adds nothing.
NAMESPACE = uuid.UUID("7f9f3c1e-52a5-4d8c-9b63-9d3f1a0b6a11")


@dataclass
class Tale:
    """One child's story while it is being told."""

    spec: dict[str, Any]
    crew: Crew
    clock: Clock
    number: int
    case: Case = field(init=False)

    @property
    def theme(self) -> dict[str, Any]:
        """The texts of the child's theme."""
        return dict(THEMES[self.spec["theme"]])

    @property
    def stage(self) -> str:
        """How far the case has come."""
        return str(self.spec["stage"])

    @property
    def small(self) -> bool:
        """Whether the child is in kindergarten rather than school."""
        return 0 <= int(self.spec["age"]) < 6

    @property
    def teacher(self) -> Actor:
        """Who knows the child in the kindergarten or the school of its age."""
        if self.small:
            return self.crew.kindergarten
        return self.crew.upper_secondary if int(self.spec["age"]) >= 16 else self.crew.teacher

    @property
    def reporter(self) -> Actor:
        """Who records the concern: the school or kindergarten, else the helsestasjon."""
        if self.spec["age"] < 0 or self.spec["theme"] == "eating":
            return self.crew.health_visitor
        return self.teacher

    @property
    def writers(self) -> list[Actor]:
        """The services that know the child, and so contribute."""
        known = [self.teacher, self.crew.ppt, self.crew.health_visitor]
        return [*known, self.crew.child_protection] if self.number % 4 == 0 else known

    @property
    def outside(self) -> Service | None:
        """A service that knows the child and has no users: what it wrote comes as a letter."""
        if self.stage != "ready":
            return None
        return Service.objects.get(key=f"{self.crew.place}-helse-og-omsorg")

    def identity(self, name: str) -> uuid.UUID:
        """The fixed id of a thing in this child's story."""
        return uuid.uuid5(NAMESPACE, f"{self.spec['name']}/{name}")


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


def hidden(tale: Tale) -> None:
    """The parents are not told, for a reason that is written down."""
    record_not_informed(
        case=tale.case,
        code="violence",
        reason="Barnet har fortalt om slag hjemme. Barnevernet er varslet etter meldeplikten.",
        by=tale.reporter,
        now=tale.clock.on(1),
    )


def no_reason(tale: Tale) -> None:
    """There was no reason for concern: ended from level 0."""
    close_case(
        case=tale.case,
        code="no_concern",
        reason="Foreldrene forteller at det var en vanskelig høst med flytting. Barnet har det bra nå.",
        by=tale.reporter,
        now=tale.clock.on(6),
    )


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
    """The child's own words, written down by the one who knows it best."""
    record_voice(
        case=tale.case,
        speaker="child",
        words=tale.theme["voice"],
        how_obtained="Samtale på skolen, lest opp for barnet",
        obtained_on=tale.clock.today,
        by=tale.crew.coordinator,
        now=tale.clock.on(0.1),
    )


def handover(tale: Tale) -> None:
    """An offer to become case holder that waits for an answer."""
    together(tale, 2)
    other = tale.crew.actor(Role.COORDINATING_UNIT, "namsos-koordinerende-enhet")
    offer_holder(
        case=tale.case,
        to=other.seat,
        message="Jeg går ut i permisjon i desember.",
        by=tale.crew.coordinator,
        now=tale.clock.on(2),
    )


def closed(tale: Tale) -> None:
    """Measures helped; the case is ended and sealed."""
    together(tale, 2)
    close_case(
        case=tale.case,
        code="goal_reached",
        reason="Målene er nådd. Foreldrene og skolen er enige om å avslutte.",
        by=tale.crew.coordinator,
        now=tale.clock.on(30),
    )


def reopened(tale: Tale) -> None:
    """Ended, and opened again; a measure was stopped, and one had been recorded in the wrong case."""
    closed(tale)
    crew, clock = tale.crew, tale.clock
    tale.case.refresh_from_db()
    reopen_case(
        case=tale.case,
        reason="Skolen melder at vanskene er tilbake etter ferien.",
        by=crew.coordinator,
        now=clock.on(20),
    )
    tale.case.refresh_from_db()
    talks = Measure.objects.get(case=tale.case, state=Measure.State.ONGOING)
    stop_measure(
        measure=talks,
        reason="Barnet ville ikke fortsette samtalene. Vi prøver noe annet.",
        ended_on=clock.today,
        by=crew.coordinator,
        now=clock.on(1),
    )
    wrong = add_measure(
        case=tale.case,
        service=crew.ppt.unit,
        title="Veiledning av klassens lærere",
        state="planned",
        description="Avtalt med kontaktlæreren.",
        by=crew.coordinator,
        now=clock.on(0, 9),
    )
    mark_error(entry=wrong, reason="Gjelder et annet barn.", by=crew.coordinator, now=clock.on(0, 12))


def merged(tale: Tale) -> None:
    """Two services recorded the same child; the coordinating unit puts the two cases together."""
    together(tale, 1)
    kept, crew, clock = tale.case, tale.crew, tale.clock
    tale.case = open_case(
        case_id=tale.identity("twin"),
        child_name=kept.child.name,
        birth_date=kept.child.birth_date,
        seen_and_heard="Foreldrene kom til helsestasjonen og var urolige for søvnen.",
        how_long="Siden sommeren",
        shared_with="Leder på helsestasjonen",
        by=crew.health_visitor,
        now=clock.on(1),
    )
    twin = tale.case
    inform_guardians(
        case=twin, on=clock.today, how="Samtale på helsestasjonen", by=crew.health_visitor, now=clock.on(0.2)
    )
    offer = offer_holder(
        case=twin, to=crew.coordinator.seat, message="Kan du ta denne?", by=crew.health_visitor, now=clock.on(0.2)
    )
    accept_offer(offer=offer, by=crew.coordinator, now=clock.on(0.2))
    twin.refresh_from_db()
    merge_cases(
        keep=kept, close=twin, reason="Samme barn, meldt av to tjenester.", by=crew.coordinating_unit, now=clock.on(1)
    )
    tale.case = kept


def withdrawn_consent(tale: Tale) -> None:
    """The parents withdrew: the services are out the same second, and it shows."""
    together(tale, 2)
    consent_given = Consent.objects.filter(case=tale.case).latest("valid_from")
    withdraw_consent(
        consent=consent_given,
        note="Mor ringte. Foreldrene vil tenke seg om.",
        by=tale.crew.coordinator,
        now=tale.clock.on(3),
    )
