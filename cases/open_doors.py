"""Who is let in to a case now, read from the table that decides it: never worked out anew for a page."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from cases.models import CaseAccess, Scope
from portal.context import as_job

ITEMS = "items_"


@dataclass
class Doors:
    """What one service has open now: the case itself, and others' items by category with the instant each closes."""

    case: bool = False
    items: dict[str, dt.datetime | None] = field(default_factory=dict)


def doors_of(case_id: uuid.UUID, now: dt.datetime) -> dict[uuid.UUID, Doors]:
    """Every service that is let in now. Of several reasons for the same, the last to end counts. One statement, as the
    job role: a service is shown only its own places, and who shares must see everyone's."""
    found: dict[uuid.UUID, Doors] = {}
    with as_job():
        rows = list(
            CaseAccess.objects.in_force(now).filter(case_id=case_id).values_list("principal_id", "scope", "until")
        )
    for service_id, scope, until in rows:
        doors = found.setdefault(service_id, Doors())
        if scope == Scope.CASE:
            doors.case = True
        elif scope.startswith(ITEMS):
            category = scope.removeprefix(ITEMS)
            known = doors.items.get(category, until)
            doors.items[category] = None if until is None or known is None else max(until, known)
    return found
