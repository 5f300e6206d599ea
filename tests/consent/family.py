"""A family to write consent situations with: the child is born on 15 March 2012, and the day is 1 May 2026."""

import datetime
from typing import Any

from cases.consent_facts import NORWAY
from cases.consent_rules import (
    AgeRules,
    ChildFacts,
    ConsentFacts,
    Decision,
    GuardianFacts,
    LackOfCapacity,
    Party,
    PartyKind,
    ProxyFacts,
    StatutoryBasis,
)

MOR, FAR = Party.guardian("mor"), Party.guardian("far")
UNG, BARNEVERN = Party.youth(), Party.barnevern()
VERGE, TANTE = Party.verge("verge"), Party.next_of_kin("tante")
RULES = AgeRules(decides_from_in={"skole": 15})
BORN = datetime.date(2012, 3, 15)


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime.datetime:
    """A moment by the clock in Norway."""
    return datetime.datetime(year, month, day, hour, minute, second, tzinfo=NORWAY)


TODAY = at(2026, 5, 1)
ASKED = at(2026, 4, 1)


def mother(**facts: Any) -> GuardianFacts:
    return GuardianFacts(**{"id": "mor", "parental_responsibility": True, "daily_care": True, **facts})


def father(**facts: Any) -> GuardianFacts:
    return GuardianFacts(**{"id": "far", "parental_responsibility": True, **facts})


BOTH = (mother(), father())


def aged(years: int, **facts: Any) -> ChildFacts:
    """A child of this age on 1 May 2026."""
    return ChildFacts(birth_date=datetime.date(2026 - years, 3, 15), **facts)


def yes(*parties: Party, **facts: Any) -> ConsentFacts:
    """A consent to PPT and the school for health and school information, until the end of the year."""
    return _said(Decision.GIVEN, parties, {"valid_until": at(2027, 1, 1, 0), **facts})


def no(*parties: Party, **facts: Any) -> ConsentFacts:
    """A refusal that covers everything."""
    return _said(Decision.REFUSED, parties, {"services": None, "categories": None, **facts})


def _said(decision: Decision, parties: tuple[Party, ...], facts: dict[str, Any]) -> ConsentFacts:
    who = "+".join(sorted(party.id or party.kind for party in parties))
    defaults = {
        "id": f"{decision}:{who}",
        "decided_at": ASKED,
        "services": frozenset({"ppt", "skolen"}),
        "categories": frozenset({"helse", "skole"}),
    }
    return ConsentFacts(**{"decision": decision, "given_by": frozenset(parties), **defaults, **facts})


def lacking(*categories: str) -> LackOfCapacity:
    return LackOfCapacity("lege, BUP Levanger", at(2026, 1, 10), frozenset(categories) or None)


def proxy(kind: PartyKind, *categories: str, **facts: Any) -> ProxyFacts:
    party_id = "verge" if kind is PartyKind.VERGE else "tante"
    return ProxyFacts(party_id, kind, frozenset(categories) or None, **facts)


def duty(**facts: Any) -> StatutoryBasis:
    """The duty to notify child protection, named as the edition names it."""
    defaults: dict[str, Any] = {
        "code": "duty_to_notify",
        "legal_reference": "helsepersonelloven § 33",
        "services": frozenset({"barnevern"}),
        "categories": frozenset({"helse"}),
        "valid_from": at(2026, 4, 20),
    }
    return StatutoryBasis(**{**defaults, **facts})


def between(**facts: Any) -> StatutoryBasis:
    """Cooperating health personnel: yields to a refusal."""
    defaults: dict[str, Any] = {
        "code": "cooperating_personnel",
        "legal_reference": "helsepersonelloven § 25",
        "services": frozenset({"legen"}),
        "yields_to_refusal": True,
    }
    return duty(**{**defaults, **facts})
