"""6.1.4: the hospital is available to discuss before referral."""

from typing import Any

import pytest

from cases.actions.closing import close_case
from cases.actions.waive import reopen_obligation, waive_obligation
from cases.models import ObligationStatus
from guideline.compliance import Display
from guideline.vocabulary import Basis
from portal.states import MovedOn
from referrals.actions.consult import answer_consultation, ask_department
from referrals.actions.consult_wrong import mark_consultation_wrong
from referrals.models import Consultation
from tests.obligations.reading import seen, stands, state_of
from tests.stories import a_case
from tests.world import World

KEY = "6.1.4"
RULE = "consultation_answer"


def asked(world: World) -> Consultation:
    return ask_department(
        case=a_case(world, level=2), department=world.bup, question="Bør vi henvise?", by=world.coordinator
    )


def test_nothing_is_owed_before_anyone_asks(world: World) -> None:
    assert not ObligationStatus.objects.filter(case=a_case(world, level=2), key=KEY).exists()


def test_open_with_the_editions_date(world: World) -> None:
    consultation = asked(world)
    row = stands(consultation.case, KEY)
    assert (row.state, row.due_on, row.due_basis) == ("open", consultation.due_on, "suggested")
    assert "BUP Fjordvik" in row.gap


def test_met_when_answered_by_someone_who_never_sees_the_case(world: World) -> None:
    consultation = asked(world)
    answer_consultation(consultation=consultation, answer="refer", answer_text="Ja.", by=world.intake)
    row = stands(consultation.case, KEY)
    assert (row.state, row.evidence, row.gap) == ("met", ["BUP Fjordvik har svart."], "")


def test_reminds_or_is_late(world: World) -> None:
    consultation = asked(world)
    assert seen(KEY, consultation, rule=RULE) is Display.REMINDER
    assert seen(KEY, consultation, rule=RULE, basis=Basis.ADOPTED) is Display.LATE


def test_waived_and_taken_up_again(world: World) -> None:
    consultation = asked(world)
    given: dict[str, Any] = {
        "case": consultation.case,
        "key": KEY,
        "subject_id": consultation.pk,
        "by": world.coordinator,
    }
    waive_obligation(**given, reason="Løst på annen måte.")
    assert state_of(consultation.case, KEY) == "waived"
    reopen_obligation(**given)
    assert state_of(consultation.case, KEY) == "open"


def test_not_relevant_when_entered_in_error(world: World) -> None:
    consultation = asked(world)
    mark_consultation_wrong(consultation=consultation, reason="Feil sak.", by=world.coordinator)
    assert state_of(consultation.case, KEY) == "not_relevant"


def test_two_consultations_are_two_instances(world: World) -> None:
    first = asked(world)
    second = ask_department(case=first.case, department=world.habu, question="Eller dere?", by=world.coordinator)
    answer_consultation(consultation=first, answer="other_unit", answer_text="HABU.", by=world.intake)
    assert (state_of(first.case, KEY, first), state_of(first.case, KEY, second)) == ("met", "open")


def test_a_case_is_not_closed_while_a_department_is_asked(world: World) -> None:
    """Given a consultation without an answer, when the case is closed, then it is refused with what to do, and goes
    once the question is taken away."""
    consultation = asked(world)
    given: dict[str, Any] = {"case": consultation.case, "code": "goal_reached", "reason": "x", "by": world.coordinator}
    with pytest.raises(MovedOn) as refused:
        close_case(**given)
    assert "BUP Fjordvik har ikke svart på drøftingen" in refused.value.message
    mark_consultation_wrong(consultation=consultation, reason="Trengs ikke lenger.", by=world.coordinator)
    assert close_case(**given).state == "closed"
