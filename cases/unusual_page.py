"""What a leader sees of unusual access: the findings, the references of cases that the leader may see, what was looked
at before."""

import datetime as dt
import uuid
from collections.abc import Iterable

from cases.access import cases_for
from cases.models import LookedAt
from cases.unusual import Finding, found_in, looked_at, not_looked_at
from portal import audit
from portal.context import Actor, as_job
from portal.rights import check


def look(actor: Actor, now: dt.datetime) -> tuple[list[Finding], list[LookedAt]]:
    """The findings of the actor's own service and what its leaders have looked at, with the access event.

    Read with wider rights after the check: the events are those of colleagues, in cases the leader may not be in. Names
    and children of those cases are never read.
    """
    check(actor, "unusual.read")
    with as_job():
        found = found_in(actor.unit, now)
    looked = looked_at(actor.unit, now)
    # What a family has said of a leader is for the others who lead.
    mine = actor.person.pk
    left = [f for f in not_looked_at(found, looked) if f.kind != LookedAt.Kind.KNOWN or f.user_id != mine]
    audit.record_read(actor, "unusual.list", actor.unit, detail={"findings": len(left)})
    return left, looked


def referenced(actor: Actor, findings: Iterable[Finding]) -> dict[uuid.UUID, str]:
    """The references of those cases that the actor may see; the others are «en sak». One statement."""
    wanted = {case_id for finding in findings for case_id in finding.case_ids}
    return dict(cases_for(actor).filter(pk__in=wanted).values_list("pk", "reference"))
