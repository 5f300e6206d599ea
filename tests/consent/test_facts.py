"""The facts themselves: what cannot be recorded, ages, and who decides in words."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.consent_rules import (
    AgeRules,
    ChildFacts,
    DeciderKind,
    LackOfCapacity,
    Need,
    Party,
    PartyKind,
    ProxyFacts,
    age_on,
    basis_for,
    next_change_at,
    turns,
    turns_at,
    who_decides,
)
from tests.consent.family import BORN, BOTH, FAR, MOR, RULES, TODAY, UNG, aged, at, duty, yes

LEAP = datetime.date(2012, 2, 29)


@given(st.dates(datetime.date(1930, 1, 1), datetime.date(2030, 1, 1)), st.integers(0, 60))
def test_a_birthday_is_the_first_day_of_the_new_age(birth_date: datetime.date, years: int) -> None:
    birthday = turns(birth_date, years)
    assert age_on(birth_date, birthday) == years
    assert age_on(birth_date, birthday - datetime.timedelta(days=1)) == years - 1


def test_born_on_29_february() -> None:
    assert turns(LEAP, 15) == datetime.date(2027, 3, 1)
    assert turns(LEAP, 16) == datetime.date(2028, 2, 29)


def test_a_birthday_begins_at_midnight_in_norway_summer_and_winter() -> None:
    assert turns_at(datetime.date(2010, 7, 1), 16).isoformat() == "2026-07-01T00:00:00+02:00"
    assert turns_at(datetime.date(2010, 1, 1), 16).isoformat() == "2026-01-01T00:00:00+01:00"


def test_moments_in_other_zones_are_compared_as_moments() -> None:
    birthday = turns_at(BORN, 16)
    need = Need("ppt", "helse", birthday.astimezone(datetime.UTC))
    assert who_decides(ChildFacts(BORN), BOTH, "helse", need.at, RULES).kind is DeciderKind.YOUTH


@pytest.mark.parametrize(
    ("child", "category", "kind", "parties"),
    [
        (aged(10), "helse", DeciderKind.GUARDIANS, {MOR, FAR}),
        (ChildFacts(None), "helse", DeciderKind.GUARDIANS, {MOR, FAR}),
        (aged(15), "helse", DeciderKind.GUARDIANS, {MOR, FAR}),
        (aged(15), "skole", DeciderKind.YOUTH, {UNG}),
        (aged(16), "helse", DeciderKind.YOUTH, {UNG}),
        (aged(18), "helse", DeciderKind.ADULT, {UNG}),
        (aged(10, care_taken_over=True), "helse", DeciderKind.BARNEVERN, {Party.barnevern()}),
    ],
)
def test_who_decides(child: ChildFacts, category: str, kind: DeciderKind, parties: set[Party]) -> None:
    deciders = who_decides(child, BOTH, category, TODAY, RULES)
    assert (deciders.kind, deciders.parties) == (kind, parties)
    assert deciders.all_needed is (kind is DeciderKind.GUARDIANS)
    assert deciders.explanation.endswith(".")


def test_the_ages_are_data() -> None:
    assert who_decides(aged(14), BOTH, "helse", TODAY, AgeRules(decides_from=14)).kind is DeciderKind.YOUTH
    assert (
        who_decides(aged(18), BOTH, "helse", TODAY, AgeRules(decides_from=19, adult=20)).kind is DeciderKind.GUARDIANS
    )


def test_the_next_change_of_a_parental_consent_is_the_birthday_or_the_expiry_whichever_is_first() -> None:
    need = Need("ppt", "helse", TODAY)
    consent = yes(MOR, FAR, valid_until=at(2029, 1, 1, 0))
    basis = basis_for(need, ChildFacts(BORN), BOTH, [consent], RULES)
    assert basis.expires_at == turns_at(BORN, 16)
    assert next_change_at(need, ChildFacts(BORN), BOTH, [consent], RULES) == turns_at(BORN, 16)
    assert basis_for(need, aged(10), BOTH, [yes(MOR, FAR)], RULES).expires_at == at(2027, 1, 1, 0)


def test_a_law_keeps_open_what_a_consent_no_longer_does() -> None:
    need = Need("barnevern", "helse", TODAY)
    consent = yes(MOR, FAR, services=frozenset({"barnevern"}), valid_until=at(2026, 6, 1))
    law = duty(valid_until=at(2026, 7, 1))
    assert basis_for(need, aged(10), BOTH, [consent], RULES, statutory=[law]).expires_at == at(2026, 7, 1)
    assert next_change_at(need, aged(10), BOTH, [consent], RULES, statutory=[law]) == at(2026, 6, 1)


def test_a_law_is_named_in_the_sentence() -> None:
    basis = basis_for(Need("barnevern", "helse", TODAY), aged(10), BOTH, [], RULES, statutory=[duty()])
    assert basis.explanation == "Deles uten samtykke, med hjemmel i helsepersonelloven § 33."


@pytest.mark.parametrize("missing", [{"services": None}, {"categories": None}])
def test_a_consent_to_everything_cannot_be_recorded(missing: dict[str, None]) -> None:
    with pytest.raises(ValueError, match="named services"):
        yes(MOR, **missing)


def test_what_else_cannot_be_recorded() -> None:
    with pytest.raises(ValueError, match="who assessed"):
        LackOfCapacity(" ", TODAY)
    with pytest.raises(ValueError, match="verge or next of kin"):
        ProxyFacts("mor", PartyKind.GUARDIAN)
    with pytest.raises(ValueError, match="must be named"):
        duty(legal_reference="")
    with pytest.raises(ValueError, match="time zone"):
        Need("ppt", "helse", TODAY.replace(tzinfo=None))
