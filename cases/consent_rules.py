"""May this service see this category now? The consent decision as pure functions (design §6).

Who decides. Those with parental responsibility, all of them as a rule; barnevern after it has taken over the care; a
verge where nobody has the responsibility; from the edition's age (16, or another per category) the young person. Who
lacks capacity, recorded with who assessed it, is decided for: under 18 as for a younger child, from 18 by a verge
within the mandate, else by the next of kin.

What was said. Each party's newest word counts: a no (refusal, or withdrawal at its very second) ends every earlier yes
to the same service and category, and only a newer yes ends a no; said at the same instant, the no counts. Several
yeses add up, so that a renewal before expiry leaves no gap. A no takes effect whoever could decide at the time, a yes
from a young person only if it begins to work when the young person decides: it can be signed ahead with a
``valid_from`` on the birthday. From that birthday the parents' consent is no basis any more, with no days of grace.

One guardian is enough only with a reason, and never against another guardian's no, unless that guardian is blocked.
A child's wish to withhold (from 12) stops what others consented to, until the young person decides and says yes.
A statutory basis opens only the services and categories it names. It opens them against any no, except one that yields
to a refusal (edition): that one opens nothing while anybody who decides, or the child, has said no or taken a yes back.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from cases.consent_answers import Basis, Because, DeciderKind, Deciders
from cases.consent_facts import (
    AgeRules,
    ChildFacts,
    ConsentFacts,
    Decision,
    GuardianFacts,
    LackOfCapacity,
    Need,
    PartialWithdrawal,
    Party,
    PartyKind,
    ProxyFacts,
    Reservation,
    StatutoryBasis,
    age_on,
    names,
    turns,
    turns_at,
    within,
)

__all__ = [
    "AgeRules",
    "Basis",
    "Because",
    "ChildFacts",
    "ConsentFacts",
    "DeciderKind",
    "Deciders",
    "Decision",
    "GuardianFacts",
    "LackOfCapacity",
    "Need",
    "PartialWithdrawal",
    "Party",
    "PartyKind",
    "ProxyFacts",
    "Reservation",
    "StatutoryBasis",
    "age_on",
    "bases_ahead",
    "basis_for",
    "is_valid",
    "names",
    "next_change_at",
    "turns",
    "turns_at",
    "who_decides",
]


def who_decides(
    child: ChildFacts, guardians: Iterable[GuardianFacts], category: str, at: datetime.datetime, rules: AgeRules
) -> Deciders:
    """Who can consent for this child in this category at this moment."""
    if not _lacks_capacity(child, category, at):
        if _has_turned(child, rules.adult, at):
            return Deciders(DeciderKind.ADULT, frozenset({Party.youth()}))
        if _has_turned(child, rules.decides(category), at):
            return Deciders(DeciderKind.YOUTH, frozenset({Party.youth()}))
    elif _has_turned(child, rules.adult, at):
        return _proxies(child, category, at, PartyKind.VERGE, PartyKind.NEXT_OF_KIN)
    if child.care_taken_over:
        return Deciders(DeciderKind.BARNEVERN, frozenset({Party.barnevern()}))
    responsible = frozenset(Party.guardian(guardian.id) for guardian in guardians if guardian.parental_responsibility)
    if responsible:
        return Deciders(DeciderKind.GUARDIANS, responsible, all_needed=True)
    return _proxies(child, category, at, PartyKind.VERGE)


def is_valid(consent: ConsentFacts, *, service: str, category: str, at: datetime.datetime) -> bool:
    """Whether this one decision is a yes in force for the service and category; not whether it is enough."""
    return (
        consent.decision is Decision.GIVEN
        and _covers(consent, service, category)
        and within(consent.starts, consent.valid_until, at)
        and not any(moment <= at for moment in _withdrawals(consent, service, category))
    )


def basis_for(
    need: Need,
    child: ChildFacts,
    guardians: Collection[GuardianFacts],
    consents: Collection[ConsentFacts],
    rules: AgeRules,
    *,
    statutory: Collection[StatutoryBasis] = (),
) -> Basis:
    """Whether the service may see the category now, why, on which consents, and when that ends."""
    now = _verdict(need, child, guardians, consents, rules, statutory)
    if not now.allowed:
        return now
    for moment in _moments(need, child, consents, rules, statutory):
        if not _verdict(replace(need, at=moment), child, guardians, consents, rules, statutory).allowed:
            return replace(now, expires_at=moment)
    return now


def next_change_at(
    need: Need,
    child: ChildFacts,
    guardians: Collection[GuardianFacts],
    consents: Collection[ConsentFacts],
    rules: AgeRules,
    *,
    statutory: Collection[StatutoryBasis] = (),
) -> datetime.datetime | None:
    """The first later moment when the answer, its reason or its consents are others, if nobody does anything."""
    now = _verdict(need, child, guardians, consents, rules, statutory)
    for moment in _moments(need, child, consents, rules, statutory):
        if _verdict(replace(need, at=moment), child, guardians, consents, rules, statutory) != now:
            return moment
    return None


def bases_ahead(
    need: Need,
    child: ChildFacts,
    guardians: Collection[GuardianFacts],
    consents: Collection[ConsentFacts],
    rules: AgeRules,
    *,
    statutory: Collection[StatutoryBasis] = (),
) -> list[tuple[datetime.datetime, Basis]]:
    """Every answer from the moment of the need and on, if nobody does anything: when each begins, in order."""
    relevant = [c for c in consents if _covers(c, need.service, need.category)]
    return [
        (moment, _verdict(replace(need, at=moment), child, guardians, relevant, rules, statutory))
        for moment in (need.at, *_moments(need, child, relevant, rules, statutory))
    ]


@dataclass(frozen=True)
class _Word:
    """What one party has said, as it stands: yeses in force, or the no in force (a moment and its sort)."""

    yes: tuple[ConsentFacts, ...]
    no: tuple[datetime.datetime, Because, str] | None


def _verdict(
    need: Need,
    child: ChildFacts,
    guardians: Collection[GuardianFacts],
    consents: Collection[ConsentFacts],
    rules: AgeRules,
    statutory: Collection[StatutoryBasis],
) -> Basis:
    relevant = [c for c in consents if c.decided_at <= need.at and _covers(c, need.service, need.category)]
    basis = _by_consent(need, child, guardians, relevant, rules)
    if basis.allowed and _withheld(need, child, relevant, rules):
        basis = Basis(allowed=False, because=Because.RESERVED_BY_CHILD)
    if basis.allowed:
        return basis
    open_by_law = [
        law.legal_reference
        for law in statutory
        if need.service in law.services
        and need.category in law.categories
        and within(law.valid_from, law.valid_until, need.at)
        and not (law.yields_to_refusal and _refused(need, child, guardians, relevant, rules))
    ]
    if open_by_law:
        return Basis(allowed=True, because=Because.STATUTORY, legal_reference=min(open_by_law))
    return basis


def _by_consent(
    need: Need,
    child: ChildFacts,
    guardians: Collection[GuardianFacts],
    relevant: list[ConsentFacts],
    rules: AgeRules,
) -> Basis:
    deciders = who_decides(child, guardians, need.category, need.at, rules)
    if deciders.kind is DeciderKind.NOBODY:
        return Basis(allowed=False, because=Because.NOBODY_CAN_CONSENT)
    words = {party: _word(party, need, child, relevant, rules) for party in deciders.parties}
    yes = {party: word.yes for party, word in words.items() if word.yes}
    no = {party: word.no for party, word in words.items() if word.no}
    blocked = {Party.guardian(guardian.id) for guardian in guardians if guardian.blocked}
    if no.keys() - blocked or (no and not yes):
        return _denied_by(no.values())
    if not yes:
        return Basis(allowed=False, because=_why_no_yes(need, deciders, relevant))
    if deciders.all_needed and yes.keys() != deciders.parties:
        return _one_is_enough({party: said for party, said in yes.items() if party not in blocked})
    return Basis(allowed=True, because=Because(deciders.kind.value), consent_ids=_ids(yes.values()))


def _refused(
    need: Need,
    child: ChildFacts,
    guardians: Collection[GuardianFacts],
    relevant: list[ConsentFacts],
    rules: AgeRules,
) -> bool:
    """Whether a no stands: from any one of those who decide (or from anyone, where nobody does), or from the child."""
    deciding = who_decides(child, guardians, need.category, need.at, rules).parties
    parties = deciding or {party for consent in relevant for party in consent.given_by}
    return any(_word(party, need, child, relevant, rules).no for party in parties) or _withheld(
        need, child, relevant, rules
    )


def _word(party: Party, need: Need, child: ChildFacts, relevant: list[ConsentFacts], rules: AgeRules) -> _Word:
    own = [consent for consent in relevant if party in consent.given_by]
    noes: list[tuple[datetime.datetime, Because, str]] = []
    turning_points: list[datetime.datetime] = []
    for consent in own:
        ended = [moment for moment in _withdrawals(consent, need.service, need.category) if moment <= need.at]
        if consent.decision is Decision.GIVEN:
            noes += [(moment, Because.WITHDRAWN, consent.id) for moment in ended]
            turning_points += ended
        else:
            # A lifted refusal is no yes: what was consented to before it does not come back.
            noes += [] if ended else [(consent.decided_at, Because.REFUSED, consent.id)]
            turning_points.append(consent.decided_at)
    last = max(turning_points, default=None)
    since = [
        consent
        for consent in own
        if consent.decision is Decision.GIVEN
        and (last is None or consent.decided_at > last)
        and consent.starts <= need.at
        and _entitled(party, need.category, child, consent, rules)
    ]
    in_force = tuple(c for c in since if is_valid(c, service=need.service, category=need.category, at=need.at))
    return _Word(yes=in_force, no=None if since else max(noes, default=None))


def _entitled(party: Party, category: str, child: ChildFacts, consent: ConsentFacts, rules: AgeRules) -> bool:
    """A young person's yes counts if it begins to work at an age when the young person decides."""
    return party.kind is not PartyKind.YOUTH or _has_turned(child, rules.decides(category), consent.starts)


