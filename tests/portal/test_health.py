"""The probes: open to all, say nothing of anybody, and name what is wrong by one word."""

import pytest
from django.db import OperationalError
from django.test import Client

from portal import health


def test_live_needs_nothing(client: Client) -> None:
    response = client.get("/helse/live/", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (200, {"status": "ok", "prosess": "ok"})


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    response = client.get("/helse/klar/", headers={"host": "10.0.0.7"})
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migreringer": "ok",
        "redis": "ok",
        "rolle": "ok",
        "regler": "ok",
    }
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_missing_migration(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_KNOWN", {("portal", "9999_later")})
    response = client.get("/helse/klar/")
    assert (response.status_code, response.json()["migreringer"]) == (503, "feil")


def test_what_is_wrong_is_not_told_in_detail(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> bool:
        raise OperationalError("password authentication failed for portal_web at 10.1.2.3")

    monkeypatch.setattr(health, "PROBES", {"database": down})
    response = client.get("/helse/klar/")
    assert response.status_code == 503
    assert response.json() == {"status": "feil", "database": "feil"}
