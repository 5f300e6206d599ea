"""Who a provider says it is: claims made into what the portal matches people by. No number is kept or logged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.eid.providers import Provider
from portal.eid.tokens import TokenRefused, check_level
from portal.identity.crypto import lookup_hashes

PURPOSE = "user-pid"
NUMBER = re.compile(r"\d{11}", re.ASCII)
HPR = re.compile(r"\d{7,9}", re.ASCII)
ORGANISATION = re.compile(r"\b\d{9}\b", re.ASCII)


@dataclass(frozen=True)
class Identity:
    """A person as one provider has told us, with a level that is high enough."""

    provider: str
    level: str
    # Hashes of the national number under every active key, current first.
    pid_hashes: tuple[str, ...] = field(repr=False)
    hpr_number: str = ""
    family_name: str = ""
    # Numbers of the organisations the person is logged in for; empty when the provider says nothing of that.
    organisations: frozenset[str] = frozenset()

    @property
    def pid_hash(self) -> str:
        """The hash to store."""
        return self.pid_hashes[0]


def identity_of(claims: Mapping[str, Any], provider: Provider) -> Identity:
    """The identity in verified claims. Raises ``TokenRefused`` for a low level, or without a national number."""
    kind = provider.kind
    level = check_level(claims, provider)
    number = str(claims.get(kind.pid_claim, ""))
    if not NUMBER.fullmatch(number):
        raise TokenRefused("claims")
    hpr = str(claims.get(kind.hpr_claim, "")) if kind.hpr_claim else ""
    return Identity(
        provider=provider.slug,
        level=level,
        pid_hashes=lookup_hashes(number, purpose=PURPOSE),
        hpr_number=hpr if HPR.fullmatch(hpr) else "",
        family_name=str(claims.get("family_name", "")).strip(),
        organisations=_organisations(claims, provider),
    )


def _organisations(claims: Mapping[str, Any], provider: Provider) -> frozenset[str]:
    found = {str(claims[name]) for name in provider.kind.organisation_claims if claims.get(name)}
    details = claims.get("authorization_details")
    for detail in details if isinstance(details, list) else []:
        for party in _parties(detail):
            found |= set(ORGANISATION.findall(str(party.get("ID", party.get("id", "")))))
    return frozenset(number for number in found if ORGANISATION.fullmatch(number))


def _parties(detail: Any) -> list[Mapping[str, Any]]:
    """Ansattporten's answer: on whose behalf, as ``authorized_parties`` or as one ``reportees`` list."""
    if not isinstance(detail, Mapping):
        return []
    parties = detail.get("authorized_parties") or detail.get("reportees") or []
    known = [party for party in parties if isinstance(party, Mapping)] if isinstance(parties, list) else []
    return [party["orgno"] if isinstance(party.get("orgno"), Mapping) else party for party in known]
