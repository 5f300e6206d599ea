"""What two people, or one person twice, write at the same time: a repeat is harmless, and no words vanish unseen."""

import dataclasses

import pytest

from cases.actions.concern import record_concern
from cases.actions.errors import mark_error
from cases.actions.guardians import GuardianDetails, add_guardian, change_guardian, set_capacity, version_of
from cases.actions.holder import decline_offer, offer_holder
from cases.actions.inform import inform_guardians, record_not_informed
from cases.actions.measures import add_measure, evaluate_measure, stop_measure
from cases.actions.measures import version_of as measure_version
from cases.models import Case, Concern, Guardian, Measure
from guideline.editions import current_edition
from portal.access import Stranger
from portal.models import StateChange
from portal.states import MovedOn
from portal.timeframe import today
from tests.stories import a_case, guardians
from tests.world import World

MOTHER = GuardianDetails(name="Mor Fjord", relation="mother", parental_responsibility=True)


def a_measure(world: World, case: Case) -> Measure:
    """A measure that goes on."""
    return add_measure(
        case=case, service=world.coordinating_unit, title="Fast voksen", started_on=today(), by=world.coordinator
    )


def test_a_guardian_is_not_changed_over_the_head_of_another(world: World) -> None:
    """Given two who opened the same guardian; when both save; then the second is told, and saves knowingly."""
    case = a_case(world, by=world.coordinator)
    mother = guardians(case, "Mor Fjord")[0]
    url = f"/saker/{case.pk}/foresatte/{mother.pk}/"
    client, old = world.client(world.coordinator), version_of(mother)
    sent = {"name": "Mor Fjord", "relation": "mother", "parental_responsibility": "on", "version": old}
    assert client.post(url, {**sent, "phone": "70 11 22 33"}).status_code == 303
    late = client.post(url, {**sent, "blocked": "on"})
    assert late.status_code == 422
    assert "Noen andre endret" in late.content.decode()
    mother.refresh_from_db()
    assert (mother.phone, mother.blocked) == ("70 11 22 33", False)
    assert version_of(mother) in late.content.decode()


def test_a_guardian_is_changed_in_a_case_of_their_own_child(world: World) -> None:
    """Given a guardian of another child; when they are changed through this case; then nobody is found."""
    mine, other = a_case(world), a_case(world, name="Bo Fjell")
    theirs = guardians(other, "Far Fjell")[0]
    version = version_of(theirs)
    with pytest.raises(Stranger):
        change_guardian(case=mine, guardian=theirs, details=MOTHER, version=version, by=world.coordinator)
    assert world.client(world.coordinator).get(f"/saker/{mine.pk}/foresatte/{theirs.pk}/").status_code == 404


def test_who_decides_is_not_changed_over_the_head_of_another(world: World) -> None:
    """Given an old page; when it is saved after another's change; then it is refused and the change stands."""
    case = a_case(world)
    old = version_of(case.child)
    for _again in range(2):
        set_capacity(case=case, version=old, care_taken_over_on=today(), by=world.coordinator)
    with pytest.raises(MovedOn):
        set_capacity(case=case, version=old, care_taken_over_on=None, by=world.coordinator)
    case.child.refresh_from_db()
    assert case.child.care_taken_over_on == today()


def test_a_guardian_recorded_again_with_other_facts_is_no_repeat(world: World) -> None:
    """Given a guardian just recorded; when sent again; then it is one, and other facts are refused, not dropped."""
    case = a_case(world)
    first = add_guardian(case=case, details=MOTHER, by=world.coordinator)
    assert add_guardian(case=case, details=MOTHER, by=world.coordinator) == first
    with pytest.raises(MovedOn):
        add_guardian(case=case, details=dataclasses.replace(MOTHER, blocked=True), by=world.coordinator)
    assert Guardian.objects.filter(child=case.child).count() == 1


