"""The facts a consent decision is made from: who there is, what was said, and what the edition's age rules are.

Plain values without a database, so that every situation can be written down and tried (`cases.consent_rules` decides).
Ids are strings, moments are aware datetimes, and the end of a period is exclusive. ``None`` for a set of services or
categories means all of them, where that is allowed.
"""

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")
Names = frozenset[str]


class PartyKind(StrEnum):
    """In what capacity someone decides."""

    GUARDIAN = "guardian"
    YOUTH = "youth"
    BARNEVERN = "barnevern"
    VERGE = "verge"
    NEXT_OF_KIN = "next_of_kin"


class Decision(StrEnum):
    """What was decided."""

    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, order=True)
class Party:
    """Someone who can decide, in one capacity."""

    kind: PartyKind
    id: str = ""

    @classmethod
    def guardian(cls, party_id: str) -> "Party":
        """A parent, or another with parental responsibility."""
        return cls(PartyKind.GUARDIAN, party_id)

    @classmethod
    def youth(cls) -> "Party":
        """The child, young person or young adult the case is about."""
        return cls(PartyKind.YOUTH)

    @classmethod
    def barnevern(cls) -> "Party":
        """Child protection, after it has taken over the care."""
        return cls(PartyKind.BARNEVERN)

    @classmethod
    def verge(cls, party_id: str) -> "Party":
        """An appointed guardian (verge), or a representative of an unaccompanied minor."""
        return cls(PartyKind.VERGE, party_id)

    @classmethod
    def next_of_kin(cls, party_id: str) -> "Party":
        """The nearest next of kin of an adult who lacks capacity to consent."""
        return cls(PartyKind.NEXT_OF_KIN, party_id)


@dataclass(frozen=True)
class GuardianFacts:
    """A guardian. Responsibility and care are separate facts; ``blocked`` means not to be contacted or asked."""

    id: str
    parental_responsibility: bool
    daily_care: bool = False
    blocked: bool = False


@dataclass(frozen=True)
class ProxyFacts:
    """A verge or next of kin with a mandate: for some categories (``None``: all) and a period."""

    id: str
    kind: PartyKind
    categories: Names | None = None
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None

    def __post_init__(self) -> None:
        if self.kind not in (PartyKind.VERGE, PartyKind.NEXT_OF_KIN):
            raise ValueError("a proxy is a verge or next of kin")

    def covers(self, category: str, at: datetime.datetime) -> bool:
        """Whether the mandate holds for this category at this moment."""
        return names(self.categories, category) and within(self.valid_from, self.valid_until, at)


@dataclass(frozen=True)
class LackOfCapacity:
    """An assessment that the person lacks capacity to consent, in some categories (``None``: all)."""

    assessed_by: str
    assessed_at: datetime.datetime
    categories: Names | None = None

    def __post_init__(self) -> None:
        if not self.assessed_by.strip():
            raise ValueError("who assessed the capacity must be recorded")


@dataclass(frozen=True)
class Reservation:
    """A child's wish that something be withheld; it works from the edition's age (12)."""

    at: datetime.datetime
    services: Names | None = None
    categories: Names | None = None
    withdrawn_at: datetime.datetime | None = None


@dataclass(frozen=True)
class ChildFacts:
    """The child, unborn where ``birth_date`` is ``None``."""

    birth_date: datetime.date | None
    lacks_capacity: LackOfCapacity | None = None
    care_taken_over: bool = False
    proxies: tuple[ProxyFacts, ...] = ()
    reservations: tuple[Reservation, ...] = ()


@dataclass(frozen=True)
class PartialWithdrawal:
    """The part of a consent taken back at a moment: these services, for these categories (``None``: all)."""

    at: datetime.datetime
    services: Names | None = None
    categories: Names | None = None


@dataclass(frozen=True)
class ConsentFacts:
    """One recorded decision by one or more parties at ``decided_at``.

    A consent names its services and categories; only a refusal may cover all. ``valid_from`` is ``decided_at`` unless
    set. A withdrawn refusal is lifted, which is not a consent. ``one_guardian_reason`` says why one was enough.
    """

    id: str
    decision: Decision
    given_by: frozenset[Party]
    decided_at: datetime.datetime
    services: Names | None
    categories: Names | None
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None
    withdrawn_at: datetime.datetime | None = None
    partial_withdrawals: tuple[PartialWithdrawal, ...] = ()
    one_guardian_reason: str = ""

    def __post_init__(self) -> None:
        if self.decision is Decision.GIVEN and (self.services is None or self.categories is None):
            raise ValueError("a consent is given to named services, for named categories")

    @property
    def starts(self) -> datetime.datetime:
        """When it begins to work: never before it was given."""
        return max(self.decided_at, self.valid_from or self.decided_at)


@dataclass(frozen=True)
class AgeRules:
    """The edition's ages: who decides from when (also per category), withholding, coming of age."""

    decides_from: int = 16
    decides_from_in: Mapping[str, int] = field(default_factory=dict)
    withhold_from: int = 12
    adult: int = 18

    def decides(self, category: str) -> int:
        """The age from which a young person decides in this category."""
        return self.decides_from_in.get(category, self.decides_from)


@dataclass(frozen=True)
class StatutoryBasis:
    """A legal basis other than consent (duty to notify, emergency): named services and categories, for a period.

    One that ``yields_to_refusal`` (cooperating health personnel) opens nothing against a no.
    """

    code: str
    legal_reference: str
    services: Names
    categories: Names
    valid_from: datetime.datetime
    valid_until: datetime.datetime | None = None
    yields_to_refusal: bool = False

    def __post_init__(self) -> None:
        if not (self.code.strip() and self.legal_reference.strip()):
            raise ValueError("a statutory basis must be named")


@dataclass(frozen=True)
class Need:
    """A service that would see something of a category at a moment; ``withheld_by_child`` marks this very item."""

    service: str
    category: str
    at: datetime.datetime
    withheld_by_child: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the moment must be aware of its time zone")


def names(scope: Names | None, name: str) -> bool:
    """Whether a scope includes a name; ``None`` includes all."""
    return scope is None or name in scope


def within(start: datetime.datetime | None, end: datetime.datetime | None, at: datetime.datetime) -> bool:
    """Whether a moment is in a period; the start is included, the end is not."""
    return (start is None or start <= at) and (end is None or at < end)


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Whole years on a day. Born on 29 February: a year older on 1 March in other years; negative before birth."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def turns(birth_date: datetime.date, years: int) -> datetime.date:
    """The day someone turns so many years, in step with `age_on`."""
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return datetime.date(birth_date.year + years, 3, 1)


@functools.lru_cache(maxsize=1024)
def turns_at(birth_date: datetime.date, years: int) -> datetime.datetime:
    """The moment someone turns so many years: midnight in Norway."""
    return datetime.datetime.combine(turns(birth_date, years), datetime.time(), tzinfo=NORWAY)
