"""A leader gives a task to somebody, and takes it back."""

import pytest
from django.utils import timezone

from cases.actions.inbox import reassign_task
from cases.inbox import close_tasks
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from tests.inbox.waiting import a_task, inbox
from tests.world import World


def test_a_leader_gives_a_task_to_someone_and_takes_it_back(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    task = a_task(world)
    client = world.client(leader)
    assert 'class="inbox__assign"' in client.get("/innboks/").content.decode()
    answer = client.post(f"/innboks/oppgave/{task.pk}/", {"to": world.coordinator.user.pk}, follow=True)
    assert "Oppgaven er flyttet." in answer.content.decode()
    task.refresh_from_db()
    assert task.user_id == world.coordinator.user.pk
    assert f"gitt til {world.coordinator.name}" in answer.content.decode()
    client.post(f"/innboks/oppgave/{task.pk}/", {"to": ""})
    task.refresh_from_db()
    assert task.user_id is None
    assert AuditEvent.objects.filter(verb="task.reassigned", case_id=task.case_id).count() == 2


def test_only_people_who_can_do_it_can_be_given_a_task(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    task = a_task(world, kind="holder.gone")
    contributor = world.actor(Role.CONTRIBUTOR, world.coordinating_unit)
    answer = world.client(leader).post(f"/innboks/oppgave/{task.pk}/", {"to": contributor.user.pk}, follow=True)
    assert "som kan gjøre oppgaven" in answer.content.decode()
    for wrong in (contributor, world.teacher):
        with pytest.raises(Invalid):
            reassign_task(task=task, to=wrong.membership, by=leader)
    task.refresh_from_db()
    assert task.user_id is None


def test_others_than_the_leader_cannot_and_strangers_meet_404(world: World) -> None:
    task = a_task(world)
    url = f"/innboks/oppgave/{task.pk}/"
    assert world.client(world.coordinator).post(url, {"to": ""}).status_code == 403
    assert "inbox__assign" not in inbox(world, world.coordinator)
    assert world.client(world.actor(Role.SERVICE_LEADER, world.school)).post(url, {"to": ""}).status_code == 404
    with pytest.raises(Denied):
        reassign_task(task=task, to=None, by=world.actor(Role.SERVICE_LEADER, world.school))


def test_a_task_that_was_done_meanwhile_is_told_kindly(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    task = a_task(world)
    close_tasks(task.subject_id, now=timezone.now())
    answer = world.client(leader).post(f"/innboks/oppgave/{task.pk}/", {"to": ""}, follow=True)
    assert "Oppgaven er allerede gjort." in answer.content.decode()
    with pytest.raises(MovedOn):
        reassign_task(task=task, to=None, by=leader)


# Notifications and the bell
