"""The headers of every address, for who is in and who is not: nothing runs, nothing frames, nothing is kept."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from portal import health
from portal.models import Role
from tests.access.pages import DOORS, pages
from tests.access.rich import Rich
from tests.access.test_strangers import arguments_of_a_door

pytestmark = pytest.mark.django_db
SETTINGS = Path(__file__).resolve().parents[2] / "portal" / "settings.py"
SENT = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOTHING_ELSE = {"'self'", "'none'", "data:"}


def policy(answer: HttpResponse) -> dict[str, list[str]]:
    """The content security policy, by directive."""
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def weak(answer: HttpResponse) -> list[str]:
    """What an answer lacks."""
    missing = [name for name, value in SENT.items() if answer.headers.get(name) != value]
    if "geolocation=()" not in answer.headers.get("Permissions-Policy", ""):
        missing.append("Permissions-Policy")
    said = policy(answer) if "Content-Security-Policy" in answer.headers else {}
    if said.get("default-src") != ["'none'"]:
        missing.append("default-src")
    if "sandbox" in said:
        return missing
    if said.get("script-src") != ["'self'"] or said.get("style-src") != ["'self'"]:
        missing.append("script-src")
    if said.get("frame-ancestors") != ["'none'"] or said.get("object-src") != ["'none'"]:
        missing.append("frame-ancestors")
    if {source for sources in said.values() for source in sources} - NOTHING_ELSE:
        missing.append("sources")
    if [name for name, sources in said.items() if "data:" in sources] not in ([], ["img-src"]):
        missing.append("data:")
    return missing


def people(rich: Rich) -> Iterator[Client]:
    """Who between them get in nearly everywhere."""
    world = rich.world
    yield world.client(world.coordinator)
    yield world.client(world.doctor)
    yield world.client(world.intake)
    yield world.client(world.actor(Role.SERVICE_LEADER, world.school))
    yield world.client(world.actor(Role.USER_ADMINISTRATOR, world.administration))


@pytest.fixture(scope="module")
def answers(rich: Rich, django_db_blocker: DjangoDbBlocker) -> list[tuple[str, HttpResponse]]:
    """Every address as each of these people gets it; the walk takes its time, so it is done once."""
    with django_db_blocker.unblock():
        return [(page.name, client.get(page.url)) for client in people(rich) for page in pages(rich)]


def test_every_address_logged_in(answers: list[tuple[str, HttpResponse]]) -> None:
    """Given people of five kinds; when each opens every address, allowed or not; then no answer is weak, and none may
    be kept by the browser or on the way."""
    wrong = {(name, answer.status_code, lack) for name, answer in answers for lack in weak(answer)}
    assert not wrong
    assert not {name for name, answer in answers if "no-store" not in answer.headers.get("Cache-Control", "")}
    opened = {name for name, answer in answers if answer.status_code == 200}
    assert len(opened) > 70, "the walk must get in to say anything"


def test_every_address_logged_out(rich: Rich) -> None:
    """Given nobody; when every address and every door is tried; then no answer is weak."""
    client, wrong = Client(), set()
    doors = [reverse(name, kwargs=arguments_of_a_door(name)) for name in sorted(DOORS)]
    for url in [*(page.url for page in pages(rich)), *doors, "/finnes/ikke/"]:
        answer = client.get(url)
        wrong |= {(url, answer.status_code, lack) for lack in weak(answer)}
    assert not wrong


def test_a_login_page_is_not_kept(rich: Rich) -> None:
    assert "no-store" in Client().get(reverse("account_login"))["Cache-Control"]


def test_what_is_handed_out_is_saved_and_boxed_in(answers: list[tuple[str, HttpResponse]]) -> None:
    """Given every address that hands out a file; then it is saved, sniffed by nobody, and in a sandbox; only PDFs that
    the portal has made itself are shown."""
    pages_too = ("text/html", "application/json")
    found = {
        name: answer
        for name, answer in answers
        if answer.status_code == 200 and not answer["Content-Type"].startswith(pages_too)
    }
    shown = {name for name, answer in found.items() if not answer["Content-Disposition"].startswith("attachment")}
    assert shown <= {"referrals:pdf"}
    assert {"cases:document", "cases:log_csv", "cases:log_pdf", "referrals:text_file"} <= set(found)
    for name in set(found) - shown:
        assert policy(found[name]) == {"default-src": ["'none'"], "sandbox": []}, name
    for name, answer in found.items():
        assert "no-store" in answer["Cache-Control"], name


def test_probes_tell_nothing_to_keep() -> None:
    assert "no-store" in Client().get(health.LIVE)["Cache-Control"]


def production(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The settings as they are in production."""
    monkeypatch.setattr("portal.logs.configure", lambda level: None)
    monkeypatch.setenv("PORTAL_MODE", "production")
    monkeypatch.delenv("PORTAL_SSL_REDIRECT", raising=False)
    return runpy.run_path(str(SETTINGS))


def test_production_speaks_https_only(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Given production; then http is turned away, cookies travel over TLS alone, and browsers remember it for a
    year."""
    made = production(monkeypatch)
    for name in ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"):
        setattr(settings, name, made[name])
    assert made["SESSION_COOKIE_SECURE"] is made["CSRF_COOKIE_SECURE"] is True
    assert made["CONTENT_SECURITY_POLICY"] == settings.CONTENT_SECURITY_POLICY
    page = reverse("account_login")
    assert Client().get(page).status_code == 301
    answer = Client().get(page, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert weak(answer) == []
