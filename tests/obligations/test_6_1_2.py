"""6.1.2: one overall assessment by someone entitled to refer."""

from typing import Any

from cases.actions.waive import reopen_obligation, waive_obligation
from guideline.compliance import Display
from guideline.vocabulary import Basis
from referrals.actions.finalise import withdraw_referral
from tests.obligations.reading import seen, stands, state_of
from tests.referral_stories import a_referral
from tests.referrals_assess.stories import on_the_desk
from tests.referrals_intake.stories import a_sent_referral
from tests.world import World

KEY = "6.1.2"
RULE = "gp_assessment_due"


def test_open_without_a_date_until_it_is_handed_over(world: World) -> None:
    referral = a_referral(world)
    row = stands(referral.case, KEY)
    assert (row.state, row.due_on) == ("open", None)
    assert "ikke ferdigstilt" in row.gap


def test_reminds_or_is_late_from_the_hand_over(world: World) -> None:
    referral = on_the_desk(world)
    row = stands(referral.case, KEY)
    assert (row.state, row.due_basis) == ("open", "suggested")
    assert row.due_on is not None
    assert seen(KEY, referral, rule=RULE) is Display.REMINDER
    assert seen(KEY, referral, rule=RULE, basis=Basis.ADOPTED) is Display.LATE


def test_met_when_finalised_and_says_by_whom(world: World) -> None:
    referral = a_sent_referral(world)
    row = stands(referral.case, KEY)
    assert (row.state, row.evidence) == ("met", [f"Ferdigstilt med samlet vurdering av {world.doctor.name}."])
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    assert state_of(referral.case, KEY) == "met"


def test_waived_and_taken_up_again(world: World) -> None:
    referral = a_referral(world)
    given: dict[str, Any] = {"case": referral.case, "key": KEY, "subject_id": referral.pk, "by": world.coordinator}
    waive_obligation(**given, reason="Familien vil vente.")
    assert state_of(referral.case, KEY) == "waived"
    reopen_obligation(**given)
    assert state_of(referral.case, KEY) == "open"


def test_not_relevant_when_withdrawn_before_sending(world: World) -> None:
    referral = a_referral(world)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    assert state_of(referral.case, KEY) == "not_relevant"
