"""«Hva er denne siden?» on the pages whose view does not fetch guidance itself: what one does here, and what the
guideline asks.

An app says it for its own pages, by view name, when it starts; an edition's words about the same subject are put beside
it (``page.consent`` and the like), since communities write their own.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from guideline.editions import current_edition
from guideline.errors import EditionMissing


@dataclass(frozen=True)
class PageHelp:
    """What is said of a page: ours, and the guidance of the edition that belongs with it (none when empty)."""

    what: object
    guidance: str = ""


_PAGES: dict[str, PageHelp] = {}


def add_help(app: str, guidance: str = "", **pages: object) -> None:
    """Says what an app's pages are for: view name → a sentence or two. Called from ``apps.py``."""
    _PAGES.update({f"{app}:{name}": PageHelp(what, guidance) for name, what in pages.items()})


def page_help(request: HttpRequest) -> dict[str, Any]:
    """``page_help``: ``what``, ``asks`` and ``url`` for the page shown; nothing is fetched unless the template asks."""
    match = request.resolver_match
    known = _PAGES.get(match.view_name) if match else None
    return {"page_help": SimpleLazyObject(lambda: _words(request, known)) if known else None}


def _words(request: HttpRequest, known: PageHelp) -> dict[str, Any]:
    community = getattr(getattr(request, "actor", None), "community", None)
    asks = ""
    if known.guidance and community is not None:
        try:
            found = current_edition(community).guidance_for(known.guidance)
        except EditionMissing:
            found = None
        asks = found.asks if found else ""
    match = request.resolver_match
    case_id = match.kwargs.get("case_id") if match else None
    url = reverse("guideline:page") + (f"?sak={case_id}" if case_id else "")
    return {"what": known.what, "asks": asks, "url": url if asks else ""}
