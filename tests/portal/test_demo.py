"""The demo's people and its buttons, and that neither can exist in production."""

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from portal.checks import demo_login_only_in_demo
from portal.demo.people import actor_of, described, people_now
from portal.models import AuditEvent, Membership, Role, User
from portal.roles import fits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def demo(db: None, settings: LazySettings) -> Client:
    """A visitor to the demo, with directory and people."""
    settings.DEMO, settings.TESTING = True, False
    settings.ROOT_URLCONF = "tests.portal.demo_urlconf"
    call_command("load_directory", verbosity=0)
    call_command("load_demo_people", verbosity=0)
    return Client()


def test_the_people_are_made_once(demo: Client, capsys: pytest.CaptureFixture[str]) -> None:
    before = (User.objects.count(), Membership.objects.count())
    assert before[0] >= 25
    call_command("load_demo_people")
    assert "Demopersoner: 0 tilganger laget" in capsys.readouterr().out
    assert (User.objects.count(), Membership.objects.count()) == before
    assert all(user.email.endswith("@demo.invalid") for user in User.objects.all())
    assert not User.objects.exclude(password__startswith="!").exists()


def test_every_role_is_there_and_fits_its_service(demo: Client) -> None:
    memberships = [person.membership for person in people_now()]
    assert {membership.role for membership in memberships} == set(Role.values)
    assert all(fits(membership.service.kind, membership.role) for membership in memberships)
    assert all(membership.community.slug == "nordre-trondelag" for membership in memberships)
    assert all(person.described.hint for person in people_now())


def test_people_were_invited_by_one_and_approved_by_another(demo: Client) -> None:
    alone = Membership.objects.filter(approved_at__isnull=False, invited_by__isnull=True)
    assert set(alone.values_list("role", flat=True)) == {Role.USER_ADMINISTRATOR}
    assert (
        AuditEvent.objects.filter(verb="membership.approved").count()
        == Membership.objects.filter(approved_at__isnull=False).exclude(pk__in=alone).count()
    )


def test_one_waits_for_approval(demo: Client) -> None:
    assert Membership.objects.awaiting_approval().get().service.key == "namsos-barneskole"


def test_the_front_page_leads_to_the_buttons(demo: Client) -> None:
    assert demo.get("/").headers["Location"] == "/demo/"
    page = demo.get("/demo/").content.decode()
    for person in described():
        assert (person.name in page) == bool(person.group)
    assert "Velg en demoperson" in demo.get("/konto/login/").content.decode()


def test_a_button_logs_in_with_a_new_session(demo: Client) -> None:
    doctor = actor_of("henrik-eventyrvik")
    assert doctor.membership is not None
    demo.get("/demo/")
    response = demo.post(f"/demo/{doctor.membership.pk}/")
    assert (response.status_code, response.headers["Location"]) == (303, "/innboks/")
    first = demo.session.session_key
    assert demo.get("/om/").context["shell"]["actor"].name == "Henrik Eventyrvik"
    teacher = actor_of("jonas-tenkli")
    assert teacher.membership is not None
    demo.post(f"/demo/{teacher.membership.pk}/")
    assert demo.session.session_key != first
    assert demo.get("/om/").context["shell"]["actor"].name == "Jonas Tenkli"
    event = AuditEvent.objects.filter(verb="person.logged_in").latest("id")
    assert (event.user_name, event.detail) == ("Jonas Tenkli", {"how": "demo"})


def test_only_the_people_of_the_page(demo: Client) -> None:
    waiting = Membership.objects.awaiting_approval().get()
    for pk in (waiting.pk, uuid.uuid4()):
        assert demo.post(f"/demo/{pk}/").status_code == 404
    assert demo.get(f"/demo/{waiting.pk}/").status_code == 405


def test_the_list_for_the_terminal(demo: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_people")
    out = capsys.readouterr().out
    assert "Helseforetaket" in out
    assert re.search(r"Astrid Modellmo +Inntak +BUP Namsos", out)


def test_the_pages_refuse_even_when_the_addresses_are_there(demo: Client, settings: LazySettings) -> None:
    settings.DEMO = False
    assert demo.get("/demo/").status_code == 404
    assert demo.post(f"/demo/{uuid.uuid4()}/").status_code == 404


def test_the_check_stops_production_with_the_addresses(settings: LazySettings) -> None:
    assert demo_login_only_in_demo(None) == []
    settings.PRODUCTION = True
    assert demo_login_only_in_demo(None) == []
    settings.ROOT_URLCONF = "tests.portal.demo_urlconf"
    assert [error.id for error in demo_login_only_in_demo(None)] == ["portal.E001"]


@pytest.mark.parametrize("command", ["load_demo_people", "demo_people"])
def test_the_commands_refuse_in_production(settings: LazySettings, command: str) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="produksjonsinnstillinger"):
        call_command(command)


@pytest.mark.parametrize(("mode", "there"), [("production", False), ("test", False), ("demo", True)])
def test_the_addresses_follow_the_mode(mode: str, there: bool) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "from django.core.checks import run_checks\n"
        "try: print('there', reverse('demo:people'))\n"
        "except NoReverseMatch: print('absent')\n"
        "print([c.id for c in run_checks(tags=['security']) if c.id.startswith('portal.')])"
    )
    env = {
        **os.environ,
        "PORTAL_MODE": mode,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ALLOWED_HOSTS": "portal.invalid",
        "PORTAL_SMTP_HOST": "post.portal.invalid",
    }
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["there /demo/" if there else "absent", "[]"]
