"""Signing with the client's private JWK (private_key_jwt), and with a key made for the occasion (DPoP, RFC 9449)."""

import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

# How we may sign, by type of key; what a key says itself (alg) goes first.
ALGORITHMS = {"RSA": ("PS256", "RS256", "PS384", "RS384", "PS512", "RS512"), "EC": ("ES256", "ES384", "ES512")}
ASSERTION_SECONDS = 60


class KeyProblem(Exception):
    """A private key that cannot be used; the message names the setting, never the key."""


def signing_key(text: str, *, setting: str) -> dict[str, Any]:
    """The private JWK written in a setting. Raises ``KeyProblem`` saying what to mend."""
    try:
        key = json.loads(text)
    except ValueError:
        raise KeyProblem(f"{setting} må være en privat JWK (JSON).") from None
    if not isinstance(key, dict) or key.get("kty") not in ALGORITHMS or "d" not in key:
        raise KeyProblem(f"{setting} må være en privat RSA- eller EC-nøkkel skrevet som JWK.")
    if key.get("alg", ALGORITHMS[key["kty"]][0]) not in ALGORITHMS[key["kty"]]:
        raise KeyProblem(f"{setting} har en «alg» som ikke kan brukes med nøkkelen.")
    try:
        jwt.PyJWK(key, algorithm=algorithm_of(key))
    except (jwt.PyJWTError, ValueError, TypeError):
        raise KeyProblem(f"{setting} kan ikke leses som en privat nøkkel.") from None
    return key


def algorithm_of(key: Mapping[str, Any]) -> str:
    """The algorithm a private key signs with."""
    if "alg" in key:
        return str(key["alg"])
    curves = {"P-384": "ES384", "P-521": "ES512"}
    return curves.get(str(key.get("crv")), ALGORITHMS[str(key["kty"])][0])


def client_assertion(*, key: Mapping[str, Any], client_id: str, audience: str) -> str:
    """Who we are, signed: for one request, for one minute (RFC 7523)."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": now,
        "nbf": now,
        "exp": now + ASSERTION_SECONDS,
    }
    headers = {"typ": "client-authentication+jwt"} | ({"kid": key["kid"]} if "kid" in key else {})
    algorithm = algorithm_of(key)
    return jwt.encode(claims, jwt.PyJWK(dict(key), algorithm=algorithm).key, algorithm, headers=headers)


class ProofKey:
    """A key that lives as long as one exchange: what is given for it is of no use to anyone else."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.public: dict[str, Any] = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)

    def proof(self, *, method: str, url: str, nonce: str = "") -> str:
        """The proof for one request; ``nonce`` when the provider has asked for one."""
        claims = {"jti": secrets.token_urlsafe(24), "htm": method, "htu": url, "iat": int(time.time())}
        if nonce:
            claims["nonce"] = nonce
        return jwt.encode(claims, self.private, "ES256", headers={"typ": "dpop+jwt", "jwk": self.public})
