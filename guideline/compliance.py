"""What has been done about each obligation. The apps that own the facts register one evidence function per key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guideline.deadlines import is_late
from guideline.schema import Edition
from guideline.vocabulary import Basis

NOT_YET_BUILT: Final = frozenset(
    {
        "6.2.a",
        "6.2.b",
        "6.2.c",
        "6.2.d",
        "6.3.a",
        "6.3.b",
        "6.3.c",
        "7.1.a",
        "7.1.b",
        "7.1.c",
        "8.1.a",
        "8.1.b",
        "8.1.c",
    }
)
"""Keys without an evidence function. A system check holds it equal to what is really missing: it can only shrink."""


class State(StrEnum):
    """The state a finding or a stored status has. Late is no state: it is derived from the two dates."""

    NOT_RELEVANT = "not_relevant"
    OPEN = "open"
    MET = "met"
    WAIVED = "waived"


class Display(StrEnum):
    """The state people see, from best to worst."""

    NOT_STARTED = "not_started"
    NOT_RELEVANT = "not_relevant"
    MET = "met"
    WAIVED = "waived"
    OPEN = "open"
    REMINDER = "reminder"
    LATE = "late"

    @property
    def label(self) -> Promise:
        """The word shown on tags."""
        return LABELS[self][0]

    @property
    def colour(self) -> str:
        """The design system's colour of its tag."""
        return LABELS[self][1]


LABELS: Final[Mapping[Display, tuple[Promise, str]]] = {
    Display.NOT_STARTED: (_("Ikke startet"), "neutral"),
    Display.NOT_RELEVANT: (_("Ikke aktuelt"), "neutral"),
    Display.MET: (_("Oppfylt"), "success"),
    Display.WAIVED: (_("Satt til side"), "neutral"),
    Display.OPEN: (_("Gjenstår"), "info"),
    Display.REMINDER: (_("Påminnelse"), "warning"),
    Display.LATE: (_("Forsinket"), "danger"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an evidence function found.

    ``met_at`` and ``due_at`` are dates in Norway, and ``rule`` the key of the deadline rule the latter came from;
    ``evidence`` says in words what shows that the obligation is met, ``gap`` what is missing, ``responsible`` whom it
    waits for; ``link`` is the (url name, kwargs) of the place where it is done. No names of children in any text.
    """

    state: State
    met_at: date | None = None
    due_at: date | None = None
    rule: str = ""
    evidence: tuple[str, ...] = ()
    gap: str = ""
    responsible: str = ""
    link: tuple[str, Mapping[str, Any]] | None = None


EvidenceFunction = Callable[[Any, Edition, datetime], Finding]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A registered evidence function and the kind of subject it looks at (``case``, ``referral``, ``consultation``)."""

    key: str
    subject: str
    function: EvidenceFunction


_registry: list[Evidence] = []


def evidence(key: str, *, subject: str = "case") -> Callable[[EvidenceFunction], EvidenceFunction]:
    """Register the one function that judges obligation ``key``. Import the module in the app's ``ready()``."""

    def register(function: EvidenceFunction) -> EvidenceFunction:
        entry = Evidence(key, subject, function)
        if entry not in _registry:
            _registry.append(entry)
        return function

    return register


def registered() -> tuple[Evidence, ...]:
    """Every registered evidence function."""
    return tuple(_registry)


def keys_of(subject: str) -> tuple[str, ...]:
    """The obligation keys judged on this kind of subject, in the order of registration."""
    return tuple(entry.key for entry in _registry if entry.subject == subject)


def evaluate(key: str, subject: Any, edition: Edition, now: datetime) -> Finding:
    """Judge one obligation now. A key of a phase not yet built is not relevant; an unknown key raises KeyError."""
    for entry in _registry:
        if entry.key == key:
            return entry.function(subject, edition, now)
    if key in NOT_YET_BUILT:
        return Finding(state=State.NOT_RELEVANT)
    raise KeyError(key)


def basis_of(rule: str, edition: Edition) -> Basis | None:
    """The basis of a deadline rule by key; None for no rule."""
    return edition.deadlines[rule].basis if rule else None


def display_state(
    state: State | str, *, due_at: date | None, met_at: date | datetime | None, basis: Basis | str | None, today: date
) -> Display:
    """The state people see. Law and adopted rules make open things late; a suggested one only reminds.

    An obligation met after its date is shown as met: use ``deadlines.is_late`` for the statistics of what came late.
    """
    state = State(state)
    if state is not State.OPEN:
        return Display(state.value)
    if due_at is None or not basis or today <= due_at:
        return Display.OPEN
    return Display.LATE if is_late(due_at, met_at, Basis(basis), today) else Display.REMINDER


def show(key: str, finding: Finding, edition: Edition, today: date) -> Display:
    """``display_state`` of a finding; keys of phases not yet built are shown as not started."""
    if key in NOT_YET_BUILT:
        return Display.NOT_STARTED
    basis = basis_of(finding.rule, edition)
    return display_state(finding.state, due_at=finding.due_at, met_at=finding.met_at, basis=basis, today=today)


def worst(states: Iterable[Display]) -> Display:
    """The worst of the states, which the stepper shows; not started where there are none."""
    order = list(Display)
    return max(states, key=order.index, default=Display.NOT_STARTED)
