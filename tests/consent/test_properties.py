"""What holds in every situation, tried on thousands that nobody wrote down."""

import datetime
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.consent_rules import (
    Basis,
    Because,
    ChildFacts,
    ConsentFacts,
    DeciderKind,
    Decision,
    GuardianFacts,
    LackOfCapacity,
    Need,
    PartialWithdrawal,
    PartyKind,
    ProxyFacts,
    Reservation,
    StatutoryBasis,
    basis_for,
    is_valid,
    next_change_at,
    turns_at,
    who_decides,
)
from tests.consent.family import BARNEVERN, BORN, FAR, MOR, RULES, TANTE, UNG, VERGE, at

SERVICES, CATEGORIES = ("ppt", "skolen"), ("helse", "skole")
FIRST = at(2026, 1, 1, 0)
SECOND = datetime.timedelta(seconds=1)
# Few moments and few names, so that ties, overlaps and edges are common and not rare.
moments = st.integers(0, 24).map(lambda month: FIRST + month * datetime.timedelta(days=30))
maybe = st.none() | moments
some_services = st.frozensets(st.sampled_from(SERVICES), min_size=1)
some_categories = st.frozensets(st.sampled_from(CATEGORIES), min_size=1)
scopes = {"services": st.none() | some_services, "categories": st.none() | some_categories}
parties = st.frozensets(st.sampled_from([MOR, FAR, UNG, BARNEVERN, VERGE, TANTE]), min_size=1, max_size=3)
children = st.builds(
    ChildFacts,
    birth_date=st.none() | st.integers(0, 19).map(lambda years: datetime.date(2027 - years, 1, 1)),
    lacks_capacity=st.none() | st.builds(LackOfCapacity, st.just("lege"), moments, st.none() | some_categories),
    care_taken_over=st.booleans(),
    proxies=st.lists(
        st.builds(
            ProxyFacts,
            st.sampled_from(["verge", "tante"]),
            st.sampled_from([PartyKind.VERGE, PartyKind.NEXT_OF_KIN]),
            st.none() | some_categories,
            maybe,
            maybe,
        ),
        max_size=2,
    ).map(tuple),
    reservations=st.lists(st.builds(Reservation, moments, **scopes, withdrawn_at=maybe), max_size=2).map(tuple),
)
guardians = st.lists(
    st.builds(GuardianFacts, st.sampled_from(["mor", "far"]), st.booleans(), st.booleans(), st.booleans()),
    max_size=2,
    unique_by=lambda guardian: guardian.id,
).map(tuple)
timing = {
    "given_by": parties,
    "decided_at": moments,
    "valid_from": maybe,
    "valid_until": maybe,
    "withdrawn_at": maybe,
    "partial_withdrawals": st.lists(st.builds(PartialWithdrawal, moments, **scopes), max_size=1).map(tuple),
    "one_guardian_reason": st.sampled_from(["", "kan ikke nås"]),
}
consents = st.builds(
    ConsentFacts,
    id=st.integers(0, 999).map(str),
    decision=st.just(Decision.GIVEN),
    services=some_services,
    categories=some_categories,
    **timing,
)
refusals = st.builds(
    ConsentFacts, id=st.integers(1000, 1999).map(str), decision=st.just(Decision.REFUSED), **scopes, **timing
)
laws = st.builds(
    StatutoryBasis,
    code=st.just("lov"),
    legal_reference=st.sampled_from(["§ 1", "§ 2"]),
    services=some_services,
    categories=some_categories,
    valid_from=moments,
    valid_until=maybe,
)
decisions = st.lists(consents | consents | consents | refusals, max_size=6, unique_by=lambda consent: consent.id)
needs = st.builds(
    Need, st.sampled_from(SERVICES), st.sampled_from(CATEGORIES), moments, st.sampled_from([False] * 4 + [True])
)


@dataclass(frozen=True)
class World:
    """All the facts a decision is made from."""

    need: Need
    child: ChildFacts
    guardians: tuple[GuardianFacts, ...]
    consents: list[ConsentFacts]
    statutory: list[StatutoryBasis]

    def basis(self, moment: datetime.datetime | None = None) -> Basis:
        need = replace(self.need, at=moment or self.need.at)
        return basis_for(need, self.child, self.guardians, self.consents, RULES, statutory=self.statutory)

    def verdict(self, moment: datetime.datetime | None = None) -> Basis:
        return replace(self.basis(moment), expires_at=None)

    def next_change(self) -> datetime.datetime | None:
        return next_change_at(self.need, self.child, self.guardians, self.consents, RULES, statutory=self.statutory)


# A broad yes from everyone, so that enough of the worlds start out open.
everyone = ConsentFacts(
    id="alle",
    decision=Decision.GIVEN,
    given_by=frozenset({MOR, FAR, UNG, BARNEVERN, VERGE, TANTE}),
    decided_at=FIRST,
    services=frozenset(SERVICES),
    categories=frozenset(CATEGORIES),
)
said = st.builds(lambda broad, others: [*broad, *others], st.sampled_from([[], [everyone]]), decisions)
worlds = st.builds(World, needs, children, guardians, said, st.lists(laws, max_size=2))
lawless = st.builds(World, needs, children, guardians, said, st.just([]))


