"""The guideline, readable by anyone who is logged in: it holds no person's data, so it is the same for all."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guideline import presentation
from guideline.editions import available_editions, current_edition, edition_by_key
from guideline.errors import EditionMissing
from guideline.schema import Edition


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The whole edition: of the actor's community, or of ``?utgave=<key>``; ``?sak=<id>`` links into a case."""
    try:
        edition = chosen_edition(request)
    except EditionMissing:
        actor = getattr(request, "actor", None)
        outside = actor is None or actor.community is None
        return render(request, "guideline/missing.html", {"editions": available_editions(), "outside": outside})
    case_id, actor = chosen_case(request), getattr(request, "actor", None)
    context = {
        "edition": edition,
        "editions": available_editions(),
        "case_id": case_id,
        "common": presentation.common_rows(edition, case_id, actor),
        "phases": presentation.phase_rows(edition, case_id, actor),
        "levels": presentation.level_rows(edition),
        "standing": presentation.standing_rows(edition),
        "rules": presentation.rule_rows(edition),
    }
    return render(request, "guideline/page.html", context)


@require_safe
def obligation(request: HttpRequest, key: str) -> HttpResponse:
    """One obligation by its key, with its deadlines and reminders."""
    try:
        edition = chosen_edition(request)
        case_id = chosen_case(request)
        row = presentation.obligation_row(edition, key, case_id, getattr(request, "actor", None))
    except (EditionMissing, KeyError):
        raise Http404(key) from None
    return render(request, "guideline/obligation.html", {"edition": edition, "row": row, "case_id": case_id})


def chosen_edition(request: HttpRequest) -> Edition:
    """The edition asked for, else that of the actor's community. Raises ``EditionMissing``."""
    key = request.GET.get("utgave", "")
    if key:
        if not key.isprintable():
            # The database takes no NUL, and no key has one.
            raise Http404(repr(key))
        try:
            return edition_by_key(key)
        except EditionMissing:
            raise Http404(key) from None
    actor: Any = getattr(request, "actor", None)
    if actor is None or actor.community is None:
        raise EditionMissing("no community")
    return current_edition(actor.community)


def chosen_case(request: HttpRequest) -> UUID | None:
    """The case the reader comes from. Only an address is made of it: the case's own pages decide who may see it."""
    try:
        return UUID(request.GET.get("sak", ""))
    except ValueError:
        return None
