"""The referral's own texts and the GP's assessment are corrected in a new version; the versions before stand."""

import pytest
from django.utils import timezone

from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.assess import standing_assessment
from referrals.actions.assess_again import correct_assessment
from referrals.actions.decide import readers_of
from referrals.actions.finalise import finalise_referral, new_version
from referrals.actions.intake import receive
from referrals.models import Referral
from tests.referral_stories import a_referral, consented_case, fresh_referral
from tests.referrals_assess.stories import SOMATIC, collected, gp_assessed, on_the_desk, ready, sent, url
from tests.referrals_intake.stories import decided
from tests.world import World


@pytest.fixture
def referral(world: World) -> Referral:
    """With the hospital, not yet decided."""
    return fresh_referral(sent(world).referral)


def test_a_wrong_question_is_changed_with_a_new_version(world: World, referral: Referral) -> None:
    """Given a sent referral, when the question was wrong, then the new version has it right and the first stands."""
    client, page = world.client(world.doctor), url("new_version", referral.pk)
    assert referral.questions in client.get(page).content.decode()
    typed = {
        "change": "Feil spørsmål", "overall": referral.overall_assessment, "questions": "Trengs det innleggelse?",
        "worry": referral.worry, "why_specialist": "", "version": referral.texts_mark,
    }  # fmt: skip
    assert client.post(page, typed).content.decode().count("Trengs det innleggelse?") == 2
    assert client.post(page, {**typed, "send": "1"}).status_code == 303
    first, second = referral.snapshots.order_by("version")
    assert "Trengs det innleggelse?" in str(second.content)
    assert "Er det behov for utredning?" in str(first.content)
    assert (second.content["worry"], second.content["insufficient"]) == (referral.worry, "")
    assert fresh_referral(referral).questions == "Trengs det innleggelse?"


def test_what_the_page_did_not_have_is_not_emptied(world: World, referral: Referral) -> None:
    """Given a page without the texts, when a version is sent from it, then the texts stand."""
    page = url("new_version", referral.pk)
    typed = {"change": "Ny prøve", "overall": "Endret", "send": "1"}
    assert world.client(world.doctor).post(page, typed).status_code == 303
    assert fresh_referral(referral).worry == referral.worry


def test_the_second_of_two_is_told_and_nothing_typed_is_lost(world: World, referral: Referral) -> None:
    """Given two open pages, when one has sent a version, then the other is told before it goes over the first."""
    client, page = world.client(world.doctor), url("new_version", referral.pk)
    typed = {"change": "Min", "overall": "Samlet", "questions": "Mitt spørsmål", "version": referral.texts_mark}
    new_version(referral=referral, change="Din", texts={"questions": "Ditt spørsmål"}, by=world.doctor)
    late = client.post(page, {**typed, "send": "1"})
    assert late.status_code == 422
    html = late.content.decode()
    assert "En annen har endret tekstene" in html
    assert "Mitt spørsmål" in html
    assert f'value="{fresh_referral(referral).texts_mark}"' in html
    assert fresh_referral(referral).questions == "Ditt spørsmål"


def test_an_urgent_one_keeps_a_reason(world: World) -> None:
    """Given it was sent as urgent, when the reason is emptied, then it is refused at its field."""
    referral = fresh_referral(sent(world).referral)
    Referral.objects.filter(pk=referral.pk).update(urgency="urgent", urgency_reason="Selvmordstanker")
    assert "Selvmordstanker" in world.client(world.doctor).get(url("new_version", referral.pk)).content.decode()
    with pytest.raises(Invalid):
        new_version(referral=fresh_referral(referral), change="x", texts={"urgency_reason": " "}, by=world.doctor)


def test_the_gp_corrects_the_assessment_for_the_next_version(world: World, referral: Referral) -> None:
    """Given a sent referral, when the GP corrects what was written, then it goes with the next version."""
    client, page = world.client(world.doctor), url("correct_gp", referral.pk)
    assert page in client.get(url("new_version", referral.pk)).content.decode()
    shown = client.get(page)
    assert SOMATIC in shown.content.decode()
    found = standing_assessment(referral)
    assert found is not None
    typed = {**found.sections, "somatic": "Hørsel ikke undersøkt.", "version": found.version}
    assert client.post(page, typed).status_code == 303
    assert "Vurdering fra fastlege" in client.get(url("new_version", referral.pk)).content.decode()
    made = new_version(referral=fresh_referral(referral), change="Rettet", by=world.doctor)
    assert "Hørsel ikke undersøkt." in str(made.content["gp"])
    assert SOMATIC in str(referral.snapshots.get(version=1).content["gp"])
    with pytest.raises(MovedOn):
        correct_assessment(referral=referral, sections={"somatic": "x"}, version=found.version, by=world.doctor)
    with pytest.raises(Invalid):
        correct_assessment(referral=referral, sections={}, version=found.version, by=world.doctor)


def test_the_assessment_stays_with_the_gp_who_wrote_it(world: World) -> None:
    """Given another office that reads health in the case, when it would correct the assessment, then it is not offered,
    is refused with the reason, and the GP who wrote it is still told the outcome."""
    another = world.actor(Role.GP, world.emergency_clinic)
    case = consented_case(world, world.school, world.gp, world.emergency_clinic)
    prepared = ready(world, referral=collected(world, world.school, case=case))
    referral = fresh_referral(finalise_referral(referral=prepared, by=world.doctor).referral)
    client, page, found = world.client(another), url("correct_gp", referral.pk), standing_assessment(referral)
    assert found is not None
    typed = {**found.sections, "somatic": "Mitt funn", "version": found.version}
    for answer in (client.get(page), client.post(page, typed)):
        assert answer.status_code == 403
        assert "Bare tjenesten som skrev vurderingen" in answer.content.decode()
    with pytest.raises(Denied):
        correct_assessment(referral=referral, sections={"somatic": "Mitt"}, version=found.version, by=another)
    html = client.get(url("new_version", referral.pk)).content.decode()
    assert "Hva er endret?" in html
    assert page not in html
    assert world.doctor.person.pk in readers_of(referral, referral.case)[world.gp.pk]


def test_only_what_was_sent_and_is_not_decided_is_corrected(world: World, referral: Referral) -> None:
    """Given one being made, or decided, when the GP would correct the assessment, then it says why not and keeps it."""
    making = on_the_desk(world, referral=a_referral(world))
    gp_assessed(world, making)
    with pytest.raises(MovedOn):
        correct_assessment(referral=making, sections={"somatic": "x"}, version=1, by=world.doctor)
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    decided(world, referral)
    client, page = world.client(world.doctor), url("correct_gp", referral.pk)
    assert client.post(page, {"somatic": "Det jeg skrev", "version": 1}).status_code == 303
    assert "Det jeg skrev" in client.get("/tekster/").content.decode()
