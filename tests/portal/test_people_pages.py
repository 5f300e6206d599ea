"""The pages of user administration: what a person reads, who is turned away, and how many statements it costs."""

import uuid

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.actions.memberships import invite
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Membership, Role, User
from tests.world import World

LISTS = ["/brukere/", "/tilganger/venter/", "/tilganger/", "/tilganger/tjenester/"]


def admin(world: World, name: str = "") -> Actor:
    return world.actor(Role.USER_ADMINISTRATOR, world.administration, name)


@pytest.fixture
def as_admin(world: World) -> Client:
    return world.client(admin(world))


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def searched(client: Client, url: str, query: str) -> str:
    """The page of results; what was searched for stands in no address."""
    answer = client.post(url, {"q": query})
    assert answer["Location"] == f"{url}?sok=1"
    return text(client, answer["Location"])


def test_an_administrator_finds_a_person(world: World, as_admin: Client) -> None:
    teacher = world.actor(Role.CONTRIBUTOR, world.school, "Åse Ødegård")
    world.actor(Role.CONTRIBUTOR, world.ppt, "Berit Berg")
    page = searched(as_admin, "/brukere/", "ødegård")
    assert "Åse Ødegård" in page
    assert "Berit Berg" not in page
    assert teacher.user is not None
    page = text(as_admin, f"/brukere/{teacher.user.pk}/")
    assert "Fjordvik skole" in page
    assert "Har tilgang" in page


def test_a_leader_sees_only_the_own_service(world: World) -> None:
    world.actor(Role.CONTRIBUTOR, world.school, "Åse Ødegård")
    other = world.actor(Role.CONTRIBUTOR, world.ppt, "Berit Berg")
    client = world.client(world.actor(Role.SERVICE_LEADER, world.school))
    page = text(client, "/brukere/")
    assert "Åse Ødegård" in page
    assert "Berit Berg" not in page
    assert other.user is not None
    text(client, f"/brukere/{other.user.pk}/", 404)


@pytest.mark.parametrize("url", [*LISTS, "/brukere/ny/"])
def test_others_are_denied(world: World, url: str) -> None:
    page = text(world.client(world.teacher), url, 403)
    assert "brukeradministrator" in page


def test_strangers_get_404(world: World, as_admin: Client) -> None:
    unknown = uuid.uuid4()
    text(as_admin, f"/brukere/{unknown}/", 404)
    for verb in ("godkjenn", "avslutt", "flytt", "send", "gjennomgatt"):
        assert as_admin.post(f"/tilganger/{unknown}/{verb}/").status_code == 404


def test_inviting_in_two_steps(world: World, as_admin: Client, django_capture_on_commit_callbacks: object) -> None:
    assert "Hvilken tjeneste?" in text(as_admin, "/brukere/ny/")
    url = f"/brukere/ny/?tjeneste={world.school.pk}"
    page = text(as_admin, url)
    assert "Bidragsyter" in page
    assert "Fastlege" not in page
    data = {"email": "ny@eksempel.invalid", "name": "Ny Person", "role": "contributor", "valid_until": "1.1.2020"}
    refused = as_admin.post(url, data)
    assert refused.status_code == 422
    assert "Siste dag kan ikke være før første dag." in refused.content.decode()
    assert "ny@eksempel.invalid" in refused.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = as_admin.post(url, {**data, "valid_until": ""}, follow=True)
    assert "Invitasjonen er sendt" in response.content.decode()
    assert "Venter på godkjenning" in response.content.decode()
    assert "Godkjenn</button>" not in response.content.decode()
    assert len(mail.outbox) == 1


