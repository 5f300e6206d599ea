"""The conversation with a provider: what it says of itself, the way there, and what the code is worth.

Authorization code with PKCE (S256), a pushed request where the provider takes one (RFC 9126), the client known by a
signed assertion (private_key_jwt), and DPoP where the provider wants it. Nothing of the answer is kept: the access
token is for nothing here, and is thrown away.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
import requests

from portal.eid.keys import ProofKey, client_assertion
from portal.eid.providers import Provider
from portal.eid.tokens import TokenRefused, verified

TIMEOUT = (3, 8)
REMEMBERED_SECONDS = 3600
# What a description must say for anybody to come in by it.
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Unknown keys are looked for anew, but not more often than this: strangers must not make us ask.
KEYS_SECONDS = 30
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class ProviderDown(Exception):
    """The provider does not answer, or answers with something that is no answer."""


@dataclass(frozen=True)
class Journey:
    """What is remembered in the session of a person who has been sent to a provider; good for one return."""

    provider: str
    state: str
    nonce: str
    verifier: str
    began: float
    next: str = ""
    # The person who is linking the identity to the user they are already logged in as.
    linking: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the session."""
        return asdict(self)


def new_journey(provider: Provider, *, next_url: str = "", linking: str = "") -> Journey:
    """A journey with secrets of its own."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    return Journey(provider.slug, state, nonce, verifier, time.time(), next_url, linking)


class Client:
    """Speaks with one provider; remembers for a while what the provider says of itself."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._metadata_at = self._keys_at = 0.0

    def metadata(self) -> dict[str, Any]:
        """The provider's own description. Raises ``ProviderDown``; ``TokenRefused`` when it calls itself another."""
        with self.lock:
            if time.monotonic() - self._metadata_at > REMEMBERED_SECONDS or not self._metadata:
                address = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
                described = _json("GET", address)
                if described.get("issuer") != self.provider.issuer:
                    raise TokenRefused("issuer")
                if not all(described.get(needed) for needed in NEEDED):
                    raise ProviderDown
                self._metadata, self._metadata_at = described, time.monotonic()
            return self._metadata

    def address(self, journey: Journey, redirect_uri: str) -> str:
        """Where to send the person."""
        described = self.metadata()
        kind = self.provider.kind
        challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.provider.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": " ".join(kind.scopes),
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "acr_values": kind.acr_values,
            # Computers are shared: whoever was logged in there before must not be let in here.
            "prompt": "login",
            "ui_locales": "nb",
        }
        if self.provider.authorization_details:
            asked["authorization_details"] = self.provider.authorization_details
        pushed = described.get("pushed_authorization_request_endpoint")
        if pushed:
            answer = self._post(str(pushed), asked)
            asked = {"client_id": self.provider.client_id, "request_uri": str(answer.get("request_uri", ""))}
        return f"{described['authorization_endpoint']}?{urlencode(asked)}"

    def claims(self, journey: Journey, *, code: str, issuer: str, redirect_uri: str) -> dict[str, Any]:
        """What the code is worth: the verified claims of the ID token. Raises ``ProviderDown`` or ``TokenRefused``."""
        described = self.metadata()
        # RFC 9207: an answer that says whom it comes from must come from the one we asked.
        says_who = issuer or described.get("authorization_response_iss_parameter_supported")
        if says_who and issuer != self.provider.issuer:
            raise TokenRefused("issuer")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": journey.verifier,
            "client_id": self.provider.client_id,
        }
        answer = self._post(str(described["token_endpoint"]), form, proof=self.provider.kind.dpop)
        return verified(
            str(answer.get("id_token", "")),
            provider=self.provider,
            nonce=journey.nonce,
            key_for=self.key_for,
            access_token=str(answer.get("access_token", "")),
        )

    def key_for(self, kid: str | None) -> jwt.PyJWK:
        """The provider's key with this id; asked for anew when it is not known, since providers change keys."""
        with self.lock:
            age = time.monotonic() - self._keys_at
            if age > REMEMBERED_SECONDS or not self._keys or (kid not in self._keys and age > KEYS_SECONDS):
                found = jwt.PyJWKSet.from_dict(_json("GET", str(self._metadata["jwks_uri"])))
                self._keys = {key.key_id or "": key for key in found.keys if key.public_key_use in (None, "sig")}
                self._keys_at = time.monotonic()
            if kid is None and len(self._keys) == 1:
                return next(iter(self._keys.values()))
            try:
                return self._keys[kid or ""]
            except KeyError:
                raise TokenRefused("signature") from None

    def _post(self, url: str, form: Mapping[str, str], *, proof: bool = False) -> dict[str, Any]:
        key = ProofKey() if proof else None
        nonce = ""
        # A provider may ask once for a nonce of its own in the proof (RFC 9449, 8).
        for last in (False, True):
            assertion = client_assertion(
                key=self.provider.key, client_id=self.provider.client_id, audience=self.provider.issuer
            )
            signed = {**form, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
            headers = {"DPoP": key.proof(method="POST", url=url, nonce=nonce)} if key else {}
            response = _send("POST", url, data=signed, headers=headers)
            nonce = response.headers.get("DPoP-Nonce", "")
            if last or not (key and nonce and _error(response) == "use_dpop_nonce"):
                return _body(response)
        raise ProviderDown(url)


def _send(method: str, url: str, **sent: Any) -> requests.Response:
    try:
        return requests.request(method, url, timeout=TIMEOUT, allow_redirects=False, **sent)
    except requests.RequestException as error:
        raise ProviderDown(type(error).__name__) from None


def _json(method: str, url: str) -> dict[str, Any]:
    return _body(_send(method, url))


def _error(response: requests.Response) -> str:
    try:
        return str(response.json().get("error", ""))
    except (json.JSONDecodeError, requests.JSONDecodeError, AttributeError):
        return ""


def _body(response: requests.Response) -> dict[str, Any]:
    if 400 <= response.status_code < 500:
        # The code is used, old or somebody else's; or we are not whom we say.
        raise TokenRefused(_error(response)[:40] or "refused")
    try:
        body = response.json()
    except requests.JSONDecodeError:
        raise ProviderDown("not JSON") from None
    if response.status_code not in {200, 201} or not isinstance(body, dict):
        raise ProviderDown(str(response.status_code))
    return body


_CLIENTS: dict[str, Client] = {}


def client_for(provider: Provider) -> Client:
    """The one client of a provider in this process."""
    known = _CLIENTS.get(provider.slug)
    if known is None or known.provider is not provider:
        known = _CLIENTS[provider.slug] = Client(provider)
    return known
