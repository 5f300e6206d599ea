"""Closing, reopening and merging cases."""

import pytest

from cases import closing_blocks
from cases.access import cases_for
from cases.actions.closing import close_case, reopen_case
from cases.actions.concern import record_concern
from cases.actions.holder import offer_holder
from cases.actions.merge import merge_cases
from cases.models import Case, CaseHolder, Concern, Deadline, Task
from cases.national_number import read
from portal.access import Denied, Stranger
from portal.answering import Invalid
from portal.identity.fnr import synthetic
from portal.models import Role
from portal.states import MovedOn
from tests.obligations.reading import state_of
from tests.stories import BORN, a_case, fresh
from tests.world import World


def test_no_reason_for_concern_ends_the_case_from_level_0(world: World) -> None:
    case = a_case(world, informed=False, by=world.teacher)
    close_case(case=case, code="no_concern", reason="Eleven trives.", by=world.teacher)
    case = fresh(case)
    assert (case.state, case.close_code, case.close_reason) == ("closed", "no_concern", "Eleven trives.")
    assert Task.objects.get(case=case).close_reason == "done"
    assert Deadline.objects.get(case=case).state == "met"


def test_closing_for_another_reason_answers_nothing(world: World) -> None:
    case = a_case(world)
    close_case(case=case, code="goal_reached", reason="Ført på feil barn.", by=world.coordinator)
    assert Task.objects.get(case=case).close_reason == "cancelled"
    assert Deadline.objects.get(case=case).state == "cancelled"


def test_a_closed_case_owes_nothing_before_it_is_opened_again(world: World) -> None:
    """Given a case where the child's words are missing, when it is closed, then nothing is open in it, until it is
    opened again."""
    case = a_case(world, level=1)
    assert state_of(case, "6.0") == "open"
    close_case(case=case, code="goal_reached", reason="x", by=world.coordinator)
    assert state_of(case, "6.0") == "not_relevant"
    reopen_case(case=fresh(case), reason="Nytt.", by=world.coordinator)
    assert state_of(case, "6.0") == "open"


def test_a_closed_case_is_sealed(world: World) -> None:
    case = a_case(world, level=1)
    close_case(case=case, code="goal_reached", reason="Målene er nådd.", by=world.coordinator)
    with pytest.raises(MovedOn) as sealed:
        record_concern(case=case, seen_and_heard="x", how_long="x", shared_with="x", by=world.coordinator)
    assert "forseglet" in sealed.value.message
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()
    assert "er forseglet" in page
    assert "Gjenåpne saken" in page


def test_closing_twice_by_the_same_person_is_harmless(world: World) -> None:
    case = a_case(world, level=1)
    for _twice in range(2):
        close_case(case=case, code="goal_reached", reason="Målene er nådd.", by=world.coordinator)
    other = world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen")
    with pytest.raises(MovedOn):
        close_case(case=case, code="goal_reached", reason="x", by=other)


def test_closing_takes_a_standing_offer_back(world: World) -> None:
    case = a_case(world)
    offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    close_case(case=case, code="goal_reached", reason="x", by=world.coordinator)
    assert CaseHolder.objects.get(case=case).state == "withdrawn"
    assert not Task.objects.filter(closed_at__isnull=True).exists()


def test_what_still_runs_must_be_ended_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_case(world, level=2)
    running = closing_blocks.Block("Henvisningen venter på svar.", "cases:case", case.pk)
    monkeypatch.setattr(closing_blocks, "_SOURCES", [lambda case: [running]])
    with pytest.raises(MovedOn) as refused:
        close_case(case=case, code="goal_reached", reason="x", by=world.coordinator)
    assert "Henvisningen venter på svar." in refused.value.message
    assert (
        "Henvisningen venter på svar."
        in world.client(world.coordinator).get(f"/saker/{case.pk}/avslutt/").content.decode()
    )


