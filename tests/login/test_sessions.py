"""Where one is logged in: the list, ending one or all, and what ends them without being asked."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.actions.memberships import end
from portal.models import AuditEvent, Role, Session
from portal.tasks import forget_sessions
from tests.login.codes import PASSWORD, with_password
from tests.world import World


def is_in(client: Client) -> bool:
    return client.get("/innboks/").status_code == 200


def test_the_list_tells_where_and_how(world: World) -> None:
    """Given two machines; when one looks; then both are there, this one first, by what they call themselves."""
    here, there = with_password(world.teacher.person), with_password(world.teacher.person)
    with_password(world.doctor.person)
    assert is_in(there)
    page = here.get("/konto/okter/")
    found = page.context["sessions"]
    assert [one.is_this for one in found] == [True, False]
    assert {(one.device, one.how) for one in found} == {("Firefox, Windows", "passord")}
    assert "Denne økten" in page.content.decode()
    assert here.session.session_key not in page.content.decode()


def test_ending_one(world: World) -> None:
    here, there = with_password(world.teacher.person), with_password(world.teacher.person)
    handle = there.session["handle"]
    assert here.post(f"/konto/okter/{handle}/avslutt/").headers["Location"] == "/konto/okter/"
    assert is_in(here)
    assert not is_in(there)


def test_another_s_session_is_not_there(world: World) -> None:
    here, other = with_password(world.teacher.person), with_password(world.doctor.person)
    assert here.post(f"/konto/okter/{other.session['handle']}/avslutt/").status_code == 404
    assert is_in(other)


def test_logging_out_everywhere(world: World) -> None:
    """Given three machines; when one logs out everywhere; then all are out, the log says how many, others are in."""
    mine = [with_password(world.teacher.person) for _machine in range(3)]
    other = with_password(world.doctor.person)
    assert mine[0].post("/konto/okter/alle/").headers["Location"] == "/konto/login/"
    assert not any(is_in(client) for client in mine)
    assert is_in(other)
    assert AuditEvent.objects.get(verb="person.sessions_ended").detail == {"count": 3}


def test_a_new_password_keeps_this_session_in_the_list_and_ends_the_others(world: World) -> None:
    """Given two machines; when the password is changed on one; then its key is new and still whose it was, and the
    other is out."""
    here, there = with_password(world.teacher.person), with_password(world.teacher.person)
    key = here.session.session_key
    new = {"oldpassword": PASSWORD, "password1": "et-nytt-langt-passord-2", "password2": "et-nytt-langt-passord-2"}
    assert here.post("/konto/password/change/", new).status_code == 302
    assert here.session.session_key != key
    assert here.get("/konto/okter/").context["sessions"][0].is_this
    assert not is_in(there)


def test_a_login_gets_a_new_key(world: World) -> None:
    """Session fixation: what was planted before the login is of no use after it."""
    client = Client()
    client.get("/konto/login/")
    session = client.session
    session["plantet"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/konto/login/", {"login": world.teacher.person.email, "password": PASSWORD})
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_last_access_that_ends_ends_the_sessions(world: World) -> None:
    """Given a teacher who is logged in; when her only access ends; then her sessions do."""
    client = with_password(world.teacher.person)
    administrator = world.actor(Role.USER_ADMINISTRATOR, world.administration)
    end(membership=world.teacher.seat, reason="har sluttet", by=administrator)
    assert not Session.objects.filter(user_id=world.teacher.person.pk).exists()
    assert client.get("/innboks/").headers["Location"].startswith("/konto/login/")


def test_sessions_nobody_can_come_back_to_are_removed(world: World) -> None:
    here, there = with_password(world.teacher.person), with_password(world.teacher.person)
    Session.objects.filter(session_key=there.session.session_key).update(expire_date="2020-01-01T00:00:00Z")
    forget_sessions()
    assert is_in(here)
    assert Session.objects.filter(user_id=world.teacher.person.pk).count() == 1
    forget_sessions()


def test_who_is_blocked_is_out(world: World) -> None:
    client = with_password(world.teacher.person)
    type(world.teacher.person).objects.filter(pk=world.teacher.person.pk).update(is_active=False)
    assert client.get("/innboks/").headers["Location"].startswith("/konto/login/")


def test_a_session_that_is_over_is_not_in_the_list(world: World) -> None:
    here, there = with_password(world.teacher.person), with_password(world.teacher.person)
    session = there.session
    session["last_seen"] = session["began"] = 1
    session.save()
    assert [one.is_this for one in here.get("/konto/okter/").context["sessions"]] == [True]


def test_the_list_costs_one_statement_however_long(world: World) -> None:
    """Given one machine, then many; then the page takes no more statements; nor does an ordinary one."""
    here = with_password(world.teacher.person)
    here.get("/konto/okter/")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            here.get("/konto/okter/")
        return len(caught)

    few = statements()
    for _machine in range(4):
        with_password(world.teacher.person)
    assert statements() == few < 20
