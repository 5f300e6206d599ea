"""The stepper of a case: the guideline's five phases, how far each has come, and what is missing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.case_facts import ObligationRow
from guideline.compliance import NOT_YET_BUILT, Display, display_state, worst
from guideline.keys import PHASES
from guideline.schema import Edition
from guideline.sections import section_url

# Asked for in every phase: shown where it is open, but met it makes no phase done.
EVERYWHERE = "6.0"
SECTION_OF = {"6.1": "referral", "6.2": "plan", "6.3": "discharge", "7": "transition", "8": "next_of_kin"}
STATES = {
    Display.NOT_STARTED: "next",
    Display.NOT_RELEVANT: "na",
    Display.MET: "done",
    Display.WAIVED: "done",
    Display.OPEN: "now",
    Display.REMINDER: "now",
    Display.LATE: "late",
}
ASKING = {Display.OPEN, Display.REMINDER, Display.LATE}


def shown(row: ObligationRow, today: dt.date) -> Display:
    """The state people see of one obligation."""
    return display_state(row.state, due_at=row.due_on, met_at=row.met_on, basis=row.due_basis or None, today=today)


def stepper(
    rows: Sequence[ObligationRow], edition: Edition, case_id: uuid.UUID, today: dt.date
) -> list[dict[str, Any]]:
    """One entry per phase for ``ds/stepper.html``, with what is missing in words."""
    return [_phase(key, rows, edition, case_id, today) for key in PHASES]


def _phase(
    key: str, rows: Sequence[ObligationRow], edition: Edition, case_id: uuid.UUID, today: dt.date
) -> dict[str, Any]:
    asked = {item.key for item in edition.obligations_in(key)}
    begun = asked - {EVERYWHERE} - NOT_YET_BUILT
    displays = [shown(row, today) for row in rows if row.key in asked] if begun else []
    state = worst(displays)
    if state not in ASKING:
        # Nothing is asked for: the phase has then come as far as its own obligations have.
        state = worst(shown(row, today) for row in rows if row.key in begun)
    return {
        "number": key,
        "name": edition.phases[key].short,
        "state": STATES[state],
        "text": _text(state, displays),
        "url": section_url(SECTION_OF[key], case_id),
        "current": state is Display.LATE,
    }


def _text(state: Display, displays: Sequence[Display]) -> str:
    late = sum(display is Display.LATE for display in displays)
    missing = late + sum(display in {Display.OPEN, Display.REMINDER} for display in displays)
    if late:
        return ngettext("%(n)s over fristen", "%(n)s over fristen", late) % {"n": late}
    if missing:
        return ngettext("%(n)s gjenstår", "%(n)s gjenstår", missing) % {"n": missing}
    if state is Display.NOT_STARTED:
        return _("Ikke startet")
    return _("Alt er gjort") if state is not Display.NOT_RELEVANT else _("Ikke aktuelt")
