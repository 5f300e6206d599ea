"""The decision: what it takes, who learns it, and what happens when it comes too late."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.models import Consent, Deadline, Notification, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.decide import read_outcome
from referrals.actions.finalise import withdraw_referral
from referrals.actions.intake import receive
from referrals.models import ContributionSection, InformationRequest, IntakeDecision, Referral
from tests.referral_stories import a_collected_referral, a_referral, fresh_referral, submitted
from tests.referrals_intake.stories import (
    a_question,
    a_received_referral,
    a_sent_referral,
    contribution_of,
    decided,
)
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World


def told(kind: str, **given: Any) -> set[Any]:
    return set(Notification.objects.filter(kind=kind, **given).values_list("service", flat=True))


def test_a_right_has_its_date_and_starts_the_clocks(world: World) -> None:
    referral = a_received_referral(world)
    made = decided(world, referral)
    assert (made.code, made.complaint_text) == ("right", "")
    assert fresh_referral(referral).state == Referral.State.DECIDED
    rules = dict(Deadline.objects.filter(subject_id=referral.pk).values_list("rule", "state"))
    assert rules["intake_assessment"] == "met"
    assert rules["treatment_right_date"] == rules["treatment_start_under_23"] == "open"
    assert not Task.objects.filter(subject_id=referral.pk, kind="intake.decide", closed_at__isnull=True).exists()


def test_no_right_says_how_to_complain_and_has_no_date(world: World) -> None:
    made = decided(world, outcome="no_right", treatment_deadline=timezone.localdate())
    assert made.treatment_deadline is None
    for words in ("4 uker", "Statsforvalteren", "Avdelingen som har vurdert henvisningen"):
        assert words in made.complaint_text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"code": "no_need"}, "code"),
        ({"code": "right_treatment"}, "code"),
        ({"reason": "  "}, "reason"),
        ({"treatment_deadline": None}, "treatment_deadline"),
        ({"treatment_deadline": dt.date(2020, 1, 1)}, "treatment_deadline"),
        ({"decided_on": dt.date(2199, 1, 1)}, "decided_on"),
        ({"decided_on": dt.date(2020, 1, 1)}, "decided_on"),
    ],
)
def test_what_is_missing_is_named_at_its_field(world: World, given: dict[str, Any], field: str) -> None:
    referral = a_received_referral(world)
    with pytest.raises(Invalid) as refused:
        decided(world, referral, **given)
    assert field in refused.value.errors
    assert fresh_referral(referral).state == Referral.State.RECEIVED


def test_a_double_click_gives_the_same_decision(world: World) -> None:
    referral = a_received_referral(world)
    assert decided(world, referral) == decided(world, referral)
    assert IntakeDecision.objects.count() == 1
    assert Task.objects.filter(kind="outcome.read", subject_id=referral.pk).count() == 2
    with pytest.raises(MovedOn, match="allerede avgjort"):
        decided(world, referral, "no_right")


def test_the_second_reviewer_hears_who_was_first(world: World) -> None:
    referral = a_received_referral(world)
    decided(world, referral, "no_right", by=world.actor(Role.CLINICIAN, world.bup, "Berit Behandler"))
    with pytest.raises(MovedOn, match="Berit Behandler"):
        decided(world, referral)


def test_deciding_a_withdrawn_referral_is_answered_kindly(world: World) -> None:
    referral = a_received_referral(world)
    stale = fresh_referral(referral)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    with pytest.raises(MovedOn, match="trukket av"):
        decided(world, stale)


def test_an_unreceived_referral_is_decided_only_with_its_date(world: World) -> None:
    referral = a_sent_referral(world)
    with pytest.raises(MovedOn, match="når henvisningen ble mottatt"):
        decided(world, referral)
    decided(world, referral, received_on=timezone.localdate(), made_elsewhere=True)
    assert fresh_referral(referral).first_received_on == timezone.localdate()


@pytest.mark.parametrize("who", ["doctor", "coordinator", "teacher"])
def test_only_the_department_decides(world: World, who: str) -> None:
    referral = a_received_referral(world)
    for actor in (
        getattr(world, who),
        world.actor(Role.INTAKE, world.habu),
        world.actor(Role.SERVICE_LEADER, world.bup),
    ):
        with pytest.raises(Denied):
            decided(world, referral, by=actor)


def test_holder_and_referrer_have_it_to_read_and_contributors_learn_what_consent_covers(world: World) -> None:
    referral = a_received_referral(world)
    yes = Consent.objects.filter(case=referral.case, decision="given").first()
    assert yes is not None
    withdraw_consent(consent=yes, services=[world.ppt], by=world.coordinator)
    decided(world, referral)
    tasks = Task.objects.filter(kind="outcome.read", subject_id=referral.pk, closed_at__isnull=True)
    assert set(tasks.values_list("service", flat=True)) == {world.coordinating_unit.pk, world.gp.pk}
    assert told("referral.decided") == {
        world.coordinating_unit.pk,
        world.gp.pk,
        world.school.pk,
        world.health_visitor.pk,
    }
    assert told("contribution.closed") == {world.ppt.pk}
    for service, words in ((world.school, "Fortsett tilretteleggingen"), (world.ppt, "Bidraget ditt er brukt")):
        client = world.client(world.actor(Role.CONTRIBUTOR, service))
        url = reverse("referrals:contribution", args=[contribution_of(referral, service).pk])
        page = client.get(url).content.decode()
        assert words in page
        # The family's message and the reason are for those who sent it.
        assert "Dere får time hos oss." not in page
        assert ("Fortsett tilretteleggingen" in page) == (service == world.school)


def test_the_gp_who_assessed_learns_it_though_another_finalised(world: World) -> None:
    collected = a_collected_referral(world)
    referral = a_sent_referral(world, collected=collected)
    assert referral.referrer is not None
    psychologist = world.actor(Role.PSYCHOLOGIST, world.health_visitor)
    Referral.objects.filter(pk=referral.pk).update(referrer=psychologist.membership, sent_by=psychologist.user)
    receive(referral=fresh_referral(referral), received_on=timezone.localdate(), by=world.intake)
    decided(world, referral)
    assert Task.objects.filter(kind="outcome.read", service=world.gp, closed_at__isnull=True).exists()
    page = world.client(world.doctor).get(reverse("referrals:outcome", args=[referral.pk]))
    assert page.status_code == 200
    assert "Fortsett tilretteleggingen" in page.content.decode()


def test_open_questions_fall_away(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    decided(world, referral)
    found = InformationRequest.objects.get(pk=question.pk)
    assert found.cancelled_at is not None
    assert not Task.objects.filter(subject_id=question.pk, closed_at__isnull=True).exists()
    assert not ContributionSection.objects.filter(reopened=True).exists()


def test_reading_closes_ones_own_task_alone(world: World) -> None:
    referral = a_received_referral(world)
    decided(world, referral)
    assert read_outcome(referral=fresh_referral(referral), by=world.doctor) == 1
    assert read_outcome(referral=fresh_referral(referral), by=world.doctor) == 0
    assert Task.objects.get(kind="outcome.read", closed_at__isnull=True).service == world.coordinating_unit


def test_the_outcome_page_reads_plainly(world: World) -> None:
    referral = a_received_referral(world)
    url = reverse("referrals:outcome", args=[referral.pk])
    client = world.client(world.coordinator)
    before = client.get(url).content.decode()
    assert "BUP Fjordvik vurderer henvisningen." in before
    assert "Sykehuset skal svare senest" in before
    decided(world, referral, "no_right")
    page = client.get(url).content.decode()
    for words in (
        "ikke har rett til helsehjelp på sykehuset nå", "Fortsett tilretteleggingen", "Dere får time hos oss.",
        "Slik kan familien klage", "Hva nå?", "Gå til nivåene", "registrerte mottaket", "Lest",
    ):  # fmt: skip
        assert words in page, words
    assert client.post(url).status_code == 303
    assert ">Lest<" not in client.get(url).content.decode()
    doctor = world.client(world.doctor).get(url)
    assert doctor.status_code == 200
    assert "Fortsett tilretteleggingen" in doctor.content.decode()
    assert "Utfall" in doctor.content.decode()


def test_a_referral_being_made_has_no_outcome_to_decide(world: World) -> None:
    referral = a_collected_referral(world)
    with pytest.raises((MovedOn, Denied)):
        decided(world, referral)


def test_a_contribution_that_consent_held_back_was_not_used(world: World) -> None:
    """Given the school's contribution was never sent, when the hospital has decided, then it is told no such thing."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.gp)
    consent(case, [world.school, world.gp, case.holder.service], ["school"])
    consent(case, [world.bup, world.gp, case.holder.service], ["health"])
    referral = a_referral(world, fresh(case), world.school)
    submitted(world, contribution_of(referral, world.school))
    referral = a_received_referral(world, collected=fresh_referral(referral))
    assert not referral.snapshots.latest("version").content["contributions"]
    decided(world, referral)
    assert told("contribution.not_used") == {world.school.pk}
    assert not told("contribution.closed")
    page = world.client(world.teacher).get(
        reverse("referrals:contribution", args=[contribution_of(referral, world.school).pk])
    )
    assert "Samtykket dekket ikke" in page.content.decode()
