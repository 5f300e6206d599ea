"""Acting as: the front page, choosing between own roles, and having none."""

import uuid

import pytest
from django.test import Client

from portal.actions.memberships import approve, invite
from portal.context import Actor
from portal.models import AuditEvent, Membership, Role
from tests.world import World


@pytest.fixture
def second(world: World) -> Membership:
    """The teacher's second role, in the kindergarten."""
    teacher = world.teacher.user
    assert teacher is not None
    membership = invite(
        email=teacher.email, name="", service=world.kindergarten, role=Role.COORDINATOR,
        by=world.actor(Role.USER_ADMINISTRATOR, world.administration), letter=False,
    )  # fmt: skip
    return approve(membership=membership, by=world.actor(Role.USER_ADMINISTRATOR, world.administration, "Annen"))


def acting(client: Client) -> str:
    return str(client.get("/rolle/").context["shell"]["actor"].service.name)


def test_the_front_page(world: World, client: Client) -> None:
    assert client.get("/").headers["Location"] == "/konto/login/"
    assert world.client(world.teacher).get("/").headers["Location"] == "/innboks/"


def test_choosing_a_role(world: World, second: Membership) -> None:
    client = world.client(world.teacher)
    page = client.get("/rolle/").content.decode()
    assert "Fjordvik skole" in page
    assert "Fjordvik barnehage" in page
    response = client.post("/rolle/", {"membership": second.pk, "next": "/tekster/"})
    assert response.headers["Location"] == "/tekster/"
    assert acting(client) == "Fjordvik barnehage"
    event = AuditEvent.objects.get(verb="person.acts_as")
    assert (event.role, event.service_name) == ("coordinator", "Fjordvik barnehage")


@pytest.mark.parametrize("wanted", ["https://ond.example/", "//ond.example/", "javascript:alert(1)", ""])
def test_one_is_never_sent_elsewhere(world: World, second: Membership, wanted: str) -> None:
    response = world.client(world.teacher).post("/rolle/", {"membership": second.pk, "next": wanted})
    assert response.headers["Location"] == "/innboks/"


def test_the_role_of_another_is_not_there(world: World) -> None:
    client = world.client(world.teacher)
    doctor = world.doctor.membership
    assert doctor is not None
    for other in (doctor.pk, uuid.uuid4(), "tull", ""):
        assert client.post("/rolle/", {"membership": other}).status_code == 404
    assert acting(client) == "Fjordvik skole"


def test_a_role_that_ends_stops_working_at_once(world: World, second: Membership) -> None:
    client = world.client(world.teacher)
    client.post("/rolle/", {"membership": second.pk})
    Membership.objects.filter(pk=second.pk).update(
        ended_at="2026-01-01T00:00:00Z", ended_by=world.doctor.user, end_reason="x"
    )
    assert acting(client) == "Fjordvik skole"


def test_without_any_role_a_person_reads_why(world: World) -> None:
    client = world.client(world.teacher)
    Membership.objects.filter(user=world.teacher.user).update(valid_until="2020-06-01")
    for url in ("/rolle/", "/brukere/", "/tekster/", "/"):
        response = client.get(url)
        assert response.status_code == 403
        assert "Du har ingen tilgang nå" in response.content.decode()


def test_actors_switch(world: World) -> None:
    teacher, doctor = world.teacher, world.doctor
    assert isinstance(teacher, Actor)
    assert teacher.has_role(Role.CONTRIBUTOR)
    assert not doctor.has_role(Role.CONTRIBUTOR)
    assert (teacher.service, doctor.service) == (world.school, world.gp)
    assert teacher.organisation == doctor.organisation == world.municipality
