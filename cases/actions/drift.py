"""Looking through the stored standings at night: they must say what the facts say, also when only time has passed."""

import datetime as dt
import uuid

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.casework import case_work
from cases.models import Case, ObligationStatus
from cases.obligations import differences
from cases.rounds import Batch, visit
from portal.context import Actor, as_job


def repair_standings(*, by: Actor, after: uuid.UUID | None = None, now: dt.datetime | None = None) -> Batch:
    """Compares the standings of the next cases with what is stored, and brings those that differ into line as every
    action does: under the case's lock, access first. Only a case that has drifted is locked.

    Safe to run twice and beside people at work. A closed case is looked at while something still stands as open in it.
    Counts the rows that had drifted.
    """
    now = now or timezone.now()
    left_open = ObligationStatus.objects.filter(case=OuterRef("pk"), state=ObligationStatus.State.OPEN)
    cases = Case.objects.exclude(~Exists(left_open), state=Case.State.CLOSED)
    return visit(cases, lambda case_id: _repair(case_id, by=by, now=now), by=by, column="pk", after=after)


def _repair(case_id: uuid.UUID, *, by: Actor, now: dt.datetime) -> int:
    with as_job():
        case = Case.objects.select_related("child", "community", "municipality", "holder").get(pk=case_id)
        drifted = len(differences(case, now))
    if drifted:
        with case_work(case_id, by=by, now=now, closed_too=True):
            pass
    return drifted
