"""An edition as the guideline page shows it: references looked up, rules in words, links where there are any."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from guideline import sections
from guideline.compliance import NOT_YET_BUILT
from guideline.deadlines import in_words, step_in_words
from guideline.schema import (
    DeadlineRule,
    Edition,
    Ladder,
    LegalReference,
    Level,
    LevelStep,
    Obligation,
    Phase,
    Standing,
)
from guideline.vocabulary import Party
from portal.context import Actor


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A deadline rule with its words, references and reminders (each in words with whom it goes to)."""

    rule: DeadlineRule
    words: str
    legal: tuple[LegalReference, ...]
    ladder: Ladder
    reminders: tuple[tuple[str, Promise], ...]


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An obligation with everything it refers to. ``built`` is False while the portal cannot follow it yet."""

    duty: Obligation
    rules: tuple[RuleRow, ...]
    legal: tuple[LegalReference, ...]
    section: str | Promise
    url: str | None
    built: bool


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase with its obligations; what belongs to every phase is shown once, before them."""

    phase: Phase
    rows: tuple[ObligationRow, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level with its steps, and what single municipalities call it."""

    level: Level
    steps: tuple[tuple[LevelStep, tuple[LegalReference, ...], str], ...]
    local: tuple[tuple[str, str], ...]


def rule_row(edition: Edition, rule: DeadlineRule) -> RuleRow:
    """One deadline rule for a table or under an obligation."""
    ladder = edition.ladders[rule.ladder]
    reminders = tuple((step_in_words(step), step.who.label) for step in ladder.steps.values())
    return RuleRow(rule, in_words(rule), edition.legal_refs(rule.legal), ladder, reminders)


def obligation_row(
    edition: Edition, key: str, case_id: UUID | None = None, actor: Actor | None = None
) -> ObligationRow:
    """One obligation, linked to its place in the case, or to what list of cases the actor has. Raises KeyError for an
    unknown key."""
    duty = edition.obligations[key]
    return ObligationRow(
        duty=duty,
        rules=tuple(rule_row(edition, rule) for rule in edition.rules_of(key)),
        legal=edition.legal_refs(duty.legal),
        section=sections.LABELS[duty.met_in],
        url=sections.section_url(duty.met_in, case_id, actor),
        built=key not in NOT_YET_BUILT,
    )


def common_rows(edition: Edition, case_id: UUID | None = None, actor: Actor | None = None) -> tuple[ObligationRow, ...]:
    """The obligations that belong to every phase (6.0)."""
    return tuple(
        obligation_row(edition, duty.key, case_id, actor)
        for duty in edition.obligations.values()
        if len(duty.phases) > 1
    )


def phase_rows(edition: Edition, case_id: UUID | None = None, actor: Actor | None = None) -> tuple[PhaseRow, ...]:
    """The phases with the obligations that are theirs alone."""
    return tuple(
        PhaseRow(
            phase,
            tuple(
                obligation_row(edition, duty.key, case_id, actor)
                for duty in edition.obligations_in(phase.key)
                if len(duty.phases) == 1
            ),
        )
        for phase in edition.phases.values()
    )


def rule_rows(edition: Edition) -> tuple[RuleRow, ...]:
    """Every deadline rule."""
    return tuple(rule_row(edition, rule) for rule in edition.deadlines.values())


def level_rows(edition: Edition) -> tuple[LevelRow, ...]:
    """Every level, with the rule in words where a step has a deadline."""

    def step_row(step: LevelStep) -> tuple[LevelStep, tuple[LegalReference, ...], str]:
        words = in_words(edition.deadlines[step.deadline]) if step.deadline else ""
        return step, edition.legal_refs(step.legal), words

    return tuple(
        LevelRow(
            level,
            tuple(step_row(step) for step in level.steps.values()),
            tuple(
                (local.name, local.levels[level.key].label)
                for local in edition.local_levels.values()
                if level.key in local.levels
            ),
        )
        for level in edition.levels.values()
    )


def standing_rows(edition: Edition) -> tuple[tuple[Party, tuple[Standing, ...]], ...]:
    """The standing responsibilities of each party."""
    return tuple((party, tuple(row for row in edition.standing.values() if row.party is party)) for party in Party)
