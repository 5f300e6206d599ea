"""BTI levels (§ 5) and what a municipality calls them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from guideline.vocabulary import Mark, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStep:
    """One thing to do on a BTI level, asked by law or good practice."""

    key: str
    text: str
    mark: Mark
    legal: tuple[str, ...] = ()
    deadline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A BTI level (§ 5): who leads, what it is, the steps on it."""

    key: str
    label: str
    short: str
    explanation: str
    lead: Party
    hospital_may_join: bool = False
    steps: Mapping[str, LevelStep]

    @property
    def number(self) -> int:
        """The common number 0–3, whatever the label says."""
        return int(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalLevel:
    """What one municipality calls a level, and its own steps where it has any."""

    key: str
    label: str
    steps: Mapping[str, LevelStep] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalLevels:
    """A municipality (key: its number) that words the levels in its own way."""

    key: str
    name: str
    levels: Mapping[str, LocalLevel]
    note: str = ""
    to_be_confirmed: bool = False
