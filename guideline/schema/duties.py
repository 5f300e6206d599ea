"""Phases, standing responsibilities and obligations, with their deadline rules and reminders."""

from collections.abc import Mapping
from dataclasses import dataclass

from guideline.vocabulary import Basis, Direction, Party, Recipient, Unit, When


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One of the five phases of the stepper."""

    key: str
    title: str
    short: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A standing responsibility (§ 4) that no single case can meet."""

    key: str
    party: Party
    title: str
    text: str
    self_assessed: bool = False
    legal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """What the guideline asks, of whom, and what shows that it is done."""

    key: str
    phases: tuple[str, ...]
    title: str
    text: str
    parties: tuple[Party, ...]
    responsible: str
    met_when: str
    met_in: str
    legal: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    waiver: str = ""

    @property
    def anchor(self) -> str:
        """The id of the obligation on the guideline page: ``plikt-6-1-1``."""
        return "plikt-" + self.key.replace(".", "-")

    @property
    def waivable(self) -> bool:
        """Whether it can be set aside with a reason and a name."""
        return bool(self.waiver)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """How a date is counted. ``basis`` decides whether passing it is a breach or only a reminder.

    ``under_age`` and ``service_kinds`` say for whom it holds; without them, for everyone.
    """

    key: str
    title: str
    unit: Unit
    amount: int | None = None
    direction: Direction = Direction.AFTER
    anchor: str
    anchor_text: str
    basis: Basis
    words: str = ""
    prepare_from: int | None = None
    legal: tuple[str, ...] = ()
    ladder: str = "standard"
    under_age: int | None = None
    service_kinds: tuple[str, ...] = ()
    to_be_confirmed: bool = False

    def holds_for(self, service_kind: str, age: int | None) -> bool:
        """Whether the rule holds at a service of this kind for someone of this age (None: unborn or unknown)."""
        if self.service_kinds and service_kind not in self.service_kinds:
            return False
        return self.under_age is None or (age is not None and age < self.under_age)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """One reminder: ``working_days`` before or after the due date (0 on it), to whom."""

    key: str
    when: When
    working_days: int = 0
    who: Recipient
    text: str

    @property
    def offset(self) -> int:
        """Working days from the due date, negative before it."""
        return -self.working_days if self.when is When.BEFORE else self.working_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Reminders that belong to a deadline rule, in time's order."""

    key: str
    title: str
    steps: Mapping[str, LadderStep]