@given(worlds)
def test_nothing_is_allowed_without_a_consent_in_force_or_a_named_law(world: World) -> None:
    basis = world.basis()
    need = world.need
    if basis.because is Because.STATUTORY:
        assert basis.legal_reference in {
            law.legal_reference
            for law in world.statutory
            if need.service in law.services and need.category in law.categories and law.valid_from <= need.at
        }
    elif basis.allowed:
        used = [consent for consent in world.consents if consent.id in basis.consent_ids]
        assert used
        assert all(is_valid(c, service=need.service, category=need.category, at=need.at) for c in used)
        deciders = who_decides(world.child, world.guardians, need.category, need.at, RULES)
        assert all(consent.given_by & deciders.parties for consent in used)
    else:
        assert basis.expires_at is None


@given(lawless)
def test_what_is_allowed_by_guardians_has_a_word_from_each_or_a_reason(world: World) -> None:
    basis = world.basis()
    used = [consent for consent in world.consents if consent.id in basis.consent_ids]
    deciders = who_decides(world.child, world.guardians, world.need.category, world.need.at, RULES)
    if basis.because is Because.GUARDIANS:
        assert deciders.parties <= {party for consent in used for party in consent.given_by}
    if basis.because is Because.ONE_GUARDIAN:
        assert any(consent.one_guardian_reason for consent in used)
        assert deciders.kind is DeciderKind.GUARDIANS


@given(lawless, moments, st.integers(0, 800))
def test_a_withdrawal_works_at_once_and_until_a_new_consent(world: World, then: datetime.datetime, days: int) -> None:
    later = then + datetime.timedelta(days=days)
    old = [replace(consent, withdrawn_at=then) for consent in world.consents if consent.decided_at <= then]
    withdrawn = replace(world, consents=old)
    assert not withdrawn.basis(then).allowed
    assert not withdrawn.basis(later).allowed
    # What is said later can open again; what was said before can not.
    new = [consent for consent in world.consents if consent.decided_at > then]
    both = replace(world, consents=old + new)
    if both.basis(later).allowed:
        assert set(both.basis(later).consent_ids) <= {consent.id for consent in new}


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(world: World, chance: Random) -> None:
    def shuffled(values: list) -> list:
        return chance.sample(list(values), len(values))

    other = replace(
        world,
        guardians=tuple(shuffled(world.guardians)),
        consents=shuffled(world.consents),
        statutory=shuffled(world.statutory),
        child=replace(
            world.child,
            proxies=tuple(shuffled(world.child.proxies)),
            reservations=tuple(shuffled(world.child.reservations)),
        ),
    )
    assert other.basis() == world.basis()
    assert other.next_change() == world.next_change()


@settings(max_examples=200)
@given(worlds, st.floats(0, 0.999))
def test_nothing_changes_before_the_next_change_and_something_does_then(world: World, part: float) -> None:
    change = world.next_change()
    end = change or world.need.at + datetime.timedelta(days=365 * 30)
    between = world.need.at + (end - world.need.at) * part
    assert world.verdict(between) == world.verdict()
    if change is not None:
        assert world.verdict(change - SECOND) == world.verdict()
        assert world.verdict(change) != world.verdict()


@settings(max_examples=200)
@given(worlds, st.floats(0, 0.999))
def test_what_is_allowed_stays_so_until_it_expires_and_not_a_second_longer(world: World, part: float) -> None:
    basis = world.basis()
    if not basis.allowed:
        return
    end = basis.expires_at or world.need.at + datetime.timedelta(days=365 * 30)
    assert world.basis(world.need.at + (end - world.need.at) * part).allowed
    if basis.expires_at is not None:
        assert world.basis(basis.expires_at - SECOND).allowed
        assert not world.basis(basis.expires_at).allowed


@given(lawless)
def test_from_the_birthday_only_the_young_persons_own_consent_counts(world: World) -> None:
    born = world.child.birth_date or BORN
    world = replace(world, child=replace(world.child, birth_date=born, lacks_capacity=None))
    birthday = turns_at(born, RULES.decides(world.need.category))
    basis = world.basis(max(birthday, world.need.at))
    used = [consent for consent in world.consents if consent.id in basis.consent_ids]
    if basis.allowed:
        assert all(UNG in consent.given_by and consent.starts >= birthday for consent in used)


@given(lawless, refusals)
def test_one_more_no_never_opens_anything(world: World, refusal: ConsentFacts) -> None:
    said_no = replace(world, consents=[*world.consents, replace(refusal, id="nei")])
    if not world.basis().allowed:
        assert not said_no.basis().allowed


@given(worlds, laws)
def test_one_more_law_never_closes_anything(world: World, law: StatutoryBasis) -> None:
    if world.basis().allowed:
        assert replace(world, statutory=[*world.statutory, law]).basis().allowed
