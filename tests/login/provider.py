"""The tests' OpenID provider (provider.mjs) as seen from Python, and the way through it without a browser."""

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from ops.node import tools
from portal.eid.providers import CLIENT, IDENTITY, KINDS, Provider

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASE = "http://testserver"
# Synthetic: 80 is added to the month.
NUMBER, OTHER_NUMBER = "01858049969", "02858049817"
SCOPES = {
    "openid": ["sub"],
    "profile": ["name", "family_name", "pid", "authorization_details"],
    "helseid://scopes/identity/pid": [f"{IDENTITY}pid", f"{CLIENT}orgnr_parent"],
    "helseid://scopes/identity/security_level": [f"{IDENTITY}security_level"],
    "helseid://scopes/hpr/hpr_number": ["helseid://claims/hpr/hpr_number"],
    "acr": None,
    "auth_time": None,
}


def signing_key() -> dict[str, Any]:
    """A client's private key."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {**RSAAlgorithm.to_jwk(private, as_dict=True), "kid": "client", "alg": "PS256", "use": "sig"}


@dataclass
class Running:
    """A provider that answers, and the clients it knows."""

    issuer: str
    key: dict[str, Any] = field(repr=False)

    def provider(self, slug: str) -> Provider:
        """Our side of it."""
        return Provider(KINDS[slug], self.issuer, slug, self.key)

    def answers(self, *, claims: dict[str, Any], acr: str = "", **more: Any) -> None:
        """Who logs in next, how surely, and what happens to the ID token (``change``, ``sign``)."""
        body = {"account": claims, "acr": acr, **more}
        requests.post(f"{self.issuer}/_control", json=body, timeout=10).raise_for_status()

    def asked(self, address: str) -> dict[str, str]:
        """What the provider was asked for, wherever it was sent."""
        given = query_of(address)
        answer = requests.get(f"{self.issuer}/_asked", params={"request_uri": given["request_uri"]}, timeout=10)
        asked: dict[str, str] = answer.json()
        return asked

    def through(self, address: str) -> str:
        """Follows a browser's way from ``address`` to where the person is sent back: path and query."""
        with requests.Session() as browser:
            for _step in range(8):
                response = browser.get(address, allow_redirects=False, timeout=10)
                assert response.is_redirect, response.text
                location = response.headers["Location"]
                address = location if "://" in location else f"{self.issuer}{location}"
                if address.startswith(BASE):
                    return address.removeprefix(BASE)
        raise AssertionError("never came back")


@contextlib.contextmanager
def running() -> Iterator[Running]:
    """A provider of its own, on a free port, ended by its own handle."""
    key = signing_key()
    public = {name: key[name] for name in ("kty", "n", "e", "kid", "alg", "use")}
    settings = {"clients": [_client(slug, public) for slug in KINDS], "claims": SCOPES, "acrValues": _levels()}
    node = tools(ROOT / ".portal" / "log")
    process = subprocess.Popen(
        [node.node, str(HERE / "provider.mjs")],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **node.env, "PROVIDER": json.dumps(settings), "NODE_NO_WARNINGS": "1"},
        text=True,
    )
    try:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer, "the provider did not start: bin/setup installs it"
        yield Running(issuer, key)
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


def query_of(address: str) -> dict[str, str]:
    """What stands after the question mark."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def helseid(
    number: str = NUMBER, *, level: str = "4", hpr: str = "", name: str = "Person", **more: str
) -> dict[str, Any]:
    """The claims of somebody in HelseID; ``more`` are claims about the client (orgnr_parent)."""
    claims = {f"{IDENTITY}pid": number, f"{IDENTITY}security_level": level, "name": name, "family_name": name}
    if hpr:
        claims["helseid://claims/hpr/hpr_number"] = hpr
    return claims | {f"{CLIENT}{claim}": value for claim, value in more.items()}


def _client(slug: str, public: dict[str, Any]) -> dict[str, Any]:
    health = slug == "helseid"
    return {
        "client_id": slug,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "PS256",
        "id_token_signed_response_alg": "PS256",
        "jwks": {"keys": [public]},
        "redirect_uris": [f"{BASE}/konto/eid/{slug}/svar/"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "scope": " ".join(KINDS[slug].scopes),
        "require_pushed_authorization_requests": health,
        "dpop_bound_access_tokens": health,
    }


def _levels() -> list[str]:
    return sorted({kind.acr_values for kind in KINDS.values()} | {"idporten-loa-substantial"})