def _one_is_enough(yes: dict[Party, tuple[ConsentFacts, ...]]) -> Basis:
    reasoned = [tuple(c for c in said if c.one_guardian_reason.strip()) for said in yes.values()]
    ids = _ids(reasoned)
    if ids:
        return Basis(allowed=True, because=Because.ONE_GUARDIAN, consent_ids=ids)
    return Basis(allowed=False, because=Because.SECOND_GUARDIAN_MISSING)


def _denied_by(noes: Iterable[tuple[datetime.datetime, Because, str]]) -> Basis:
    last = max(noes)
    return Basis(allowed=False, because=last[1], consent_ids=(last[2],))


def _why_no_yes(need: Need, deciders: Deciders, relevant: list[ConsentFacts]) -> Because:
    """The most helpful reason when nobody who decides has a yes in force and nobody has said no."""
    given = [consent for consent in relevant if consent.decision is Decision.GIVEN]
    own = [consent for consent in given if consent.given_by & deciders.parties]
    if any(consent.starts > need.at for consent in own):
        return Because.NOT_YET_VALID
    if any(consent.valid_until is not None and consent.valid_until <= need.at for consent in own):
        return Because.EXPIRED
    if any(is_valid(consent, service=need.service, category=need.category, at=need.at) for consent in given):
        grown = deciders.kind in (DeciderKind.YOUTH, DeciderKind.ADULT)
        return Because.YOUTH_MUST_DECIDE if grown else Because.NOT_ENTITLED
    return Because.NO_CONSENT


