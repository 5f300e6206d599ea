"""A service whose place in a case was agreed for a later day learns of it when the day comes."""

import datetime as dt
import uuid

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from cases.admission import PARTICIPANT
from cases.casework import LET_IN, case_work, tell_those_let_in
from cases.models import Case, CaseAccess, Notification, Participant, Scope
from cases.rounds import Batch, visit
from portal.context import Actor, as_job
from portal.timeframe import start_of, today

# A clock that stood still for a weekend has forgotten nobody.
DAYS_BACK = 3


def tell_begun(*, by: Actor, after: uuid.UUID | None = None, now: dt.datetime | None = None) -> Batch:
    """Tells the services whose participation, or the consent that covers it, begins today: what begins at once is told
    by the action itself.

    Run by the clock, and safe to run twice: who has been told is not told again. Counts the participants told.
    """
    now = now or timezone.now()
    return visit(_begun(now), lambda case_id: _tell(case_id, by=by, now=now), by=by, after=after)


def _begun(now: dt.datetime) -> "QuerySet[Participant]":
    """Participants whose place in the case began with one of these days, whole as they are agreed, and was not told."""
    days = [start_of(today(now) - dt.timedelta(days=back)) for back in range(DAYS_BACK)]
    place = CaseAccess.objects.in_force(now).filter(
        case=OuterRef("case"),
        principal_id=OuterRef("service"),
        scope=Scope.CASE,
        basis=Concat(Value(PARTICIPANT), Cast(OuterRef("pk"), CharField())),
        valid_from__in=days,
    )
    told = Notification.objects.filter(case=OuterRef("case"), kind=LET_IN, subject_id=OuterRef("pk"))
    standing = Participant.objects.filter(ended_at__isnull=True).exclude(case__state=Case.State.CLOSED)
    return standing.filter(Exists(place), ~Exists(told))


def _tell(case_id: uuid.UUID, *, by: Actor, now: dt.datetime) -> int:
    with case_work(case_id, by=by, now=now) as case:
        with as_job():
            begun = list(_begun(now).filter(case=case).values_list("pk", flat=True))
        tell_those_let_in(case, begun, by=by, now=now)
    return len(begun)
