"""What an environment sets up, and what it is told when it does so by halves."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from portal.checks import identity_providers_are_whole
from portal.eid.identity import identity_of
from portal.eid.providers import KINDS, Provider, read
from tests.login.provider import NUMBER, ROOT, signing_key

KEY = json.dumps(signing_key())
WHOLE = {"PORTAL_HELSEID_ISSUER": "https://sts.invalid", "PORTAL_HELSEID_CLIENT_ID": "id", "PORTAL_HELSEID_KEY": KEY}


def test_nothing_is_set_up_by_itself() -> None:
    assert read({}) == ({}, [])


def test_a_provider_that_is_set_up(tmp_path: Path) -> None:
    """By a key in the environment, or in a file; the key is in no text that could be logged."""
    providers, problems = read(WHOLE)
    assert problems == []
    assert providers["helseid"].name == "HelseID"
    assert json.loads(KEY)["d"] not in repr(providers)
    (tmp_path / "key.json").write_text(KEY, encoding="utf-8")
    from_file = {**WHOLE, "PORTAL_HELSEID_KEY": "", "PORTAL_HELSEID_KEY_FILE": str(tmp_path / "key.json")}
    assert read(from_file) == (providers, [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"PORTAL_HELSEID_CLIENT_ID": ""}, "PORTAL_HELSEID_CLIENT_ID mangler"),
        ({"PORTAL_HELSEID_KEY": ""}, "PORTAL_HELSEID_KEY (eller PORTAL_HELSEID_KEY_FILE) mangler"),
        ({"PORTAL_HELSEID_KEY": "tull"}, "må være en privat JWK"),
        ({"PORTAL_HELSEID_KEY": '{"kty": "RSA", "n": "AQAB"}'}, "må være en privat RSA- eller EC-nøkkel"),
        ({"PORTAL_HELSEID_KEY": '{"kty": "RSA", "n": "A", "e": "AQAB", "d": "A"}'}, "kan ikke leses"),
        ({"PORTAL_HELSEID_KEY": "", "PORTAL_HELSEID_KEY_FILE": "/finnes/ikke"}, "KEY_FILE kan ikke leses"),
        ({"PORTAL_HELSEID_AUTHORIZATION_DETAILS": "{}"}, "må være en JSON-liste"),
    ],
)
def test_half_a_provider_stops_the_start(settings: LazySettings, change: dict[str, str], said: str) -> None:
    """Given one thing missing or wrong; when the portal is checked; then it says which variable, and never the key."""
    providers, problems = read({**WHOLE, **change})
    assert providers == {}
    assert said in problems[0]
    settings.EID_PROBLEMS = problems
    (error,) = identity_providers_are_whole(None)
    assert error.id == "portal.E004"


@pytest.mark.parametrize(
    ("mode", "asked", "required"), [("production", "nei", True), ("demo", "", False), ("demo", "ja", True)]
)
def test_production_always_asks_for_more_than_a_password(mode: str, asked: str, required: bool) -> None:
    """Given a mode; when the settings are read; then nothing turns it off in production, and the demo may choose."""
    env = {**os.environ, "PORTAL_MODE": mode, "PORTAL_REQUIRE_MFA": asked, "PORTAL_DB_AS": "web"}
    read_settings = "from portal import settings; print(settings.PORTAL_REQUIRE_MFA)"
    answer = subprocess.run([sys.executable, "-c", read_settings], env=env, cwd=ROOT, capture_output=True, text=True)
    assert answer.stdout.strip() == str(required), answer.stderr


def test_the_organisation_chosen_in_ansattporten() -> None:
    """Given the two shapes Ansattporten answers with; then the organisation's number is found in both."""
    provider = Provider(KINDS["ansattporten"], "https://ansattporten.invalid", "id", {})
    claims: dict[str, Any] = {"pid": NUMBER, "acr": "idporten-loa-high"}
    for details in (
        [{"authorized_parties": [{"orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:999999991"}}]}],
        [{"reportees": [{"ID": "999999991", "Name": "Fjordvik kommune"}]}],
    ):
        found = identity_of({**claims, "authorization_details": details}, provider)
        assert found.organisations == {"999999991"}
    for nothing in (None, "tull", [None], [{"authorized_parties": "tull"}], [{"reportees": [{"ID": "1"}]}]):
        assert identity_of({**claims, "authorization_details": nothing}, provider).organisations == frozenset()
