"""Logging in with electronic identity, against a real provider that the tests start and then lead astray."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from portal.models import AuditEvent, Organisation, User
from tests.login.people import last, of_the_doctor
from tests.login.provider import NUMBER, OTHER_NUMBER, Running, helseid, query_of
from tests.world import World

ComesBack = Callable[[Client, str], str]


def test_a_doctor_comes_in_by_helseid(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given a doctor invited with her HPR number; when HelseID says level 4; then she is in, and the log says how."""
    client = Client()
    known.answers(claims=of_the_doctor(world))
    answer = client.get(comes_back(client, "helseid"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/innboks/")
    assert client.session[SESSION_KEY] == str(world.doctor.person.pk)
    event = last("person.logged_in")
    assert (event.detail, event.hpr_number) == ({"how": "helseid", "level": "4"}, world.doctor.person.hpr_number)
    assert client.get("/rolle/").status_code == 200


def test_the_second_time_the_number_is_enough(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given a doctor who has been in once; when she comes by ID-porten, with a new name; then the number lets her in,
    and nowhere does it stand."""
    client = Client()
    known.answers(claims=of_the_doctor(world))
    client.get(comes_back(client, "helseid"))
    known.answers(claims={"pid": NUMBER, "name": "Ny", "family_name": "Ny"}, acr="idporten-loa-high")
    other = Client()
    assert other.get(comes_back(other, "idporten")).headers["Location"] == "/innboks/"
    assert last("person.logged_in").detail == {"how": "idporten", "level": "idporten-loa-high"}
    doctor = User.objects.get(pk=world.doctor.person.pk)
    assert doctor.pid_hash is not None
    assert NUMBER not in doctor.pid_hash
    assert NUMBER not in str(dict(other.session))
    assert AuditEvent.objects.filter(verb="person.eid_linked").count() == 1


def test_what_is_asked_for(world: World, known: Running) -> None:
    """PKCE, a nonce, the level and a fresh login are asked for; HelseID gets it pushed and sees one reference."""
    address = Client().get("/konto/eid/idporten/").headers["Location"]
    # This provider takes pushed requests from everyone.
    assert set(query_of(address)) == {"client_id", "request_uri"}
    asked = known.asked(address)
    assert asked["code_challenge_method"] == "S256"
    assert (asked["acr_values"], asked["prompt"], asked["response_type"]) == ("idporten-loa-high", "login", "code")
    assert len(asked["nonce"]) > 40
    assert asked["redirect_uri"] == "http://testserver/konto/eid/idporten/svar/"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"change": {"iss": "https://en-annen.invalid"}}, "issuer"),
        ({"change": {"aud": "en-annen"}}, "audience"),
        ({"change": {"aud": ["helseid", "en-annen"]}}, "azp"),
        ({"change": {"azp": "en-annen"}}, "azp"),
        ({"change": {"exp": int(time.time()) - 60}}, "expired"),
        ({"change": {"iat": int(time.time()) - 3600}}, "stale"),
        ({"change": {"auth_time": int(time.time()) - 3600}}, "stale"),
        ({"change": {"iat": int(time.time()) + 3600}}, "early"),
        ({"change": {"nonce": "en annens"}}, "nonce"),
        ({"change": {"nonce": None}}, "claims"),
        ({"change": {"at_hash": "feil"}}, "at_hash"),
        ({"sign": "foreign"}, "signature"),
        ({"sign": "none"}, "algorithm"),
    ],
)
def test_a_token_that_is_not_as_it_should_be(
    world: World, known: Running, comes_back: ComesBack, wrong: dict[str, Any], why: str
) -> None:
    """Given everything right but one thing; when she comes back; then nobody is let in, and the log says which."""
    client = Client()
    known.answers(claims=of_the_doctor(world), **wrong)
    answer = client.get(comes_back(client, "helseid"))
    assert answer.status_code == 403
    assert "Svaret vi fikk, kunne ikke brukes" in answer.content.decode()
    assert SESSION_KEY not in client.session
    assert (last("person.login_refused").kind, last("person.login_refused").detail["why"]) == ("refused", why)


@pytest.mark.parametrize(
    ("slug", "claims", "acr"),
    [
        ("helseid", helseid(level="3"), "Level4"),
        ("idporten", {"pid": NUMBER, "name": "P"}, "idporten-loa-substantial"),
        ("ansattporten", {"pid": NUMBER, "name": "P"}, ""),
    ],
)
def test_a_low_level_is_not_enough(
    world: World, known: Running, comes_back: ComesBack, slug: str, claims: dict[str, Any], acr: str
) -> None:
    """Given a login without the highest level; when it comes back; then the page says which one to use."""
    client = Client()
    known.answers(claims=claims, acr=acr)
    answer = client.get(comes_back(client, slug))
    assert answer.status_code == 403
    assert "høyeste sikkerhetsnivået" in answer.content.decode()
    assert last("person.login_refused").detail == {"how": slug, "why": "level"}


def test_an_answer_is_good_once(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given somebody who has come in; when the same answer is sent again, or from another browser; then it is nothing:
    neither the state nor the code opens anything twice."""
    client, thief = Client(), Client()
    known.answers(claims=of_the_doctor(world))
    back = comes_back(client, "helseid")
    assert client.get(back).status_code == 303
    client.post("/konto/logout/")
    assert client.get(back).status_code == 403
    assert thief.get(back).status_code == 403
    assert not AuditEvent.objects.filter(verb="person.login_refused").exists()
    # Even with a state of their own, the code has been used.
    comes_back(thief, "helseid")
    remembered = thief.session["eid_journey"]
    assert (
        thief.get(f"/konto/eid/helseid/svar/?code={query_of(back)['code']}&state={remembered['state']}").status_code
        == 403
    )
    assert SESSION_KEY not in thief.session
    assert SESSION_KEY not in client.session


def test_an_answer_from_another_provider_is_refused(world: World, known: Running, comes_back: ComesBack) -> None:
    """RFC 9207: the answer says whom it comes from. Nor does one provider's answer open another's door."""
    client = Client()
    known.answers(claims=of_the_doctor(world))
    back = comes_back(client, "helseid")
    issuer = query_of(back)["iss"]
    assert issuer == known.issuer
    changed = back.replace("iss=http", "iss=https")
    assert client.get(changed).status_code == 403
    assert last("person.login_refused").detail["why"] == "issuer"
    assert client.get(comes_back(client, "helseid").replace("/helseid/", "/idporten/")).status_code == 403


def test_an_unknown_person_is_told_what_to_do(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given somebody nobody has invited; when they come; then the page says how, the log knows, and nobody is made."""
    before = User.objects.count()
    client = Client()
    known.answers(claims=helseid(OTHER_NUMBER, hpr="7654321"))
    page = client.get(comes_back(client, "helseid"))
    assert page.status_code == 403
    assert "Slik kommer du videre" in page.content.decode()
    assert last("person.login_refused").detail == {"how": "helseid", "why": "unknown"}
    assert User.objects.count() == before
    assert OTHER_NUMBER not in page.content.decode()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("another name", "name"),
        ("two with the number", "several"),
        ("blocked", "blocked"),
        ("another number linked", "other"),
        ("another hpr", "hpr"),
    ],
)
def test_when_the_number_does_not_decide(
    world: World, known: Running, comes_back: ComesBack, how: str, why: str
) -> None:
    """Given an HPR number that is not surely hers; when it comes for the first time; then it opens nothing."""
    doctor, claims = world.doctor.person, of_the_doctor(world)
    if how == "another name":
        claims["family_name"] = "Fremmed"
    elif how == "two with the number":
        User.objects.filter(pk=world.intake.person.pk).update(hpr_number=doctor.hpr_number)
    elif how == "blocked":
        User.objects.filter(pk=doctor.pk).update(is_active=False)
    elif how == "another number linked":
        User.objects.filter(pk=doctor.pk).update(pid_hash="h1:annen")
    else:
        client = Client()
        known.answers(claims=claims)
        client.get(comes_back(client, "helseid"))
        claims["helseid://claims/hpr/hpr_number"] = "1234567"
    client = Client()
    known.answers(claims=claims)
    assert client.get(comes_back(client, "helseid")).status_code == 403
    assert last("person.login_refused").detail["why"] == why
    assert SESSION_KEY not in client.session


def test_a_membership_that_has_ended_opens_nothing(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given a doctor whose access is over; when HelseID knows her; then she reads why, and no case."""
    world.doctor.seat.__class__.objects.filter(pk=world.doctor.seat.pk).update(valid_until="2020-06-01")
    client = Client()
    known.answers(claims=of_the_doctor(world))
    client.get(comes_back(client, "helseid"))
    for address in ("/innboks/", "/saker/", "/rolle/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Du har ingen tilgang nå" in answer.content.decode()


def test_the_organisation_one_is_logged_in_for(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given a nurse of the hospital; when she is logged in for another organisation; then she is turned back; for her
    own, she is in; and a role elsewhere is not there in that session."""
    nurse = world.intake.person
    hospital = Organisation.objects.filter(pk=world.hospital.pk)
    hospital.update(org_number="999999991")
    claims = {"hpr": nurse.hpr_number, "name": nurse.name.split()[-1]}
    client = Client()
    known.answers(claims=helseid(**claims, orgnr_parent="999999992"))
    page = client.get(comes_back(client, "helseid"))
    assert "på vegne av en virksomhet" in page.content.decode()
    assert last("person.login_refused").detail["why"] == "organisation"
    assert User.objects.get(pk=nurse.pk).pid_hash is None
    known.answers(claims=helseid(**claims, orgnr_parent="999999991"))
    assert client.get(comes_back(client, "helseid")).status_code == 303
    assert client.get("/rolle/").status_code == 200
    hospital.update(org_number="999999993")
    assert client.get("/rolle/").status_code == 403


def test_a_provider_that_is_down_says_so(world: World, known: Running, settings: Any) -> None:
    """Given a provider nobody answers at; when somebody wants to log in; then a page says so, and no error."""
    down = Running("http://127.0.0.1:9", known.key).provider("idporten")
    settings.EID_PROVIDERS = {"idporten": down}
    page = Client().get("/konto/eid/idporten/")
    assert page.status_code == 502
    assert "Vi får ikke kontakt med ID-porten" in page.content.decode()
    assert Client().get("/konto/eid/helseid/").status_code == 404


def test_one_may_turn_back(world: World, known: Running, comes_back: ComesBack) -> None:
    """Given somebody who presses cancel at the provider; when they come back; then nothing is held against them."""
    client = Client()
    known.answers(claims={}, refuse=True)
    page = client.get(comes_back(client, "idporten"))
    assert "Innloggingen ble avbrutt" in page.content.decode()
    assert not AuditEvent.objects.filter(verb="person.login_refused").exists()


def test_the_buttons_and_the_headers(world: World, known: Running) -> None:
    """One button for each provider, above the password; the page and its answers are kept by nobody."""
    page = Client().get("/konto/login/?next=/saker/")
    text = page.content.decode()
    for name in ("HelseID", "ID-porten", "Ansattporten"):
        assert text.index(f"Logg inn med {name}") < text.index("id_password")
    assert "/konto/eid/helseid/?next=/saker/" in text
    assert "no-store" in Client().get("/konto/eid/helseid/svar/").headers["Cache-Control"]


def test_one_is_sent_on_to_where_one_was_going_but_not_elsewhere(
    world: World, known: Running, comes_back: ComesBack
) -> None:
    for wanted, sent in (("/saker/", "/saker/"), ("https://ond.example/", "/innboks/")):
        client = Client()
        known.answers(claims=of_the_doctor(world))
        back = known.through(client.get("/konto/eid/helseid/", {"next": wanted}).headers["Location"])
        assert client.get(back).headers["Location"] == sent
