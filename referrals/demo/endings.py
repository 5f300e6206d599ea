"""Stories of cases that go another way: not told of, handed over, ended, opened again, merged, consent withdrawn."""

from cases.actions.closing import close_case, reopen_case
from cases.actions.consent import withdraw_consent
from cases.actions.emergency_access import open_in_emergency
from cases.actions.errors import mark_error
from cases.actions.holder import accept_offer, offer_holder
from cases.actions.inform import inform_guardians, record_not_informed
from cases.actions.measures import add_measure, stop_measure
from cases.actions.merge import merge_cases
from cases.actions.open import open_case
from cases.models import Consent, Measure
from portal.models import Role
from referrals.demo.story import together
from referrals.demo.tale import Tale


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


def emergency(tale: Tale) -> None:
    """Level 3, and one night the legevakt needed to know more; the holder has not looked at it yet."""
    together(tale, 3)
    open_in_emergency(
        case_id=tale.case.pk,
        reason="Kom inn i natt med forgiftning. Foreldrene er ikke å få tak i, og vi må vite om han bruker medisiner.",
        by=tale.crew.emergency_clinic,
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
