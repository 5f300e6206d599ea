"""What must be right before real people use it: who the database lets in, letters, and attempts to log in."""

import os

import psycopg
import pytest
from allauth.core.internal import ratelimit
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import Client, RequestFactory

from portal import environment, health
from portal.checks import letters_can_be_sent, too_mighty
from portal.login import address_of


@pytest.mark.parametrize(("role", "mighty"), [("DATABASE_URL", False), ("DATABASE_OWNER_URL", True)])
@pytest.mark.django_db
def test_a_role_that_owns_tables_is_told_from_the_web_s(settings: LazySettings, role: str, mighty: bool) -> None:
    """Given the two roles; when asked in the test's database; then only the owner could pass the policies by."""
    name = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(os.environ[role], dbname=name) as link, link.cursor() as cursor:
        assert too_mighty(cursor) is mighty


@pytest.mark.django_db
def test_a_portal_with_too_much_power_is_not_ready(client: Client, settings: LazySettings) -> None:
    """Given a web that connects as the owner; when the supervisor asks; then it says so and gets no traffic."""
    settings.AS_OWNER = False
    answer = client.get(health.READY)
    assert (answer.status_code, answer.json()["rolle"]) == (503, "feil")


def test_production_needs_a_mail_server(settings: LazySettings) -> None:
    """Without one nobody who is invited gets in."""
    settings.PRODUCTION, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = ""
    assert [error.id for error in letters_can_be_sent(None)] == ["portal.E003"]
    settings.EMAIL_HOST = "post.eksempel.invalid"
    assert letters_can_be_sent(None) == []


@pytest.mark.parametrize(
    ("given", "expected"), [("starttls", (True, False)), ("tls", (False, True)), ("none", (False, False))]
)
def test_how_mail_is_secured(monkeypatch: pytest.MonkeyPatch, given: str, expected: tuple[bool, bool]) -> None:
    monkeypatch.setenv("PORTAL_SMTP_SECURITY", given)
    assert environment.mail_security() == expected


def test_a_word_that_secures_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SMTP_SECURITY", "ssl")
    with pytest.raises(ImproperlyConfigured, match="PORTAL_SMTP_SECURITY"):
        environment.mail_security()


def test_people_behind_the_proxy_are_told_apart(settings: LazySettings) -> None:
    """Given one proxy; when the header was begun by the sender; then the address the proxy added counts."""
    asked = RequestFactory().get("/", headers={"x-forwarded-for": "1.2.3.4, 10.1.1.7"}, REMOTE_ADDR="10.0.0.1")
    assert address_of(asked) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(asked) == "10.1.1.7"
    assert address_of(HttpRequest()) is None


def test_too_many_attempts_are_told_in_norwegian() -> None:
    answer = ratelimit.handler429(RequestFactory().get("/konto/login/"))
    assert answer.status_code == 429
    assert "For mange forsøk på kort tid" in answer.content.decode()