def test_an_evaluation_is_a_repeat_only_in_the_same_words(world: World) -> None:
    """Given a measure evaluated and going on; when evaluated again; then the new words stand and the old are kept."""
    measure = a_measure(world, a_case(world))
    said = {"measure": measure, "effect": "some", "by": world.coordinator}
    for _again in range(2):
        evaluate_measure(**said, effect_text="Litt roligere.")
    assert StateChange.objects.filter(subject_id=measure.pk, to_state="evaluated").count() == 1
    with pytest.raises(MovedOn):
        evaluate_measure(**said, effect_text="Skrevet uten å ha sett den første.")
    measure.refresh_from_db()
    evaluate_measure(**said, effect_text="Mye roligere.", ended_on=today(), version=measure_version(measure))
    measure.refresh_from_db()
    assert (measure.effect_text, measure.ended_on) == ("Mye roligere.", today())
    assert StateChange.objects.filter(subject_id=measure.pk, reason="Noe effekt. Litt roligere.").exists()
    with pytest.raises(MovedOn):
        evaluate_measure(**said, effect_text="En tredje gang.")


def test_a_measure_that_goes_on_can_be_stopped_and_its_evaluation_is_still_read(world: World) -> None:
    """Given an evaluated measure that goes on; when its page is read; then it can be evaluated again, and stopped."""
    case = a_case(world)
    measure = a_measure(world, case)
    evaluate_measure(measure=measure, effect="good", effect_text="Det hjalp.", by=world.coordinator)
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/tiltak/"
    page = client.get(url).content.decode()
    assert f"/tiltak/{measure.pk}/evaluer/" in page
    stop_measure(measure=measure, reason="Skolen har overtatt.", by=world.coordinator)
    with pytest.raises(MovedOn):
        stop_measure(measure=measure, reason="Noe annet.", by=world.coordinator)
    page = client.get(url).content.decode()
    assert "Det hjalp." in page
    assert f"/tiltak/{measure.pk}/evaluer/" not in page


def test_other_reasons_are_no_repeats(world: World) -> None:
    """Given something said; when the same person says it otherwise; then they are told, and what stands stays."""
    case = a_case(world, informed=False)
    inform = {"case": case, "on": today(), "by": world.coordinator}
    code = current_edition(case.community).choices("parents_not_informed")[0][0]
    first = {"case": case, "code": code, "by": world.coordinator}
    record_not_informed(**first, reason="Fare for barnet.")
    assert record_not_informed(**first, reason="Fare for barnet.")
    with pytest.raises(MovedOn):
        record_not_informed(**first, reason="Noe annet.")
    inform_guardians(**inform, how="samtale")
    assert inform_guardians(**inform, how="samtale")
    with pytest.raises(MovedOn):
        inform_guardians(**inform, how="brev")


def test_another_decline_of_the_same_offer_is_not_swallowed(world: World) -> None:
    """Given an offer declined; when declined again with another reason; then the first stands and one is told."""
    case = a_case(world)
    offer = offer_holder(case=case, to=world.teacher.seat, by=world.coordinator)
    for _again in range(2):
        decline_offer(offer=offer, reason="Jeg slutter til jul.", by=world.teacher)
    with pytest.raises(MovedOn):
        decline_offer(offer=offer, reason="Jeg kjenner ikke barnet.", by=world.teacher)


def test_a_second_concern_and_a_second_explanation_are_kept_or_refused(world: World) -> None:
    """Given a concern; when the same is sent with more; then it is a concern of its own. An explanation is refused."""
    case = a_case(world)
    words = {"case": case, "seen_and_heard": "Sover i timen.", "shared_with": "rektor", "by": world.coordinator}
    one = record_concern(**words, how_long="en uke")
    assert record_concern(**words, how_long="en uke") == one
    assert record_concern(**words, how_long="siden jul") != one
    for _again in range(2):
        mark_error(entry=one, reason="Gjaldt et annet barn.", by=world.coordinator)
    with pytest.raises(MovedOn):
        mark_error(entry=one, reason="Skrevet to ganger.", by=world.coordinator)
    assert Concern.objects.get(pk=one.pk).error_reason == "Gjaldt et annet barn."