def test_an_unknown_code_and_a_missing_reason_are_refused(world: World) -> None:
    case = a_case(world)
    with pytest.raises(Invalid):
        close_case(case=case, code="tull", reason="x", by=world.coordinator)
    answer = world.client(world.coordinator).post(f"/saker/{case.pk}/avslutt/", {"code": "no_concern", "reason": ""})
    assert answer.status_code == 422
    assert fresh(case).state == "open"


def test_reopening_asks_the_level_0_question_again(world: World) -> None:
    case = a_case(world, informed=False)
    close_case(case=case, code="no_concern", reason="x", by=world.coordinator)
    for _twice in range(2):
        reopen_case(case=fresh(case), reason="Ny bekymring.", by=world.coordinator)
    assert (fresh(case).state, fresh(case).close_reason) == ("open", "")
    assert Task.objects.filter(case=case, closed_at__isnull=True, kind="level0.decide").count() == 1


def test_a_colleague_closes_nothing(world: World) -> None:
    case = a_case(world, by=world.teacher)
    with pytest.raises(Denied):
        close_case(case=case, code="no_concern", reason="x", by=world.actor(Role.CONTRIBUTOR, world.school, "Kollega"))


def test_merging_seals_the_one_with_a_link_and_widens_nobodys_access(world: World) -> None:
    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    keep = a_case(world, level=1)
    close = a_case(world, level=1, number=read(synthetic(BORN)), address_protection="confidential")
    for _twice in range(2):
        merge_cases(keep=fresh(keep), close=fresh(close), reason="Samme fødselsnummer.", by=unit)
    keep, close = fresh(keep), fresh(close)
    assert (keep.state, close.state, close.merged_into_id, close.close_code) == ("open", "closed", keep.pk, "merged")
    assert close.child.merged_into_id == keep.child_id
    assert keep.child.protected
    assert keep.child.number_hash == close.child.number_hash
    assert Concern.objects.filter(case=close).count() == Concern.objects.filter(case=keep).count() == 1
    client = world.client(unit)
    assert close.reference in client.get(f"/saker/{keep.pk}/").content.decode()
    assert str(keep.pk) in client.get(f"/saker/{close.pk}/").content.decode()


def test_reopening_undoes_a_merge(world: World) -> None:
    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    keep, close = a_case(world, level=1), a_case(world, level=1)
    merge_cases(keep=keep, close=close, reason="x", by=unit)
    reopen_case(case=fresh(close), reason="Det var to barn likevel.", by=unit)
    assert fresh(close).merged_into is None
    assert fresh(close).child.merged_into is None


def test_merging_needs_access_to_both(world: World) -> None:
    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    mine, theirs = a_case(world), a_case(world, informed=False, by=world.teacher)
    with pytest.raises((Stranger, Denied)):
        merge_cases(keep=mine, close=theirs, reason="x", by=unit)
    answer = world.client(unit).post(
        f"/saker/{mine.pk}/sla-sammen/", {"reference": theirs.reference, "keep": "this", "reason": "x"}
    )
    assert answer.status_code == 422
    assert "Fant ingen sak" in answer.content.decode()
    with pytest.raises(Denied):
        merge_cases(keep=mine, close=mine, reason="x", by=world.coordinator)


def test_a_hidden_case_is_not_merged_into_an_open_one(world: World) -> None:
    from cases.actions.inform import record_not_informed

    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    keep, hidden = a_case(world), a_case(world, informed=False)
    record_not_informed(case=hidden, code="abuse", reason="x", by=world.coordinator)
    with pytest.raises(MovedOn):
        merge_cases(keep=keep, close=fresh(hidden), reason="x", by=unit)
    assert Case.objects.filter(state="closed").count() == 0
    assert keep in cases_for(unit)


def test_merging_in_the_browser_takes_a_careless_reference(world: World) -> None:
    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    keep, close = a_case(world), a_case(world)
    typed = close.reference.lower().replace("-", " ")
    answer = world.client(unit).post(
        f"/saker/{keep.pk}/sla-sammen/", {"reference": typed, "keep": "this", "reason": "Samme barn"}
    )
    assert answer.status_code == 303
    assert fresh(close).merged_into_id == keep.pk
