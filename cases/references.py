"""References that people say to each other (NT-2026-004217-K): running number per community and year."""

import datetime as dt
import uuid
from collections.abc import Collection

from cases.models import Case, ReferenceCounter
from portal.context import as_job
from portal.identity.reference import format_reference
from portal.models import HealthCommunity
from portal.timeframe import today


def lock_counter(community: HealthCommunity, now: dt.datetime) -> ReferenceCounter:
    """This year's counter, locked until the transaction ends, so that two openings never share a number.

    Openings in one community take turns here; each holds the lock for some milliseconds.
    """
    year = today(now).year
    ReferenceCounter.objects.get_or_create(community=community, year=year)
    return ReferenceCounter.objects.select_for_update(of=("self",)).get(community=community, year=year)


def next_reference(counter: ReferenceCounter, community: HealthCommunity) -> str:
    """The next reference, from a counter that is locked."""
    counter.last += 1
    counter.save(update_fields=["last"])
    return format_reference(community.prefix, counter.year, counter.last)


def references_of(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The references of cases by id, for what is said of a case to one who is shown nothing more of it. One
    statement, as the job role."""
    with as_job():
        return dict(Case.objects.filter(pk__in=cases).values_list("pk", "reference"))
