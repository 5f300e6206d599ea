"""The case page and its timeline."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse

from cases import page as registers
from cases.access import Viewer, open_case
from cases.case_facts import VISIT
from cases.event_words import KINDS
from cases.next_steps import next_steps
from cases.overview import concerns_for, steps_for
from cases.views.frame import frame
from portal.answering import PortalRequest
from portal.htmx import respond

TIMELINE_PAGE = 50


def overview(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The case: what the guideline asks next, the concern, the level with its steps, and the panels of other rooms."""
    viewer = open_case(request.actor, case_id, VISIT)
    return respond(request, "cases/case.html", None, overview_context(viewer))


def overview_context(viewer: Viewer) -> dict[str, Any]:
    """What the overview shows; the step form answers with the same."""
    around = frame(viewer, "overview", visiting=True)
    panels = registers.panels(viewer)
    return {
        **around,
        "crumbs": around["crumbs"][:1],
        "next_steps": next_steps(viewer, around["facts"], around["edition"], around["today"]),
        "concerns": concerns_for(viewer, around["edition"]),
        "steps": steps_for(viewer, around["facts"], around["edition"]),
        "main_panels": [p for p in panels if p.column == "main"],
        "side_panels": [p for p in panels if p.column == "side"],
        "guidance": around["edition"].guidance_for("page.case"),
    }


def timeline(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """What has happened, newest first, of one kind or all; the whole of it on paper."""
    viewer = open_case(request.actor, case_id, "case.timeline")
    entries = registers.timeline(viewer)
    present = {entry.kind for entry in entries}
    chosen = request.GET.get("type", "")
    if chosen in present:
        entries = [entry for entry in entries if entry.kind == chosen]
    whole = request.GET.get("alt") == "1"
    page = Paginator(entries, max(len(entries), 1) if whole else TIMELINE_PAGE).get_page(request.GET.get("side"))
    context = {
        **frame(viewer, "timeline"),
        "page": page,
        "whole": whole,
        "chosen": chosen if chosen in present else "",
        "kinds": [(kind, label) for kind, label in KINDS.items() if kind in present],
    }
    return respond(request, "cases/timeline.html", None, context)
