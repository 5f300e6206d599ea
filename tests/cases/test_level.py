"""BTI levels, their steps, and the gate out of level 0."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.access import cases_for
from cases.actions.inform import inform_guardians, record_not_informed, withdraw_informed
from cases.actions.level import change_level, mark_step
from cases.models import Deadline, LevelChange, LevelStepDone, Notification, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent, Role, StateChange
from portal.states import MovedOn
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World


def test_leaving_level_0_meets_its_deadline_and_closes_its_task(world: World) -> None:
    case = a_case(world)
    change = change_level(case=case, to_level=2, reason="To tjenester trengs.", by=world.coordinator)
    assert (change.from_level, change.to_level, fresh(case).level) == (0, 2, 2)
    assert Task.objects.get(case=case, kind="level0.decide").close_reason == "done"
    assert Deadline.objects.get(case=case).state == "met"
    move = StateChange.objects.get(process="level", subject_id=case.pk)
    assert (move.from_state, move.to_state, move.reason) == ("0", "2", "To tjenester trengs.")
    assert AuditEvent.objects.get(verb="case.level_changed").detail == {"from": 0, "to": 2}


def test_the_level_goes_down_but_never_back_to_0(world: World) -> None:
    case = a_case(world, level=3)
    change_level(case=case, to_level=1, reason="Roligere.", by=world.coordinator)
    with pytest.raises(Invalid) as refused:
        change_level(case=case, to_level=0, reason="Nei.", by=world.coordinator)
    assert "nivå 0" in refused.value.errors["to_level"]
    assert fresh(case).level == 1


def test_a_double_click_on_the_level_changes_it_once_and_anothers_is_told(world: World) -> None:
    case = a_case(world, level=1)
    first = change_level(case=case, to_level=2, reason="Flere trengs.", by=world.coordinator)
    assert change_level(case=case, to_level=2, reason="Flere trengs.", by=world.coordinator) == first
    assert LevelChange.objects.filter(case=case, to_level=2).count() == 1
    other = world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen")
    with pytest.raises(MovedOn):
        change_level(case=case, to_level=2, reason="Flere trengs.", by=other)


def test_level_1_waits_for_the_guardians_to_be_informed(world: World) -> None:
    case = a_case(world, informed=False)
    with pytest.raises(Invalid) as refused:
        change_level(case=case, to_level=1, reason="Tiltak i tjenesten.", by=world.coordinator)
    assert "Informer foresatte" in refused.value.errors["to_level"]
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/niva/").content.decode()
    assert f"/saker/{case.pk}/foresatte-informert/" in page
    assert f"/saker/{case.pk}/foresatte-ikke-informert/" in page


def test_a_reason_not_to_inform_opens_the_way_and_hides_the_case(world: World) -> None:
    case = a_case(world, informed=False)
    record_not_informed(case=case, code="violence", reason="Barnet fortalte om slag.", by=world.coordinator)
    assert fresh(case).hidden_from_family
    change_level(case=fresh(case), to_level=2, reason="Barnevernet må med.", by=world.coordinator)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()
    assert "Saken er skjult for foresatte" in page
    inform_guardians(case=case, on=timezone.localdate(), how="sammen med barnevernet", by=world.coordinator)
    assert not fresh(case).hidden_from_family


def test_informing_is_recorded_once(world: World) -> None:
    case = a_case(world)
    inform_guardians(case=case, on=timezone.localdate(), how="samtale på skolen", by=world.coordinator)
    other = world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen")
    with pytest.raises(MovedOn):
        inform_guardians(case=case, on=timezone.localdate(), how="brev", by=other)
    with pytest.raises(MovedOn):
        record_not_informed(case=case, code="violence", reason="Nei.", by=world.coordinator)


@pytest.mark.parametrize("code", ["", "ukjent", "mistake"])
def test_only_the_editions_reasons_count(world: World, code: str) -> None:
    case = a_case(world, informed=False)
    with pytest.raises(Invalid):
        record_not_informed(case=case, code=code, reason="x", by=world.coordinator)


def test_informing_in_the_future_is_refused(world: World) -> None:
    case = a_case(world, informed=False)
    with pytest.raises(Invalid):
        inform_guardians(case=case, on=timezone.localdate() + dt.timedelta(days=1), how="brev", by=world.coordinator)


def test_a_contributor_who_does_not_hold_the_case_changes_no_level(world: World) -> None:
    case = a_case(world, by=world.teacher)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    with pytest.raises(Denied):
        change_level(case=case, to_level=1, reason="x", by=colleague)
    change_level(case=case, to_level=1, reason="Tiltak i klassen.", by=world.teacher)


def test_steps_are_marked_and_unmarked_with_history(world: World) -> None:
    case = a_case(world)
    for _twice in range(2):
        mark_step(case=case, level=0, step="share", note="drøftet med rektor", by=world.coordinator)
    assert LevelStepDone.objects.filter(case=case).count() == 1
    mark_step(case=case, level=0, step="share", done=False, by=world.coordinator)
    mark_step(case=case, level=0, step="share", by=world.coordinator)
    assert LevelStepDone.objects.filter(case=case, undone_at__isnull=True).count() == 1
    assert LevelStepDone.objects.filter(case=case).count() == 2
    with pytest.raises(Invalid):
        mark_step(case=case, level=0, step="finnes-ikke", by=world.coordinator)


def test_a_step_marked_by_htmx_answers_with_the_same_list_as_the_page(world: World) -> None:
    case = a_case(world)
    client = world.client(world.coordinator)
    data = {"level": "0", "step": "share", "done": "1"}
    swapped = client.post(f"/saker/{case.pk}/niva/steg/", data, headers={"HX-Request": "true"})
    page = client.get(f"/saker/{case.pk}/").content.decode()
    fragment = without_tokens(swapped.content.decode())
    assert swapped.status_code == 200
    assert "Gjort:" in fragment
    assert fragment in without_tokens(page)
    assert client.post(f"/saker/{case.pk}/niva/steg/", data).status_code == 303


def without_tokens(html: str) -> str:
    """The markup without the masked CSRF tokens, which differ each time, and without indentation."""
    lines = [line.strip() for line in html.splitlines()]
    return "\n".join(line for line in lines if line and "csrfmiddlewaretoken" not in line)


def test_others_in_the_case_are_told_of_a_new_level_without_a_name(world: World) -> None:
    case = a_case(world, by=world.teacher)
    other = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    change_level(case=case, to_level=1, reason="Tiltak i klassen.", by=world.teacher)
    # Same service as the actor: nobody else is told on level 0.
    assert not Notification.objects.filter(user=other.user).exists()
    assert case in cases_for(other)


def test_a_municipality_words_its_levels_itself(world: World) -> None:
    world.municipality.municipality_number = "5047"
    world.municipality.save(update_fields=["municipality_number"])
    case = a_case(world, level=2)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()
    assert "Nivå B" in page
    assert "Hold nettverksmøte." in page


WITHDRAW = "/saker/{}/foresatte-informert/trekk/"
TIMELINE = "/saker/{}/tidslinje/"


def test_a_wrong_informed_is_taken_back_and_the_case_is_hidden_at_once(world: World) -> None:
    """Given a case hidden from the family that someone by mistake said they know of, when it is taken back with a
    reason, then it is hidden the same second, and what stood is in the history."""
    case = a_case(world, informed=False)
    record_not_informed(case=case, code="violence", reason="Politiet er varslet.", by=world.coordinator)
    change_level(case=case, to_level=1, reason="Flere trengs.", by=world.coordinator)
    inform_guardians(case=case, on=timezone.localdate(), how="feil barn", by=world.coordinator)
    assert not fresh(case).hidden_from_family
    client = world.client(world.coordinator)
    said = {"what": "informed", "withdrawn": "Gjaldt et annet barn."}
    assert client.post(WITHDRAW.format(case.pk), said).status_code == 303
    assert fresh(case).hidden_from_family
    assert client.post(WITHDRAW.format(case.pk), said).status_code == 422  # A double click takes nothing more.
    assert fresh(case).hidden_from_family
    page = client.get(TIMELINE.format(case.pk)).content.decode()
    for told in ("feil barn", "Gjaldt et annet barn.", "Politiet er varslet."):
        assert told in page


def test_beyond_level_0_a_reason_not_to_inform_comes_in_its_place(world: World) -> None:
    case = a_case(world, level=1)
    given = {"case": case, "what": "informed", "reason": "Feil barn.", "by": world.coordinator}
    with pytest.raises(Invalid):
        withdraw_informed(**given)
    withdraw_informed(**given, code="violence", why="Kan skade barnet.")
    assert fresh(case).hidden_from_family
    assert fresh(case).not_informed_code == "violence"


def test_on_level_0_the_case_is_its_services_alone_again(world: World) -> None:
    case = a_case(world)
    with_participants(case, world.school)
    consent(case, [world.school])
    assert case in cases_for(world.teacher)
    withdraw_informed(case=case, what="informed", reason="Feil barn.", by=world.coordinator)
    assert case not in cases_for(world.teacher)
    assert not fresh(case).may_be_shared


def test_only_the_holders_side_takes_it_back(world: World) -> None:
    case = a_case(world, level=1)
    with_participants(case, world.school)
    with pytest.raises(Denied):
        withdraw_informed(case=case, what="informed", reason="Feil.", by=world.teacher)
