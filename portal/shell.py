"""What stands around every page: navigation and unread counts. Lower apps own the register, upper apps fill it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from portal.context import Actor


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; ``shown_to`` decides by the actor, ``count`` names a count of the header."""

    order: int
    url_name: str
    label: object
    icon: str
    shown_to: Callable[[Actor], bool] = lambda actor: True
    count: str = ""

    def current(self, request: HttpRequest) -> bool:
        """Whether the page shown lies below this entry."""
        return request.path.startswith(reverse(self.url_name))


_NAV: list[NavItem] = []
_COUNTS: list[Callable[[Actor], dict[str, int]]] = []


def add_nav(item: NavItem) -> None:
    """Adds an entry to the main navigation; called from ``apps.py``."""
    if item not in _NAV:
        _NAV.append(item)


def add_counts(function: Callable[[Actor], dict[str, int]]) -> None:
    """Adds a function that counts what waits for an actor (at most one statement); called from ``apps.py``."""
    if function not in _COUNTS:
        _COUNTS.append(function)


def counts_for(actor: Actor) -> dict[str, int]:
    """All header counts for an actor."""
    merged: dict[str, int] = {}
    for function in _COUNTS:
        merged |= function(actor)
    return merged


def navigation(request: HttpRequest, actor: Actor, counts: dict[str, int]) -> list[dict[str, object]]:
    """The entries this actor sees, in order, with url, icon, count and whether one is the current page."""
    return [
        {
            "url": reverse(item.url_name),
            "label": item.label,
            "icon": item.icon,
            "current": item.current(request),
            "count": counts.get(item.count, 0),
        }
        for item in sorted(_NAV, key=lambda item: item.order)
        if item.shown_to(actor)
    ]
