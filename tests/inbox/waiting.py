"""What waits in somebody's inbox, and what reading it costs."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.inbox import close_tasks, open_task, tell
from cases.models import Task
from portal.context import Actor
from portal.models import Service
from tests.stories import a_case
from tests.world import World

SOMEWHERE = "level0.decide"


def a_task(world: World, service: Service | None = None, *, kind: str = SOMEWHERE, **given: object) -> Task:
    """An open task of the coordinating unit, in a case of its own unless one is given."""
    case = given.pop("case", None) or a_case(world)
    close_tasks(case, now=timezone.now())
    return open_task(
        kind,
        by=world.coordinator,
        now=timezone.now(),
        service=service or world.coordinating_unit,
        subject=case,
        case=case,
        **given,
    )


def inbox(world: World, actor: Actor) -> str:
    answer = world.client(actor).get("/innboks/")
    assert answer.status_code == 200
    return answer.content.decode()


def statements(client: Client) -> int:
    client.get("/innboks/")
    with CaptureQueriesContext(connection) as caught:
        assert client.get("/innboks/").status_code == 200
    return len(caught)


def tell_about(world: World, task: Task, *to: Actor) -> None:
    tell(
        "level.changed",
        by=world.coordinator,
        now=timezone.now(),
        subject=task,
        case=task.case,
        users=tuple(actor.user.pk for actor in to),
        url_name="cases:case",
        url_id=task.case_id,
    )
