"""A password alone opens nothing: the gate, the app and its codes, and an administrator's help when all is lost."""

import datetime as dt
import uuid
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.models import AuditEvent, KeptText, Role, Session, User
from tests.login.codes import PASSWORD, code_for, secret_of, set_up, with_password
from tests.world import World


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    """As in production; and failed attempts are counted by each test for itself."""
    settings.PORTAL_REQUIRE_MFA = True
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(uuid.uuid4())}}


@pytest.mark.parametrize("role", list(Role))
def test_whoever_has_only_given_a_password_is_led_to_more(world: World, role: Role) -> None:
    """Given any role; when only a password has been given; then everything leads to the page that says why."""
    where = {Role.GP: world.gp, Role.INTAKE: world.bup, Role.USER_ADMINISTRATOR: world.administration}
    client = with_password(world.actor(role, where.get(role, world.school)).person)
    for address in ("/innboks/", "/rolle/", "/brukere/", "/konto/sikkerhet/", "/konto/password/change/"):
        assert client.get(address).headers["Location"] == "/konto/sikkerhet/kreves/", address
    assert client.post("/rolle/", {"membership": "x"}).headers["Location"] == "/konto/sikkerhet/kreves/"
    page = client.get("/konto/sikkerhet/kreves/").content.decode()
    assert "Et passord alene er ikke nok" in page
    assert "Sett opp en kode-app" in page


def test_the_gate_closes_for_sessions_from_before(world: World) -> None:
    """Given a session that says nothing of how it began; then it is not sure enough: the gate fails shut."""
    client = world.client(world.teacher)
    assert client.get("/innboks/").headers["Location"] == "/konto/sikkerhet/kreves/"


def test_outside_production_it_is_a_choice(world: World, settings: Any) -> None:
    settings.PORTAL_REQUIRE_MFA = False
    assert with_password(world.teacher.person).get("/innboks/").status_code == 200


