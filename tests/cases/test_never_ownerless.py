"""A case always has somebody: a holder whose access runs out, or ends at the same moment, leaves nothing behind."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.actions.closing import close_case, reopen_case
from cases.actions.holder import accept_offer, offer_holder
from cases.actions.inbox import reassign_task
from cases.actions.open import open_case
from cases.actions.ownerless import ask_leaders
from cases.inbox import open_task, tasks_for
from cases.models import CaseHolder, Notification, Task
from portal.context import system_actor
from portal.ids import uuid7
from portal.models import Membership, Role
from portal.states import MovedOn
from portal.timeframe import today
from tests.stories import a_case, fresh
from tests.world import World

CLOCK = system_actor("cases.ask_leaders")


def run_out(membership: Membership) -> None:
    """The membership's last day was yesterday."""
    Membership.objects.filter(pk=membership.pk).update(valid_until=today() - dt.timedelta(days=1))


def test_the_leader_is_asked_when_a_holders_access_has_run_out(world: World) -> None:
    """Given a holder whose access ran out; when the clock strikes twice; then the leader has one task, until mended."""
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    case = a_case(world)
    assert ask_leaders(by=CLOCK) == 0
    run_out(world.coordinator.seat)
    assert [ask_leaders(by=CLOCK), ask_leaders(by=CLOCK)] == [1, 0]
    assert [task.get_absolute_url() for task in tasks_for(leader) if task.kind == "holder.gone"] == [
        f"/saker/{case.pk}/stafettholder/"
    ]
    assert Notification.objects.filter(user=leader.user, kind="holder.gone").count() == 1
    assert world.client(leader).get(f"/saker/{case.pk}/stafettholder/").status_code == 200
    offer = offer_holder(case=fresh(case), to=world.teacher.seat, by=leader)
    accept_offer(offer=offer, by=world.teacher)
    assert not Task.objects.filter(kind="holder.gone", closed_at__isnull=True).exists()


def test_who_reopens_a_case_without_a_holder_holds_it(world: World) -> None:
    """Given a closed case whose holder has left; when a colleague reopens it; then it and its tasks are theirs."""
    case = a_case(world)
    close_case(case=case, code="no_concern", reason="Ingen grunn.", by=world.coordinator)
    run_out(world.coordinator.seat)
    colleague = world.actor(Role.COORDINATOR, world.coordinating_unit, "Kollega")
    reopen_case(case=fresh(case), reason="Ny uro.", by=colleague)
    assert fresh(case).holder == colleague.membership
    assert CaseHolder.objects.get(case=case).state == "accepted"
    assert [task.kind for task in tasks_for(colleague)] == ["level0.decide"]


def test_an_access_that_has_just_ended_takes_no_case(world: World) -> None:
    """Given somebody asked, and somebody at the form; when their access ends first; then they are told, kindly."""
    case = a_case(world)
    offer = offer_holder(case=case, to=world.teacher.seat, by=world.coordinator)
    run_out(world.teacher.seat)
    with pytest.raises(MovedOn):
        accept_offer(offer=offer, by=world.teacher)
    words = {"seen_and_heard": "Uro", "how_long": "lenge", "shared_with": "ingen", "child_name": "Bo"}
    with pytest.raises(MovedOn):
        open_case(case_id=uuid7(), birth_date=dt.date(2018, 1, 1), by=world.teacher, **words)
    assert fresh(case).holder == world.coordinator.membership


def test_an_offer_is_answered_by_the_one_asked_alone(world: World) -> None:
    """Given an offer to a teacher; when the leader would give the task to another; then it is not offered, nor done."""
    leader = world.actor(Role.SERVICE_LEADER, world.school)
    other = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    offer_holder(case=a_case(world), to=world.teacher.seat, by=world.coordinator)
    task = Task.objects.get(kind="holder.answer")
    assert "inbox__assign" not in world.client(leader).get("/innboks/").content.decode()
    with pytest.raises(MovedOn):
        reassign_task(task=task, to=other.membership, by=leader)


def test_a_task_stays_with_whom_the_leader_gave_it_to(world: World) -> None:
    """Given a task given to a colleague; when it is opened anew with another date; then it is still the colleague's."""
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    colleague = world.actor(Role.COORDINATOR, world.coordinating_unit, "Kollega")
    case = a_case(world)
    task = Task.objects.get(case=case, kind="level0.decide")
    reassign_task(task=task, to=colleague.seat, by=leader)
    again = {"by": world.coordinator, "now": timezone.now(), "service": task.service_id, "subject": case, "case": case}
    assert open_task("level0.decide", **again, due_on=today()).user_id == colleague.person.pk
    assert open_task("level0.decide", **again, user_id=None).user_id is None


def test_what_moves_along_is_the_new_holders(world: World) -> None:
    """Given tasks of a holder; when a health visitor takes the case over; then they see every one of them."""
    case = a_case(world)
    a_case(world, by=world.teacher)
    nurse = world.actor(Role.CONTRIBUTOR, world.health_visitor)
    offer = offer_holder(case=case, to=nurse.seat, by=world.coordinator)
    accept_offer(offer=offer, by=nurse)
    moved = Task.objects.filter(case=case, closed_at__isnull=True)
    assert {task.kind for task in moved} == {"level0.decide", "duplicate.look"}
    assert set(tasks_for(nurse)) == set(moved)
    assert {task.user_id for task in moved} == {nurse.person.pk}
