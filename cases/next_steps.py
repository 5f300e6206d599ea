"""What the guideline asks next in a case, and where it is done: the first thing one reads on the overview."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.case_facts import CaseFacts
from cases.models import Case
from cases.phases import shown
from guideline.compliance import Display
from guideline.schema import Edition
from portal.rights import can


@dataclass(frozen=True)
class NextStep:
    """One thing to do: what, why it is still missing, where, and by when. ``url`` is empty where the viewer cannot do
    it."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    due_on: dt.date | None = None
    due_basis: str = ""
    display: Display | None = None
    number: str = ""
    second_url: str = ""
    second_label: str = ""

    @property
    def order(self) -> tuple[int, dt.date]:
        """Late first, then soonest."""
        return (0 if self.display is Display.LATE else 1, self.due_on or dt.date.max)


def next_steps(viewer: Viewer, facts: CaseFacts, edition: Edition, today: dt.date) -> list[NextStep]:
    """The open obligations with their gaps, after what level 0 itself asks. Empty for a closed case."""
    case = viewer.case
    if case.state == Case.State.CLOSED:
        return []
    return [*_level0(viewer, facts), *sorted(_obligations(case, facts, edition, today), key=lambda step: step.order)]


def _level0(viewer: Viewer, facts: CaseFacts) -> list[NextStep]:
    case, actor = viewer.case, viewer.actor
    steps = []
    if not case.may_be_shared:
        mine = can(actor, "case.inform_guardians", viewer)
        steps.append(
            NextStep(
                title=_("Informer foresatte"),
                text=_(
                    "Saken blir i tjenesten til foresatte er informert, eller det er skrevet hvorfor de ikke er det."
                ),
                url=reverse("cases:inform", args=[case.pk]) if mine else "",
                label=_("Registrer"),
                second_url=reverse("cases:not_informed", args=[case.pk]) if mine else "",
                second_label=_("Kan ikke informeres"),
            )
        )
    if case.level == 0:
        mine = can(actor, "case.change_level", viewer)
        due = next((d for d in facts.deadlines if d.rule == "level0_decision"), None)
        steps.append(
            NextStep(
                title=_("Avgjør om det er grunn til bekymring"),
                text=_("Gå videre til nivå 1, 2 eller 3, eller avslutt saken."),
                url=reverse("cases:level", args=[case.pk]) if mine else "",
                label=_("Velg nivå"),
                due_on=due.due_on if due else None,
                due_basis=due.basis if due else "",
                second_url=reverse("cases:close", args=[case.pk]) if mine else "",
                second_label=_("Ingen grunn til bekymring"),
            )
        )
    return steps


def _obligations(case: Case, facts: CaseFacts, edition: Edition, today: dt.date) -> list[NextStep]:
    steps = []
    for row in facts.obligations:
        display = shown(row, today)
        if display not in {Display.OPEN, Display.REMINDER, Display.LATE}:
            continue
        duty = edition.obligations.get(row.key)
        steps.append(
            NextStep(
                title=duty.title if duty else row.key,
                text=row.gap,
                url=url_of(row.url_name, row.url_id),
                label=_("Gå dit"),
                second_url=reverse("cases:waive", args=[case.pk, row.key]),
                second_label=_("Se plikten"),
                due_on=row.due_on,
                due_basis=row.due_basis,
                display=display,
                number=row.key,
            )
        )
    return steps


def url_of(url_name: str, url_id: Any) -> str:
    """The address stored with an obligation, or nothing where it no longer leads anywhere."""
    if not url_name:
        return ""
    try:
        return reverse(url_name, args=[url_id] if url_id else [])
    except NoReverseMatch:
        return ""