def test_setting_up_an_app(world: World) -> None:
    """Given a teacher who has just logged in; when she shows the first code; then she is in, under a new key, has
    codes in reserve that are shown once, a letter, and a line in the log."""
    client = with_password(world.teacher.person)
    key = client.session.session_key
    page = client.get("/konto/kode/app/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    codes = set_up(client)
    assert len(codes) == 10
    assert "vises ikke igjen" in client.get("/konto/reservekoder/").content.decode()
    assert client.session.session_key != key
    assert client.get("/innboks/").status_code == 200
    assert AuditEvent.objects.filter(verb="person.factor_added", detail={"kind": "totp"}).count() == 1
    stored = Authenticator.objects.get(user=world.teacher.person, type="totp").data["secret"]
    assert secret_of(world.teacher.person) not in stored


def test_a_letter_is_sent(world: World, django_capture_on_commit_callbacks: Any) -> None:
    client = with_password(world.teacher.person)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert [letter.to for letter in mail.outbox] == [[world.teacher.person.email]]
    assert "ekstra trinn" in mail.outbox[0].body


def test_the_next_time_the_code_is_asked_for(world: World) -> None:
    """Given an app; when the password is right; then nothing is open before the code is, and each code is good once."""
    set_up(with_password(world.teacher.person))
    client = with_password(world.teacher.person)
    assert SESSION_KEY not in client.session
    assert client.get("/innboks/").headers["Location"].startswith("/konto/login/")
    before = client.session.session_key
    code = code_for(secret_of(world.teacher.person), 1)
    assert client.post("/konto/kode/", {"code": code}).headers["Location"] == "/innboks/"
    assert client.session.session_key != before
    assert client.get("/innboks/").status_code == 200
    assert AuditEvent.objects.filter(verb="person.logged_in").latest("pk").detail == {"how": "password+totp"}
    # What allauth remembers is forgotten before the code stops being right.
    assert cache.delete(f"allauth.mfa.totp.used?user={world.teacher.person.pk}&code={code}")
    again = with_password(world.teacher.person)
    assert "Koden stemmer ikke" in again.post("/konto/kode/", {"code": code}).content.decode()


def test_a_code_in_reserve_is_good_once(world: World) -> None:
    codes = set_up(with_password(world.teacher.person))
    assert with_password(world.teacher.person).post("/konto/kode/", {"code": codes[0]}).status_code == 302
    answer = with_password(world.teacher.person).post("/konto/kode/", {"code": codes[0]})
    assert "Koden stemmer ikke" in answer.content.decode()
    assert AuditEvent.objects.filter(detail={"how": "password+recovery_codes"}).count() == 1


def test_codes_cannot_be_guessed(world: World) -> None:
    """Given somebody with the password; when they try codes; then after five the right one does not help either."""
    set_up(with_password(world.teacher.person))
    client = with_password(world.teacher.person)
    for _attempt in range(5):
        client.post("/konto/kode/", {"code": "000000"})
    answer = client.post("/konto/kode/", {"code": code_for(secret_of(world.teacher.person), 1)})
    assert answer.status_code == 200
    assert SESSION_KEY not in client.session
    # Nor from another browser: it is the person who is counted.
    other = with_password(world.teacher.person)
    other.post("/konto/kode/", {"code": code_for(secret_of(world.teacher.person), 1)})
    assert SESSION_KEY not in other.session


def test_wrong_passwords_still_close_the_door(world: World) -> None:
    """Given an app; when the password is guessed; then django-axes shuts the door before any code is asked for."""
    set_up(with_password(world.teacher.person))
    client = Client()
    for _attempt in range(7):
        answer = client.post("/konto/login/", {"login": world.teacher.person.email, "password": "feil"})
        cache.clear()
    assert answer.status_code in {403, 429}
    assert "For mange forsøk" in answer.content.decode()
    answer = client.post("/konto/login/", {"login": world.teacher.person.email, "password": PASSWORD})
    assert answer.status_code in {403, 429}


def test_an_open_session_from_before_cannot_add_a_way_in(world: World) -> None:
    """Given two sessions with a password; when one sets up an app; then the other must come in with its code."""
    first, second = with_password(world.teacher.person), with_password(world.teacher.person)
    set_up(first)
    for address in ("/konto/kode/app/", "/konto/reservekoder/", "/konto/kode/app/fjern/", "/konto/sikkerhet/"):
        assert second.get(address).headers["Location"] == "/konto/sikkerhet/kreves/", address
    assert "Logg ut, og inn igjen med det" in second.get("/konto/sikkerhet/kreves/").content.decode()


def test_removing_the_app_closes_the_gate_again(world: World) -> None:
    client = with_password(world.teacher.person)
    set_up(client)
    client.post("/konto/kode/app/fjern/")
    assert not Authenticator.objects.filter(user=world.teacher.person).exists()
    assert client.get("/innboks/").headers["Location"] == "/konto/sikkerhet/kreves/"


def test_changes_ask_who_it_is_when_the_login_is_some_time_ago(world: World, settings: Any) -> None:
    client = with_password(world.teacher.person)
    set_up(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    for address in ("/konto/kode/app/fjern/", "/konto/reservekoder/nye/", "/konto/reservekoder/"):
        assert client.get(address).headers["Location"].startswith("/konto/reauthenticate/"), address


def test_new_codes_in_reserve(world: World) -> None:
    client = with_password(world.teacher.person)
    old = set_up(client)
    client.post("/konto/reservekoder/nye/")
    new = client.get("/konto/reservekoder/").context["unused_codes"]
    assert not set(new) & set(old)
    assert AuditEvent.objects.filter(verb="person.codes_renewed").exists()


def test_an_administrator_helps_who_has_lost_everything(world: World, django_capture_on_commit_callbacks: Any) -> None:
    """Given a teacher without her phone; when an administrator has made sure who asks; then every way in is taken
    away, she is told and gets a link, and what she had open is closed."""
    teacher = world.teacher.person
    client = with_password(teacher)
    set_up(client)
    User.objects.filter(pk=teacher.pk).update(pid_hash="h1:x")
    helper = world.client(world.actor(Role.USER_ADMINISTRATOR, world.administration))
    session = helper.session
    session["strong"] = True
    session.save()
    address = f"/brukere/{teacher.pk}/nullstill/"
    assert helper.post(address, {}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert helper.post(address, {"checked": "met"}).status_code == 303
    teacher.refresh_from_db()
    assert not Authenticator.objects.filter(user=teacher).exists()
    assert (teacher.has_usable_password(), teacher.pid_hash) == (False, None)
    assert not Session.objects.filter(user_id=teacher.pk).exists()
    assert client.get("/innboks/").headers["Location"].startswith("/konto/login/")
    assert "/konto/password/reset/key/" in mail.outbox[-1].body
    assert AuditEvent.objects.get(verb="person.login_reset").detail == {"checked": "met"}


def test_nobody_else_may(world: World) -> None:
    leader = world.client(world.actor(Role.SERVICE_LEADER, world.school))
    session = leader.session
    session["strong"] = True
    session.save()
    assert leader.get(f"/brukere/{world.teacher.person.pk}/nullstill/").status_code == 403


def test_a_code_is_never_kept_as_text(world: World) -> None:
    """Given a form with a code, sent from a session that is over; then the code is not kept with what was typed."""
    client = with_password(world.teacher.person)
    set_up(client)
    session = client.session
    session["last_seen"] = 1
    session.save()
    client.post("/konto/kode/bekreft/", {"code": "123456"})
    assert not KeptText.objects.exists()


def test_a_password_adds_nothing_for_who_has_an_electronic_identity(world: World) -> None:
    """Given somebody who logs in by electronic identity and still has a password; when only the password is given; then
    no app or key can be added by it, and the page leads to the electronic identity."""
    person = world.teacher.person
    User.objects.filter(pk=person.pk).update(pid_hash="k1:" + "0" * 64)
    client = with_password(person)
    for address in ("/konto/kode/app/", "/konto/nokkel/ny/"):
        assert client.get(address).headers["Location"] == "/konto/sikkerhet/kreves/", address
    assert "elektronisk ID" in client.get("/konto/sikkerhet/kreves/").content.decode()
    assert "Sett opp en kode-app" not in client.get("/konto/sikkerhet/kreves/").content.decode()


def test_an_old_failed_attempt_stops_nobody(world: World) -> None:
    """Given a wrong password of a while ago; when somebody logs in and out; then the attempt is cleared away, by the
    role that the web has."""
    attempt = AccessAttempt.objects.create(username="x", ip_address="127.0.0.1", failures_since_start=1)
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - dt.timedelta(hours=1))
    client = with_password(world.teacher.person)
    assert client.post("/konto/logout/").status_code in {302, 303}
    assert not AccessAttempt.objects.filter(pk=attempt.pk).exists()
