"""6.1.3: the GP's assessment is part of the basis."""

from typing import Any

from django.utils import timezone

from cases.actions.waive import reopen_obligation, waive_obligation
from guideline.compliance import Display
from guideline.vocabulary import Basis
from referrals.actions.assess import mark_assessment_wrong, register_external_assessment
from referrals.actions.finalise import give_reasons, withdraw_referral
from tests.obligations.reading import seen, stands, state_of
from tests.referral_stories import a_referral, fresh_referral
from tests.referrals_assess.stories import gp_assessed, on_the_desk
from tests.world import World

KEY = "6.1.3"
RULE = "gp_assessment_due"


def test_open_until_it_is_written(world: World) -> None:
    referral = a_referral(world)
    row = stands(referral.case, KEY)
    assert (row.state, row.due_on, row.gap) == ("open", None, "Vurdering fra fastlege mangler.")


def test_met_here_and_reopened_when_entered_in_error(world: World) -> None:
    referral = on_the_desk(world)
    made = gp_assessed(world, referral)
    row = stands(referral.case, KEY)
    assert (row.state, row.evidence) == ("met", ["Skrevet i portalen."])
    made.referral = fresh_referral(referral)
    mark_assessment_wrong(assessment=made, reason="Feil barn.", by=world.doctor)
    assert state_of(referral.case, KEY) == "open"


def test_met_by_one_from_outside_with_source_and_date(world: World) -> None:
    referral = on_the_desk(world)
    register_external_assessment(
        referral=referral, external_from="Dr. Berg, Byen legesenter", how="brev", assessed_on=timezone.localdate(),
        text="Undersøkt uten funn.", by=world.coordinator,
    )  # fmt: skip
    row = stands(referral.case, KEY)
    assert (row.state, row.evidence) == ("met", ["Mottatt utenfor portalen fra Dr. Berg, Byen legesenter."])


def test_reminds_or_is_late_from_the_hand_over(world: World) -> None:
    referral = on_the_desk(world)
    assert seen(KEY, referral, rule=RULE) is Display.REMINDER
    assert seen(KEY, referral, rule=RULE, basis=Basis.ADOPTED) is Display.LATE


def test_waived_with_a_reason_that_only_the_referral_tells(world: World) -> None:
    referral = on_the_desk(world)
    give_reasons(referral=referral, gp_code="no_gp", gp_reason="Står på venteliste.", by=world.doctor)
    row = stands(referral.case, KEY)
    assert row.state == "waived"
    assert row.gap
    assert "Står på venteliste." not in row.gap
    give_reasons(referral=fresh_referral(referral), by=world.doctor)
    assert state_of(referral.case, KEY) == "open"


def test_waived_by_the_holder_and_taken_up_again(world: World) -> None:
    referral = a_referral(world)
    given: dict[str, Any] = {"case": referral.case, "key": KEY, "subject_id": referral.pk, "by": world.coordinator}
    waive_obligation(**given, reason="Ingen fastlege.")
    assert state_of(referral.case, KEY) == "waived"
    reopen_obligation(**given)
    assert state_of(referral.case, KEY) == "open"


def test_not_relevant_once_withdrawn(world: World) -> None:
    referral = a_referral(world)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    assert state_of(referral.case, KEY) == "not_relevant"
