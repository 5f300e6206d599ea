"""Two cases of one child: those with access see it first; otherwise the existing holder alone is told."""

import datetime as dt

import pytest
from django.test import Client

from cases.actions.duplicates import dismiss_duplicate
from cases.models import Case, Notification, Task
from cases.national_number import read
from portal.identity.fnr import synthetic
from portal.ids import uuid7
from portal.timeframe import today
from tests.stories import BORN, a_case
from tests.world import World


def posted(client: Client, **given: str) -> object:
    """A new case sent as the form does."""
    form = {
        "case_id": str(uuid7()),
        "name": "Ada Fjord",
        "birth_date": BORN.strftime("%d.%m.%Y"),
        "address_protection": "none",
        "seen_and_heard": "Er mye borte.",
        "how_long": "en måned",
        "shared_with": "ingen",
    }
    return client.post("/saker/ny/", {**form, **given})


def test_with_access_the_case_is_shown_before_anything_is_saved(world: World) -> None:
    known = a_case(world, by=world.teacher)
    client = world.client(world.teacher)
    answer = posted(client)
    assert answer.status_code == 422
    assert known.reference in answer.content.decode()
    assert Case.objects.count() == 1
    assert posted(client, create_anyway="on").status_code == 303
    assert Case.objects.count() == 2
    # The same service holds both: nobody else needs to be told.
    assert not Task.objects.filter(kind="duplicate.look").exists()


@pytest.mark.parametrize("by_number", [True, False])
def test_without_access_the_opener_sees_nothing_and_the_holder_is_told(world: World, by_number: bool) -> None:
    digits = synthetic(BORN)
    known = a_case(world, number=read(digits))
    given = {"name": "Ada F.", "number": digits} if by_number else {}
    answer = posted(world.client(world.teacher), **given)
    assert answer.status_code == 303
    made = Case.objects.exclude(pk=known.pk).get()
    task = Task.objects.get(kind="duplicate.look")
    assert (task.case, task.service, task.subject_id) == (known, world.coordinating_unit, made.pk)
    assert made.reference in task.detail
    assert "Ada" not in task.detail
    assert Notification.objects.filter(user=world.coordinator.user, kind="duplicate.found").exists()
    page = world.client(world.teacher).get(answer["Location"]).content.decode()
    assert known.reference not in page
    theirs = world.client(world.coordinator).get(f"/saker/{known.pk}/").content.decode()
    assert "Det kan finnes en annen sak om samme barn" in theirs
    assert made.reference in theirs


def test_the_answer_is_the_same_whether_or_not_there_is_another_case(world: World) -> None:
    alone = posted(world.client(world.teacher), name="Ingen Andre")
    a_case(world)
    beside = posted(world.client(world.teacher))
    assert alone.status_code == beside.status_code == 303
    pages = [world.client(world.teacher).get(answer["Location"]).content.decode() for answer in (alone, beside)]
    assert "annen sak" not in pages[0] + pages[1]


def test_a_protected_child_is_not_located_by_the_warning(world: World) -> None:
    a_case(world, address_protection="strictly_confidential")
    posted(world.client(world.teacher))
    assert "Fjordvik skole" not in Task.objects.get(kind="duplicate.look").detail


def test_another_birth_date_is_another_child(world: World) -> None:
    a_case(world)
    posted(world.client(world.teacher), birth_date="15.05.2017")
    assert not Task.objects.filter(kind="duplicate.look").exists()


def test_the_holder_answers_that_it_is_another_child(world: World) -> None:
    known = a_case(world)
    posted(world.client(world.teacher))
    task = Task.objects.get(kind="duplicate.look")
    client = world.client(world.coordinator)
    assert client.post(f"/saker/{known.pk}/ikke-dublett/{task.subject_id}/").status_code == 303
    assert dismiss_duplicate(case=known, other_id=task.subject_id, by=world.coordinator) == 0
    assert "annen sak om samme barn" not in client.get(f"/saker/{known.pk}/").content.decode()


@pytest.mark.parametrize(("days", "found"), [(14, True), (15, False)])
def test_an_unborn_child_is_known_by_its_name_and_about_when_it_is_due(world: World, days: int, found: bool) -> None:
    """Given an unborn child in another service's case, when one of the same name and about the same due date is
    recorded, then the holder is told."""
    due = today() + dt.timedelta(days=60)
    known = a_case(world, name="Ufødt barn av Kari Fjord", birth_date=None, due_date=due)
    later = (due + dt.timedelta(days=days)).strftime("%d.%m.%Y")
    posted(world.client(world.teacher), name="Ufødt barn av Kari Fjord", birth_date="", due_date=later)
    assert Task.objects.filter(kind="duplicate.look", case=known).exists() == found


@pytest.mark.parametrize(("name", "elsewhere"), [("Ufødt barn av Kari Fjord", True), ("Ufødt barn", False)])
def test_two_unborn_children_are_not_one_by_the_date_alone(world: World, name: str, elsewhere: bool) -> None:
    """Given unborn children due on the same day, when they belong to two municipalities or have no name of their own,
    then no holder learns of the other's case."""
    due = today() + dt.timedelta(days=60)
    where = world.other_municipality if elsewhere else world.municipality
    a_case(world, name=name, birth_date=None, due_date=due, municipality=where)
    posted(world.client(world.teacher), name=name, birth_date="", due_date=due.strftime("%d.%m.%Y"))
    assert Case.objects.count() == 2
    assert not Task.objects.filter(kind="duplicate.look").exists()
