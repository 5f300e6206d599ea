"""What the case page is made of: sections in its menu, panels of the overview, entries of the timeline.

Cases owns the registers and fills its own; referrals (and later apps) add theirs in ``apps.py``. Never the inbox:
that is a table.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from cases.access import Viewer


@dataclass(frozen=True)
class Section:
    """One section of the case's menu; its page takes the case's id."""

    order: int
    key: str
    label: Any
    url_name: str
    shown: Callable[[Viewer], bool] = lambda viewer: True


@dataclass(frozen=True)
class Panel:
    """A box of the overview, rendered by including its template with its context."""

    order: int
    template: str
    context: dict[str, Any]
    column: str = "main"


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline: what happened, who did it, where it leads. Only what the viewer may see."""

    at: dt.datetime
    title: str
    who: str = ""
    service: str = ""
    text: str = ""
    icon: str = "Circle"
    kind: str = "case"
    url: str = ""
    subject_id: uuid.UUID | None = None
    tags: Sequence[str] = field(default=())


_SECTIONS: list[Section] = []
_PANELS: list[Callable[[Viewer], Panel | None]] = []
_ENTRIES: list[Callable[[Viewer], Iterable[Entry]]] = []


def add_section(section: Section) -> None:
    """Adds a section to the menu of the case."""
    if section not in _SECTIONS:
        _SECTIONS.append(section)


def add_panel(function: Callable[[Viewer], Panel | None]) -> Callable[[Viewer], Panel | None]:
    """Adds a panel to the overview; the function returns None where it has nothing to show."""
    if function not in _PANELS:
        _PANELS.append(function)
    return function


def add_entries(function: Callable[[Viewer], Iterable[Entry]]) -> Callable[[Viewer], Iterable[Entry]]:
    """Adds entries to the timeline."""
    if function not in _ENTRIES:
        _ENTRIES.append(function)
    return function


def menu(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    """The case's menu: label, url, and which is the page shown."""
    return [
        {"label": s.label, "url": reverse(s.url_name, args=[viewer.case.pk]), "current": s.key == current}
        for s in sorted(_SECTIONS, key=lambda s: s.order)
        if s.shown(viewer)
    ]


def panels(viewer: Viewer, column: str = "") -> list[Panel]:
    """The overview's panels in order."""
    made = [panel for panel in (function(viewer) for function in _PANELS) if panel is not None]
    return sorted((p for p in made if not column or p.column == column), key=lambda p: p.order)


def timeline(viewer: Viewer, limit: int | None = None) -> list[Entry]:
    """What has happened in the case, newest first."""
    entries = [entry for function in _ENTRIES for entry in function(viewer)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[:limit] if limit else entries
