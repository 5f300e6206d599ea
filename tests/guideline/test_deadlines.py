"""Rules become dates and words; only law and adopted rules can be broken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline.deadlines import due_on, in_words, is_late, reminder_dates, step_in_words
from guideline.loader import load_edition
from guideline.vocabulary import Basis
from guideline.workdays import is_working_day

EDITION = load_edition("nordre-trondelag")
DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("rule", "anchor", "expected"),
    [
        ("level0_decision", date(2026, 3, 1), date(2026, 3, 15)),
        ("intake_assessment", date(2026, 3, 26), date(2026, 4, 14)),  # ten working days over Easter
        ("treatment_start_under_23", date(2026, 1, 2), date(2026, 4, 8)),  # 13 weeks, and three days of Easter
        ("dialogue_interval", date(2026, 1, 5), date(2026, 2, 16)),
        ("discharge_notice", date(2026, 6, 30), date(2026, 5, 19)),
        ("discharge_summary", date(2026, 6, 30), date(2026, 7, 7)),
        ("transition_start", date(2012, 2, 29), date(2028, 2, 29)),
        ("consent_expiry", date(2026, 6, 30), date(2026, 5, 31)),
    ],
)
def test_rules_give_dates(rule: str, anchor: date, expected: date) -> None:
    assert due_on(EDITION.deadlines[rule], anchor) == expected


def test_a_moment_counts_as_its_date_in_norway() -> None:
    late_evening_in_utc = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert due_on(EDITION.deadlines["level0_decision"], late_evening_in_utc) == date(2026, 3, 16)


def test_a_date_someone_sets_is_the_date() -> None:
    for rule in ("treatment_right_date", "measure_followup"):
        assert due_on(EDITION.deadlines[rule], date(2026, 1, 1), date(2026, 9, 1)) == date(2026, 9, 1)
        assert due_on(EDITION.deadlines[rule], date(2026, 1, 1)) is None


def test_no_anchor_no_date() -> None:
    assert due_on(EDITION.deadlines["contribution_due"], None) is None


def test_born_on_a_leap_day() -> None:
    rule = replace(EDITION.deadlines["transition_start"], amount=15)
    assert due_on(rule, date(2012, 2, 29)) == date(2027, 2, 28)


@given(DAYS, st.sampled_from(sorted(EDITION.deadlines)))
def test_rules_count_in_their_direction(anchor: date, key: str) -> None:
    rule = EDITION.deadlines[key]
    due = due_on(rule, anchor, anchor)
    assert due is not None
    if rule.unit.counted:
        assert (due < anchor) == (rule.direction == "before")
    if rule.unit == "working_days":
        assert is_working_day(due)


@given(DAYS, st.sampled_from(sorted(EDITION.ladders)))
def test_reminders_come_in_order_and_on_working_days(due: date, key: str) -> None:
    dates = reminder_dates(EDITION.ladders[key], due)
    assert [step.key for _, step in dates] == list(EDITION.ladders[key].steps)
    assert all(day == due if step.offset == 0 else is_working_day(day) for day, step in dates)


@given(st.sampled_from(Basis), DAYS, st.integers(-30, 30))
def test_only_a_binding_rule_makes_late(basis: Basis, due: date, days: int) -> None:
    today = due + timedelta(days)
    assert is_late(due, None, basis, today) == (days > 0 and basis.binding)
    assert is_late(due, today, basis, due) == (days > 0 and basis.binding)


def test_nothing_due_is_never_late() -> None:
    assert not is_late(None, None, Basis.LAW, date(2026, 1, 1))
    assert not is_late(date(2026, 1, 1), None, None, date(2027, 1, 1))


def test_rules_in_words() -> None:
    words = {key: in_words(rule) for key, rule in EDITION.deadlines.items()}
    assert words["contribution_due"] == "10 virkedager etter at tjenesten ble spurt"
    assert words["dialogue_interval"] == "6 uker etter forrige kontakt"
    assert words["transition_start"] == "Ved 16 år; forberedelsene kan begynne fra 12 år"
    assert words["measure_followup"] == "Datoen som er avtalt for tiltaket"
    assert in_words(replace(EDITION.deadlines["dialogue_interval"], amount=1)) == "1 uke etter forrige kontakt"


def test_reminders_in_words() -> None:
    steps = EDITION.ladders["standard"].steps
    assert [step_in_words(steps[key]) for key in ("before", "on", "deputy")] == [
        "3 virkedager før fristen",
        "På fristdagen",
        "2 virkedager etter fristen",
    ]
