"""6.1.5: emergency need is assessed, and the on-call service is called at once."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.actions.waive import reopen_obligation, waive_obligation
from guideline.compliance import Display
from referrals.actions.emergency import answer_emergency, record_call
from referrals.actions.finalise import withdraw_referral
from tests.obligations.reading import seen, stands, state_of
from tests.referral_stories import a_referral
from tests.referrals_assess.stories import answered_no, on_the_desk
from tests.world import World

KEY = "6.1.5"


def test_open_until_the_question_is_answered(world: World) -> None:
    referral = a_referral(world)
    assert (stands(referral.case, KEY).state, stands(referral.case, KEY).due_on) == ("open", None)


def test_met_by_a_no(world: World) -> None:
    referral = answered_no(world, on_the_desk(world))
    row = stands(referral.case, KEY)
    assert (row.state, row.evidence) == ("met", ["Vurdert: ikke øyeblikkelig hjelp."])


def test_a_yes_is_met_by_the_call_alone_and_reopened_by_a_new_yes(world: World) -> None:
    referral = on_the_desk(world)
    yes = answer_emergency(case=referral.case, referral=referral, is_emergency=True, by=world.doctor)
    assert "hvem som ble ringt" in stands(referral.case, KEY).gap
    record_call(
        emergency=yes, called=world.bup, phone="70 00 00 00", spoke_with="vakthavende", called_on=timezone.now(),
        by=world.doctor,
    )  # fmt: skip
    row = stands(referral.case, KEY)
    assert row.state == "met"
    assert row.evidence[0].startswith("BUP Fjordvik ble ringt")
    later = timezone.now() + dt.timedelta(minutes=5)
    answer_emergency(
        case=referral.case, referral=referral, is_emergency=True, note="Verre.", by=world.doctor, now=later
    )
    assert state_of(referral.case, KEY) == "open"


def test_never_late_since_it_cannot_wait_for_a_date(world: World) -> None:
    assert seen(KEY, a_referral(world)) is Display.OPEN


def test_waived_and_taken_up_again(world: World) -> None:
    referral = a_referral(world)
    given: dict[str, Any] = {"case": referral.case, "key": KEY, "subject_id": referral.pk, "by": world.coordinator}
    waive_obligation(**given, reason="Vurdert av legevakten på papir.")
    assert state_of(referral.case, KEY) == "waived"
    reopen_obligation(**given)
    assert state_of(referral.case, KEY) == "open"


def test_not_relevant_when_withdrawn_unasked(world: World) -> None:
    referral = a_referral(world)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    assert state_of(referral.case, KEY) == "not_relevant"