def test_the_letter_leads_to_a_password_and_a_page_that_explains(
    world: World, as_admin: Client, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_admin.post(
            f"/brukere/ny/?tjeneste={world.school.pk}",
            {"email": "ny@eksempel.invalid", "name": "Ny Person", "role": "contributor"},
        )
    link = next(line for line in mail.outbox[0].body.splitlines() if "/konto/password/reset/key/" in line)
    client = Client()
    page = client.get(link.replace("http://localhost:8000", ""), follow=True)
    chosen = "et-langt-og-godt-passord"
    client.post(page.redirect_chain[-1][0], {"password1": chosen, "password2": chosen})
    response = client.post("/konto/login/", {"login": "ny@eksempel.invalid", "password": chosen}, follow=True)
    assert response.status_code == 403
    assert "venter på at en annen godkjenner" in response.content.decode()


def test_approving_and_ending(world: World, as_admin: Client) -> None:
    membership = invite(
        email="ny@eksempel.invalid", name="Ny Person", service=world.school, role=Role.CONTRIBUTOR,
        by=world.actor(Role.SERVICE_LEADER, world.school),
    )  # fmt: skip
    assert "Ny Person" in text(as_admin, "/tilganger/venter/")
    response = as_admin.post(f"/tilganger/{membership.pk}/godkjenn/", {"fra": "liste"}, follow=True)
    assert "Ny Person har nå tilgang som bidragsyter." in response.content.decode()
    url = f"/tilganger/{membership.pk}/avslutt/"
    assert as_admin.post(url, {"reason": ""}).status_code == 422
    response = as_admin.post(url, {"reason": "Har sluttet"}, follow=True)
    assert "Tilgangen er avsluttet." in response.content.decode()
    assert "Har sluttet" in response.content.decode()


def test_the_inviter_is_denied_the_approval(world: World, as_admin: Client) -> None:
    membership = invite(
        email="ny@eksempel.invalid", name="Ny", service=world.school, role=Role.CONTRIBUTOR, by=admin(world)
    )
    response = as_admin.post(f"/tilganger/{membership.pk}/godkjenn/")
    assert response.status_code == 403
    assert Membership.objects.get(pk=membership.pk).approved_at is None


def test_moving(world: World, as_admin: Client) -> None:
    membership = world.teacher.membership
    assert membership is not None
    assert "Hvilken tjeneste?" in text(as_admin, f"/tilganger/{membership.pk}/flytt/")
    url = f"/tilganger/{membership.pk}/flytt/?tjeneste={world.ppt.pk}"
    response = as_admin.post(url, {"role": "contributor"}, follow=True)
    assert "når en annen har godkjent den" in response.content.decode()


def test_correcting(world: World, as_admin: Client) -> None:
    person = world.teacher.user
    assert person is not None
    url = f"/brukere/{person.pk}/rett/"
    bad = as_admin.post(url, {"name": "", "hpr_number": "12", "profession": "doctor"})
    assert bad.status_code == 422
    assert "sju til ni sifre" in bad.content.decode()
    as_admin.post(url, {"name": "Kari Ås", "title": "Rektor", "profession": ""})
    assert User.objects.get(pk=person.pk).title == "Rektor"


def test_what_is_said_of_correcting_and_of_blocked_people_is_so(world: World, as_admin: Client) -> None:
    """Given the form to correct somebody, then its help names the fields it has; and inviting somebody who is blocked
    sends one to those who can open: nobody can in the portal."""
    person = world.teacher.person
    assert "Rett navn, tittel, yrke eller HPR-nummer." in text(as_admin, f"/brukere/{person.pk}/rett/")
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(Invalid) as refused:
        invite(email=person.email, name="", service=world.ppt, role=Role.CONTRIBUTOR,
               by=world.actor(Role.USER_ADMINISTRATOR, world.administration))  # fmt: skip
    assert "den som drifter portalen" in refused.value.errors["email"]


def test_reviewing(world: World) -> None:
    client = world.client(world.actor(Role.SERVICE_LEADER, world.school))
    membership = world.teacher.membership
    assert membership is not None
    Membership.objects.filter(pk=membership.pk).update(approved_at="2020-01-01T12:00:00Z")
    page = text(client, "/tilganger/")
    assert "Bør ses på" in page
    assert "En annen ser på din" in page
    response = client.post(f"/tilganger/{membership.pk}/gjennomgatt/", follow=True)
    assert "er gjennomgått" in response.content.decode()
    assert "Bør ses på" not in response.content.decode()


def test_services_without_people(world: World, as_admin: Client) -> None:
    assert world.teacher
    page = text(as_admin, "/tilganger/tjenester/?vis=uten")
    assert "Fjordvik barnehage" in page
    assert "Fjordvik skole" not in page
    assert "Mangler leder" in searched(as_admin, "/tilganger/tjenester/", "Fjordvik skole")


@pytest.mark.parametrize("url", LISTS)
def test_lists_cost_the_same_however_long(
    world: World, as_admin: Client, url: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def populate(number: int) -> None:
        for n in range(number):
            world.actor(Role.CONTRIBUTOR, world.school, f"{url} Person {number} {n}")
            invite(
                email=f"n{number}-{n}@eksempel.invalid", name=f"Ny {n}", service=world.ppt, role=Role.CONTRIBUTOR,
                by=admin(world, "Annen"), letter=False,
            )  # fmt: skip

    populate(2)
    as_admin.get(url)
    with django_assert_max_num_queries(20) as few:
        as_admin.get(url)
    populate(9)
    with django_assert_max_num_queries(20) as many:
        as_admin.get(url)
    assert len(few) == len(many)
