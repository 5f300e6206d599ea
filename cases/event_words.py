"""The words of what has happened in a case: state changes of any process, for recent events and the timeline.

Each app registers the words of its own processes; a state without words is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """How one state change is told: title, icon (Aksel), and the kind the timeline filters by."""

    title: Any
    icon: str
    kind: str


_WORDS: dict[tuple[str, str], Words] = {}

KINDS: dict[str, Any] = {
    "case": _("Saken"),
    "level": _("Nivå"),
    "people": _("Personer og deltakere"),
    "consent": _("Samtykke"),
    "content": _("Innhold"),
    "referral": _("Henvisning"),
}


def add_words(process: str, words: Mapping[str, tuple[Any, str]], *, kind: str = "case") -> None:
    """Registers the words of a process: state → (title, icon). Called from ``register.py`` of the app that owns it."""
    for state, (title, icon) in words.items():
        _WORDS[(process, state)] = Words(title, icon, kind)


def words_for(process: str, state: str) -> Words | None:
    """The words of a move into a state, or None when it is not told."""
    return _WORDS.get((process, state))


def told() -> tuple[str, ...]:
    """The processes that have words."""
    return tuple(sorted({process for process, _state in _WORDS}))
