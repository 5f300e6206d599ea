"""Which providers of electronic identity are set up, and what each demands. Read from the environment by settings.

Only names and values here: no Django, since settings import this.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.eid.keys import KeyProblem, signing_key

IDENTITY = "helseid://claims/identity/"
CLIENT = "helseid://claims/client/claims/"


@dataclass(frozen=True)
class Kind:
    """What sort of provider it is: the words on the button, what is asked for, and where the answers stand."""

    key: str
    name: str
    scopes: tuple[str, ...]
    acr_values: str
    # The claim that tells how sure the provider is, and the only answers that will do.
    level_claim: str
    levels: frozenset[str]
    pid_claim: str = "pid"
    hpr_claim: str = ""
    organisation_claims: tuple[str, ...] = ()
    dpop: bool = False


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            key="helseid",
            name="HelseID",
            scopes=(
                "openid",
                "profile",
                "helseid://scopes/identity/pid",
                "helseid://scopes/identity/security_level",
                "helseid://scopes/hpr/hpr_number",
            ),
            acr_values="Level4",
            level_claim=f"{IDENTITY}security_level",
            levels=frozenset({"4"}),
            pid_claim=f"{IDENTITY}pid",
            hpr_claim="helseid://claims/hpr/hpr_number",
            organisation_claims=(f"{CLIENT}orgnr_parent", f"{CLIENT}orgnr_child"),
            dpop=True,
        ),
        Kind(
            key="idporten",
            name="ID-porten",
            scopes=("openid", "profile"),
            acr_values="idporten-loa-high",
            level_claim="acr",
            levels=frozenset({"idporten-loa-high"}),
        ),
        Kind(
            key="ansattporten",
            name="Ansattporten",
            scopes=("openid", "profile"),
            acr_values="idporten-loa-high",
            level_claim="acr",
            levels=frozenset({"idporten-loa-high"}),
        ),
    )
}


@dataclass(frozen=True)
class Provider:
    """One provider that is set up: a kind, where it is, and who we are there."""

    kind: Kind
    issuer: str
    client_id: str
    # A private JWK. Kept out of every repr, so that it can stand in no log.
    key: Mapping[str, Any] = field(repr=False)
    # What Ansattporten asks the person to choose: on whose behalf (RFC 9396), as JSON.
    authorization_details: str = ""

    @property
    def slug(self) -> str:
        """What it is called in addresses and in the log."""
        return self.kind.key

    @property
    def name(self) -> str:
        """What it is called on the button."""
        return self.kind.name


def read(environ: Mapping[str, str]) -> tuple[dict[str, Provider], list[str]]:
    """The providers that are set up, by slug, and what is wrong with those that are half set up, in sentences."""
    providers: dict[str, Provider] = {}
    problems: list[str] = []
    for kind in KINDS.values():
        prefix = f"PORTAL_{kind.key.upper()}_"
        given = {name: environ.get(prefix + name, "").strip() for name in ("ISSUER", "CLIENT_ID", "KEY", "KEY_FILE")}
        if not any(given.values()):
            continue
        wrong = _missing(prefix, given)
        details = environ.get(f"{prefix}AUTHORIZATION_DETAILS", "").strip()
        if details and not _is_list(details):
            wrong.append(f"{prefix}AUTHORIZATION_DETAILS må være en JSON-liste.")
        try:
            key = signing_key(_key_text(given), setting=f"{prefix}KEY") if not wrong else {}
        except (KeyProblem, OSError) as problem:
            wrong.append(str(problem) if isinstance(problem, KeyProblem) else f"{prefix}KEY_FILE kan ikke leses.")
        if wrong:
            problems += wrong
            continue
        providers[kind.key] = Provider(kind, given["ISSUER"], given["CLIENT_ID"], key, details)
    return providers, problems


def _missing(prefix: str, given: Mapping[str, str]) -> list[str]:
    missing = [prefix + name for name in ("ISSUER", "CLIENT_ID") if not given[name]]
    if not given["KEY"] and not given["KEY_FILE"]:
        missing.append(f"{prefix}KEY (eller {prefix}KEY_FILE)")
    return [f"{', '.join(missing)} mangler: innloggingen er bare halvveis satt opp."] if missing else []


def _key_text(given: Mapping[str, str]) -> str:
    return given["KEY"] or Path(given["KEY_FILE"]).read_text(encoding="utf-8")


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False
