"""Looking through the stored standings at night: they must say what the facts say, also when only time has passed."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.casework import case_work
from cases.models import Case, ObligationStatus
from cases.obligations import differences
from portal.context import Actor, as_job

# So few that a batch is done in seconds: one transaction, in which only what has drifted is locked.
AT_ONCE = 100


@dataclass(frozen=True)
class Looked:
    """What one batch found: cases looked at, rows that had drifted, and after which case the next batch begins."""

    cases: int
    drifted: int
    last: uuid.UUID | None


def repair_standings(*, by: Actor, after: uuid.UUID | None = None, now: dt.datetime | None = None) -> Looked:
    """Compares the standings of the next cases with what is stored, and brings those that differ into line as every
    action does: under the case's lock, access first.

    Safe to run twice and beside people at work. A closed case is looked at while something still stands as open in it.
    """
    now = now or timezone.now()
    with as_job():
        left_open = ObligationStatus.objects.filter(case=OuterRef("pk"), state=ObligationStatus.State.OPEN)
        cases = Case.objects.exclude(~Exists(left_open), state=Case.State.CLOSED)
        if after is not None:
            cases = cases.filter(pk__gt=after)
        batch = list(cases.select_related("child", "community", "municipality", "holder").order_by("pk")[:AT_ONCE])
        found = {case.pk: len(differences(case, now)) for case in batch}
    for case_id in (case_id for case_id, rows in found.items() if rows):
        with case_work(case_id, by=by, now=now, closed_too=True):
            pass
    return Looked(len(batch), sum(found.values()), batch[-1].pk if len(batch) == AT_ONCE else None)
