"""Hand-over of the case: offered, answered, withdrawn; never without a holder."""

import pytest

from cases.access import cases_for
from cases.actions.holder import accept_offer, decline_offer, offer_holder, withdraw_offer
from cases.inbox import tasks_for
from cases.models import CaseHolder, Deadline, Notification, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.leaving import StillStanding, refuse_if_standing
from portal.models import Role
from portal.states import MovedOn
from tests.stories import a_case, fresh
from tests.world import World


def test_the_case_changes_hands_only_when_the_other_accepts(world: World) -> None:
    case = a_case(world, by=world.teacher)
    offer = offer_holder(case=case, to=world.coordinator.membership, message="Kan du ta over?", by=world.teacher)
    assert fresh(case).holder == world.teacher.membership
    assert case not in cases_for(world.coordinator)
    assert [task.kind for task in tasks_for(world.coordinator)] == ["holder.answer"]
    accept_offer(offer=offer, by=world.coordinator)
    assert fresh(case).holder == world.coordinator.membership
    assert case in cases_for(world.coordinator)
    assert not Task.objects.filter(kind="holder.answer", closed_at__isnull=True).exists()
    assert Notification.objects.filter(user=world.teacher.user, kind="holder.accepted").exists()


def test_the_old_service_loses_its_access_and_its_tasks_when_nothing_else_gives_it(world: World) -> None:
    case = a_case(world, level=1, by=world.teacher)
    offer = offer_holder(case=case, to=world.coordinator.membership, by=world.teacher)
    accept_offer(offer=offer, by=world.coordinator)
    assert case not in cases_for(world.teacher)
    assert world.client(world.teacher).get(f"/saker/{case.pk}/").status_code == 404


def test_the_holders_tasks_and_deadlines_move_along(world: World) -> None:
    case = a_case(world, by=world.teacher)
    offer = offer_holder(case=case, to=world.coordinator.membership, by=world.teacher)
    accept_offer(offer=offer, by=world.coordinator)
    tasks = Task.objects.filter(case=case, kind="level0.decide").order_by("opened_at")
    assert [(t.service, t.close_reason) for t in tasks] == [(world.school, "moved"), (world.coordinating_unit, "")]
    deadline = Deadline.objects.get(case=case)
    assert (deadline.task, deadline.service) == (tasks[1], world.coordinating_unit)


def test_a_decline_keeps_the_holder_and_says_why(world: World) -> None:
    case = a_case(world)
    asked = world.teacher
    offer = offer_holder(case=case, to=asked.membership, by=world.coordinator)
    decline_offer(offer=offer, reason="Jeg slutter til jul.", by=asked)
    assert fresh(case).holder == world.coordinator.membership
    assert Notification.objects.filter(user=world.coordinator.user, kind="holder.declined").exists()
    # And another can be asked.
    offer_holder(case=case, to=world.actor(Role.CONTRIBUTOR, world.ppt).membership, by=world.coordinator)


def test_one_offer_at_a_time_and_the_same_twice_is_one(world: World) -> None:
    case = a_case(world)
    first = offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    assert offer_holder(case=case, to=world.teacher.membership, by=world.coordinator) == first
    with pytest.raises(MovedOn):
        offer_holder(case=case, to=world.actor(Role.CONTRIBUTOR, world.ppt).membership, by=world.coordinator)
    assert CaseHolder.objects.filter(case=case).count() == 1


def test_a_withdrawn_offer_can_no_longer_be_accepted(world: World) -> None:
    case = a_case(world)
    offer = offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    withdraw_offer(offer=offer, by=world.coordinator)
    withdraw_offer(offer=offer, by=world.coordinator)
    with pytest.raises(MovedOn) as late:
        accept_offer(offer=offer, by=world.teacher)
    assert "Trukket" in late.value.message
    assert fresh(case).holder == world.coordinator.membership


def test_only_the_person_asked_answers(world: World) -> None:
    case = a_case(world)
    offer = offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    for other in (colleague, world.coordinator):
        with pytest.raises(Denied):
            accept_offer(offer=offer, by=other)


def test_before_the_guardians_are_informed_the_case_stays_in_its_service(world: World) -> None:
    case = a_case(world, informed=False, by=world.teacher)
    with pytest.raises(Invalid):
        offer_holder(case=case, to=world.coordinator.membership, by=world.teacher)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    offer_holder(case=case, to=colleague.membership, by=world.teacher)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.CLINICIAN])
def test_the_hospital_holds_no_case(world: World, role: str) -> None:
    case = a_case(world, level=2)
    with pytest.raises(Invalid):
        offer_holder(case=case, to=world.actor(role, world.bup).membership, by=world.coordinator)


def test_a_holder_cannot_leave_before_the_case_has(world: World) -> None:
    a_case(world)
    with pytest.raises(StillStanding) as refused:
        refuse_if_standing(world.coordinator.membership)
    assert "stafettholder" in refused.value.message


def test_the_page_of_the_person_asked_names_no_child(world: World) -> None:
    case = a_case(world, name="Hemmelig Navn")
    offer = offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    page = world.client(world.teacher).get(f"/stafettholder/{offer.pk}/").content.decode()
    assert "Ta imot stafettpinnen" in page
    assert "Hemmelig" not in page
    assert world.client(world.doctor).get(f"/stafettholder/{offer.pk}/").status_code == 404


def test_address_protection_hides_where_on_the_offer(world: World) -> None:
    case = a_case(world, address_protection="confidential")
    offer = offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    page = world.client(world.teacher).get(f"/stafettholder/{offer.pk}/").content.decode()
    assert "Fjordvik kommune" not in page
    assert "Koordinerende enhet Fjordvik" not in page


def test_accepting_and_declining_in_the_browser(world: World) -> None:
    case = a_case(world)
    client = world.client(world.coordinator)
    sent = client.post(f"/saker/{case.pk}/stafettholder/", {"to": str(world.teacher.membership.pk), "message": ""})
    assert sent.status_code == 303
    offer = CaseHolder.objects.get(case=case)
    asked = world.client(world.teacher)
    empty = asked.post(f"/stafettholder/{offer.pk}/", {"answer": "decline", "reason": " "})
    assert empty.status_code == 422
    assert "Fyll ut dette feltet" in empty.content.decode()
    assert asked.post(f"/stafettholder/{offer.pk}/", {"answer": "accept"})["Location"] == f"/saker/{case.pk}/"
    again = asked.post(f"/stafettholder/{offer.pk}/", {"answer": "accept"})
    assert again.status_code == 303
