"""Who is let in to a case now, read from the table that decides it: never worked out anew for a page."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from cases.models import CaseAccess, Scope
from portal.context import as_job

ITEMS = "items_"


@dataclass
class Doors:
    """What one service has open now: the case itself, and others' items by category with the instant each closes."""

    case: bool = False
    items: dict[str, dt.datetime | None] = field(default_factory=dict)


class Place(NamedTuple):
    """A row of ``case_access``: a service's place in the case, now, before or ahead."""

    service_id: uuid.UUID
    scope: str
    since: dt.datetime
    until: dt.datetime | None


def places_in(case_id: uuid.UUID) -> list[Place]:
    """Every place that a service has or has had. One statement, as the job role: a service is shown only its own, and
    who shares must see everyone's."""
    with as_job():
        rows = CaseAccess.objects.filter(case_id=case_id, principal_kind=CaseAccess.Kind.SERVICE)
        return [Place(*row) for row in rows.values_list("principal_id", "scope", "valid_from", "until")]


def doors_of(places: Iterable[Place], now: dt.datetime) -> dict[uuid.UUID, Doors]:
    """Every service that is let in now. Of several reasons for the same, the last to end counts. No statement."""
    found: dict[uuid.UUID, Doors] = {}
    for service_id, scope, since, until in places:
        if since > now or (until is not None and until <= now):
            continue
        doors = found.setdefault(service_id, Doors())
        if scope == Scope.CASE:
            doors.case = True
        elif scope.startswith(ITEMS):
            category = scope.removeprefix(ITEMS)
            known = doors.items.get(category, until)
            doors.items[category] = None if until is None or known is None else max(until, known)
    return found
