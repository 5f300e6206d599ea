"""Linking an electronic identity to the user one is, and what it opens."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.test import Client

from portal.actions.memberships import approve, invite
from portal.eid.identity import PURPOSE
from portal.identity.crypto import lookup_hash
from portal.models import Membership, Organisation, Role, User
from tests.login.codes import set_up, with_password
from tests.login.people import of_the_doctor
from tests.login.provider import NUMBER, Running
from tests.world import World

ComesBack = Callable[[Client, str], str]


def test_linking_while_logged_in(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given a teacher with a password; when she links ID-porten; then it lets her in from now on, and nobody else may
    link the same."""
    client = Client()
    client.post("/konto/login/", {"login": world.teacher.person.email, "password": "et-langt-passord-1"})
    known.answers(claims={"pid": NUMBER, "name": "P"}, acr="idporten-loa-high")
    key = client.session.session_key
    back = known.through(client.get("/konto/eid/idporten/knytt/").headers["Location"])
    assert client.get(back).headers["Location"] == "/konto/sikkerhet/"
    assert client.session["strong"] is True
    assert client.session.session_key != key
    fresh = Client()
    fresh.get(comes_back(fresh, "idporten"))
    assert fresh.session[SESSION_KEY] == str(world.teacher.person.pk)
    other = Client()
    other.post("/konto/login/", {"login": world.coordinator.person.email, "password": "et-langt-passord-1"})
    back = known.through(other.get("/konto/eid/idporten/knytt/").headers["Location"])
    assert "stemmer ikke med brukeren" in other.get(back).content.decode()


def test_linking_asks_who_it_is(world: World, known: Running) -> None:
    """Given a session that was left open; when somebody wants to link an identity; then the password is asked for."""
    answer = world.client(world.teacher).get("/konto/eid/idporten/knytt/")
    assert answer.headers["Location"].startswith("/konto/reauthenticate/")


def test_whoever_comes_by_electronic_identity_needs_no_code(
    world: World, known: Running, comes_back: ComesBack, settings: Any
) -> None:
    """Given a portal that asks for more than a password, and a doctor who has an app besides; when she comes by
    HelseID; then she is not asked for a code."""
    settings.PORTAL_REQUIRE_MFA = True
    set_up(with_password(world.doctor.person))
    client = Client()
    known.answers(claims=of_the_doctor(world))
    assert client.get(comes_back(client, "helseid")).headers["Location"] == "/innboks/"
    assert client.get("/innboks/").status_code == 200
    assert client.get("/konto/okter/").context["sessions"][0].how == "HelseID"


def test_the_way_on_for_an_invited_person(world: World, known: Running, settings: Any) -> None:
    """Given an invited person who has chosen a password; when the portal asks for more; then linking ID-porten is
    one way, and opens the portal at once."""
    settings.PORTAL_REQUIRE_MFA = True
    client = with_password(world.coordinator.person)
    assert "Bruk ID-porten" in client.get("/konto/sikkerhet/kreves/").content.decode()
    known.answers(claims={"pid": NUMBER, "name": "P"}, acr="idporten-loa-high")
    client.get(known.through(client.get("/konto/eid/idporten/knytt/").headers["Location"]))
    assert client.get("/innboks/").status_code == 200


def test_a_password_alone_links_nothing_for_who_has_an_app(world: World, known: Running, settings: Any) -> None:
    """Given two sessions with a password, one of which has set up an app; then the other adds no way in."""
    settings.PORTAL_REQUIRE_MFA = True
    first, second = with_password(world.coordinator.person), with_password(world.coordinator.person)
    away = known.through(second.get("/konto/eid/idporten/knytt/").headers["Location"])
    set_up(first)
    for address in ("/konto/eid/idporten/knytt/", away):
        assert second.get(address).headers["Location"] == "/konto/sikkerhet/kreves/"
    assert User.objects.get(pk=world.coordinator.person.pk).pid_hash is None


def test_only_the_roles_of_the_organisation_one_chose(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given a teacher in two municipalities; when she chooses one of them in Ansattporten; then her role in the other
    is not there in that session, and cannot be chosen by hand."""
    teacher = world.teacher.person
    elsewhere = a_second_role(world)
    Organisation.objects.filter(pk=world.municipality.pk).update(org_number="999999991")
    Organisation.objects.filter(pk=world.other_municipality.pk).update(org_number="999999992")
    User.objects.filter(pk=teacher.pk).update(pid_hash=lookup_hash(NUMBER, purpose=PURPOSE))
    client = Client()
    party = {"orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:999999991"}}
    details = [{"type": "ansattporten:orgno", "authorized_parties": [party]}]
    claims = {"pid": NUMBER, "name": "P", "authorization_details": details}
    known.answers(claims=claims, acr="idporten-loa-high")
    assert client.get(comes_back(client, "ansattporten")).headers["Location"] == "/innboks/"
    page = client.get("/rolle/")
    assert [membership.pk for membership in page.context["memberships"]] == [world.teacher.seat.pk]
    assert client.post("/rolle/", {"membership": elsewhere.pk}).status_code == 404


def a_second_role(world: World) -> Membership:
    """The teacher's role in a school of the other municipality."""
    administrator = world.actor(Role.USER_ADMINISTRATOR, world.administration)
    invited = invite(
        email=world.teacher.person.email, name="", service=world.other_school, role=Role.CONTRIBUTOR,
        by=administrator, letter=False,
    )  # fmt: skip
    return approve(membership=invited, by=world.actor(Role.USER_ADMINISTRATOR, world.administration, "Annen"))
