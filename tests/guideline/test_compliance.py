"""One function judges each obligation, and «late» follows from dates and basis alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.checks import CheckMessage

from guideline import compliance
from guideline.checks import evidence_messages, sections_have_addresses
from guideline.compliance import Display, Evidence, Finding, State, display_state, evaluate, evidence, show, worst
from guideline.keys import OBLIGATIONS
from guideline.loader import load_edition
from guideline.schema import Edition
from guideline.vocabulary import Basis

EDITION = load_edition("nordre-trondelag")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DUE = date(2026, 3, 1)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Evidence]]:
    """An empty registry, put back afterwards."""
    fresh: list[Evidence] = []
    monkeypatch.setattr(compliance, "_registry", fresh)
    monkeypatch.setattr(compliance, "NOT_YET_BUILT", frozenset({"8.1.c"}))
    return fresh


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_every_obligation_judged_once_is_in_order() -> None:
    assert evidence_messages(OBLIGATIONS, []) == []
    assert evidence_messages(OBLIGATIONS[:-3], OBLIGATIONS[-3:]) == []


def test_an_obligation_nobody_judges_is_an_error() -> None:
    (message,) = evidence_messages(OBLIGATIONS[1:], [])
    assert message.id == "guideline.E002"
    assert "6.0 har ingen bevisfunksjon" in message.msg


def test_an_obligation_judged_twice_is_an_error() -> None:
    (message,) = evidence_messages([*OBLIGATIONS, "6.1.1"], [])
    assert message.id == "guideline.E003"
    assert "6.1.1 har 2 bevisfunksjoner" in message.msg


def test_the_list_of_what_is_not_built_can_only_shrink() -> None:
    assert ids(evidence_messages(OBLIGATIONS, ["8.1.c"])) == ["guideline.E004"]


def test_unknown_keys_are_errors() -> None:
    assert ids(evidence_messages([*OBLIGATIONS, "9.9"], [])) == ["guideline.E005"]
    assert ids(evidence_messages(OBLIGATIONS, ["7.7"])) == ["guideline.E005"]


def test_the_code_as_it_is_now_passes() -> None:
    keys = [entry.key for entry in compliance.registered()]
    assert evidence_messages(keys, compliance.NOT_YET_BUILT) == []


def test_a_part_of_the_case_without_an_address_is_warned_about(
    registry: list[Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sections_have_addresses(None) == []
    registry.append(Evidence("6.2.b", "case", lambda subject, edition, now: Finding(state=State.OPEN)))
    monkeypatch.setattr("guideline.checks.registered_sections", lambda: frozenset())
    assert set(ids(sections_have_addresses(None))) == {"guideline.W001"}
    monkeypatch.setattr("guideline.checks.registered_sections", lambda: frozenset({"meetings"}))
    assert sections_have_addresses(None) == []


def test_evidence_is_registered_and_asked(registry: list[Evidence]) -> None:
    @evidence("6.1.1", subject="referral")
    def contributions(subject: Any, edition: Edition, now: datetime) -> Finding:
        return Finding(state=State.OPEN, gap=f"{subject} {edition.key} {now:%d.%m}")

    evidence("6.1.1", subject="referral")(contributions)
    assert [entry.key for entry in registry] == ["6.1.1"]
    assert compliance.keys_of("referral") == ("6.1.1",)
    assert compliance.keys_of("case") == ()
    assert evaluate("6.1.1", "skolen", EDITION, NOW).gap == "skolen nordre-trondelag 10.03"


def test_what_is_not_built_is_not_relevant_and_shown_as_not_started(registry: list[Evidence]) -> None:
    finding = evaluate("8.1.c", None, EDITION, NOW)
    assert finding.state is State.NOT_RELEVANT
    assert show("8.1.c", finding, EDITION, NOW.date()) is Display.NOT_STARTED
    with pytest.raises(KeyError):
        evaluate("6.1.1", None, EDITION, NOW)


@pytest.mark.parametrize(
    ("state", "due_at", "basis", "expected"),
    [
        (State.OPEN, DUE, Basis.LAW, Display.LATE),
        (State.OPEN, DUE, "adopted", Display.LATE),
        (State.OPEN, DUE, Basis.SUGGESTED, Display.REMINDER),
        (State.OPEN, NOW.date(), Basis.LAW, Display.OPEN),
        (State.OPEN, None, Basis.LAW, Display.OPEN),
        (State.OPEN, DUE, "", Display.OPEN),
        (State.OPEN, DUE, None, Display.OPEN),
        ("met", DUE, Basis.LAW, Display.MET),
        (State.WAIVED, DUE, Basis.LAW, Display.WAIVED),
        (State.NOT_RELEVANT, DUE, Basis.LAW, Display.NOT_RELEVANT),
    ],
)
def test_late_follows_from_dates_and_basis(
    state: State | str, due_at: date | None, basis: Basis | str | None, expected: Display
) -> None:
    assert display_state(state, due_at=due_at, met_at=None, basis=basis, today=NOW.date()) is expected


def test_a_finding_is_shown_by_the_rule_it_names(registry: list[Evidence]) -> None:
    suggested = Finding(state=State.OPEN, due_at=DUE, rule="contribution_due")
    by_law = Finding(state=State.OPEN, due_at=DUE, rule="intake_assessment")
    assert show("6.1.1", suggested, EDITION, NOW.date()) is Display.REMINDER
    assert show("6.1.1", by_law, EDITION, NOW.date()) is Display.LATE


def test_the_stepper_shows_the_worst() -> None:
    assert worst([Display.MET, Display.LATE, Display.OPEN]) is Display.LATE
    assert worst([Display.MET, Display.REMINDER]) is Display.REMINDER
    assert worst([]) is Display.NOT_STARTED


def test_every_state_has_a_word_and_a_colour() -> None:
    assert all(str(state.label) and state.colour for state in Display)
