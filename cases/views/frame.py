"""What stands around every page of a case: hero, phases, menu, deadlines, people, recent events."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.case_facts import CaseFacts, facts_of
from cases.child_words import age_words
from cases.event_words import words_for
from cases.models import Case
from cases.page import menu
from cases.phases import stepper
from cases.rights import offered
from cases.telling_deadlines import shown_to
from guideline.deadlines import in_sight_from
from guideline.editions import current_edition
from guideline.schema import Edition

LEVEL_COLOURS = {0: "neutral", 1: "info", 2: "brand1", 3: "brand2"}
# What the buttons of the frame and the overview need to know; position and role, no statement.
BUTTONS = (
    "case.inform_guardians",
    "case.change_level",
    "case.mark_step",
    "case.offer_holder",
    "case.change_child",
    "case.manage_participants",
    "case.record_concern",
    "case.record_acquaintance",
    "case.close",
    "case.merge",
)


def frame(viewer: Viewer, section: str, *, visiting: bool = False) -> dict[str, Any]:
    """The context every page of a case gives ``cases/case_base.html``. One statement.

    ``section`` is the key of the menu entry that is current; ``visiting`` says that the overview itself is shown.
    ``may`` says, by verb without its «case.», what the case offers the viewer now.
    """
    case, actor = viewer.case, viewer.actor
    facts, edition = facts_of(case, actor, visiting=visiting), current_edition(case.community)
    today = timezone.localdate()
    return {
        "viewer": viewer,
        "case": case,
        "child": case.child,
        "facts": facts,
        "edition": edition,
        "today": today,
        "section": section,
        "sections": menu(viewer, section),
        "phases": stepper(facts.obligations, edition, case.pk, today),
        "age": age_words(case.child, today),
        "level_label": edition.level_label(case.level, case.municipality.municipality_number or ""),
        "level_short": edition.levels[str(case.level)].short,
        "level_colour": LEVEL_COLOURS[case.level],
        "holder_side": viewer.reads(),
        "closed": case.state == Case.State.CLOSED,
        "deadlines": _deadlines(viewer, facts, edition, today),
        "recent": _recent(facts),
        "may": {verb.removeprefix("case."): offered(viewer, verb) for verb in BUTTONS},
        "crumbs": [(_("Saker"), reverse("cases:list")), (case.reference, reverse("cases:case", args=[case.pk]))],
    }


def _deadlines(viewer: Viewer, facts: CaseFacts, edition: Edition, today: dt.date) -> list[dict[str, Any]]:
    """Running deadlines the viewer may know of, with the words of the edition's rule; one that counts backwards only
    from its notice on."""
    return [
        {
            "due_on": row.due_on,
            "title": edition.deadlines[row.rule].title if row.rule in edition.deadlines else row.rule,
            "service": row.service,
            "suggested": row.basis == "suggested",
        }
        for row in facts.deadlines
        if shown_to(viewer, row.rule, row.service_id)
        and (in_sight_from(edition.deadlines.get(row.rule), row.due_on) or today) <= today
    ]


def _recent(facts: CaseFacts) -> list[dict[str, Any]]:
    """The newest state changes in words."""
    found = []
    for event in facts.events:
        words = words_for(event.process, event.to_state)
        if words is not None:
            new = facts.visited_at is not None and event.at > facts.visited_at
            found.append({"words": words, "at": event.at, "who": event.who, "service": event.service, "new": new})
    return found
