"""What an ID token must be before a word of it is believed (OpenID Connect Core, 3.1.3.7)."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from portal.eid.providers import Provider

# Only signatures made with a key that the provider alone has.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512")
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
CLOCK_SECONDS = 10
# A token is made for the login that is going on, by a person who has just shown who they are.
FRESH_SECONDS = 300

KeyFinder = Callable[[str | None], jwt.PyJWK]


class TokenRefused(Exception):
    """The provider's answer cannot be believed, or is not enough. ``why`` is a code for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def verified(
    token: str, *, provider: Provider, nonce: str, key_for: KeyFinder, access_token: str = ""
) -> dict[str, Any]:
    """The claims of an ID token that is signed, ours, fresh, and about this very login. Raises ``TokenRefused``."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg", "")
        if algorithm not in ALGORITHMS:
            raise TokenRefused("algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            key_for(header.get("kid")).key,
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=CLOCK_SECONDS,
            options={"require": REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(_why(error)) from None
    _check_party(claims, provider)
    _check_times(claims)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise TokenRefused("nonce")
    if "at_hash" in claims and str(claims["at_hash"]) != half_hash(access_token, algorithm):
        raise TokenRefused("at_hash")
    return claims


def check_level(claims: Mapping[str, Any], provider: Provider) -> str:
    """How sure the provider is of who it is. Raises ``TokenRefused`` when that is not sure enough."""
    level = str(claims.get(provider.kind.level_claim, ""))
    if level not in provider.kind.levels:
        raise TokenRefused("level")
    return level


def half_hash(access_token: str, algorithm: str) -> str:
    """What ``at_hash`` must be: the left half of the hash that goes with the algorithm."""
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _check_party(claims: Mapping[str, Any], provider: Provider) -> None:
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise TokenRefused("azp")


def _check_times(claims: Mapping[str, Any]) -> None:
    oldest = time.time() - FRESH_SECONDS - CLOCK_SECONDS
    if claims["iat"] < oldest:
        raise TokenRefused("stale")
    # Asked with prompt=login: an answer from an earlier login is somebody who sat here before.
    signed_in = claims.get("auth_time", claims["iat"])
    if not isinstance(signed_in, int | float) or signed_in < oldest:
        raise TokenRefused("stale")


def _why(error: jwt.PyJWTError) -> str:
    for kind, why in (
        (jwt.ExpiredSignatureError, "expired"),
        (jwt.InvalidIssuerError, "issuer"),
        (jwt.InvalidAudienceError, "audience"),
        (jwt.InvalidSignatureError, "signature"),
        (jwt.MissingRequiredClaimError, "claims"),
        (jwt.ImmatureSignatureError, "early"),
    ):
        if isinstance(error, kind):
            return why
    return "token"
