"""What stands beside the tasks of the inbox: other apps add their boxes. None names a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.context import Actor


@dataclass(frozen=True)
class Box:
    """A box in the inbox's side column, rendered by including its template with ``box`` as its context."""

    template: str
    context: dict[str, Any]


_BOXES: list[Callable[[Actor], Box | None]] = []


def add_box(function: Callable[[Actor], Box | None]) -> Callable[[Actor], Box | None]:
    """Registers a box, at most one statement; the function gives None for whom it has nothing to show."""
    if function not in _BOXES:
        _BOXES.append(function)
    return function


def boxes_for(actor: Actor) -> list[Box]:
    """The boxes this actor sees."""
    return [box for box in (function(actor) for function in _BOXES) if box is not None]