def _withheld(need: Need, child: ChildFacts, relevant: list[ConsentFacts], rules: AgeRules) -> bool:
    if not _has_turned(child, rules.withhold_from, need.at):
        return False
    if need.withheld_by_child:
        return True
    said_yes = _word(Party.youth(), need, child, relevant, rules).yes
    return any(
        names(wish.services, need.service)
        and names(wish.categories, need.category)
        and within(wish.at, wish.withdrawn_at, need.at)
        and not any(consent.decided_at > wish.at for consent in said_yes)
        for wish in child.reservations
    )


def _lacks_capacity(child: ChildFacts, category: str, at: datetime.datetime) -> bool:
    lack = child.lacks_capacity
    return lack is not None and lack.assessed_at <= at and names(lack.categories, category)


def _has_turned(child: ChildFacts, years: int, at: datetime.datetime) -> bool:
    return child.birth_date is not None and at >= turns_at(child.birth_date, years)


def _proxies(child: ChildFacts, category: str, at: datetime.datetime, *kinds: PartyKind) -> Deciders:
    for kind in kinds:
        parties = frozenset(Party(kind, p.id) for p in child.proxies if p.kind is kind and p.covers(category, at))
        if parties:
            return Deciders(DeciderKind(kind.value), parties)
    return Deciders(DeciderKind.NOBODY, frozenset())


def _covers(consent: ConsentFacts, service: str, category: str) -> bool:
    return names(consent.services, service) and names(consent.categories, category)


def _withdrawals(consent: ConsentFacts, service: str, category: str) -> list[datetime.datetime]:
    """Every moment from which this decision was taken back for the service and category, in whole or in part."""
    whole = [consent.withdrawn_at] if consent.withdrawn_at else []
    return whole + [
        part.at
        for part in consent.partial_withdrawals
        if names(part.services, service) and names(part.categories, category)
    ]


def _ids(said: Iterable[tuple[ConsentFacts, ...]]) -> tuple[str, ...]:
    return tuple(sorted({consent.id for consents in said for consent in consents}))


def _moments(
    need: Need,
    child: ChildFacts,
    consents: Iterable[ConsentFacts],
    rules: AgeRules,
    statutory: Iterable[StatutoryBasis],
) -> list[datetime.datetime]:
    """Every later moment at which some fact begins or ends: nothing changes between two of them."""
    found: set[datetime.datetime | None] = set()
    if child.birth_date is not None:
        ages = (rules.withhold_from, rules.decides(need.category), rules.adult)
        found |= {turns_at(child.birth_date, age) for age in ages}
    if child.lacks_capacity is not None:
        found.add(child.lacks_capacity.assessed_at)
    for proxy in child.proxies:
        found |= {proxy.valid_from, proxy.valid_until}
    for law in statutory:
        found |= {law.valid_from, law.valid_until}
    for wish in child.reservations:
        found |= {wish.at, wish.withdrawn_at}
    for consent in consents:
        found |= {consent.decided_at, consent.starts, consent.valid_until, consent.withdrawn_at}
        found |= {part.at for part in consent.partial_withdrawals}
    return sorted(moment for moment in found if moment is not None and moment > need.at)
