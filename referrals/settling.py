"""Who can no longer read what waits for them: the case's consultations and referrals follow its access."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.casework import case_work
from cases.following import add_follow_up
from cases.models import Case
from cases.rounds import Batch, visit
from portal.context import Actor, system_actor
from portal.together import Together
from referrals.consultation_places import give_back, named_and_asked, out_of_line, take_away
from referrals.lost_place import stranded, take_back


@Together
def _astray(*, case_id: uuid.UUID, now: dt.datetime) -> tuple["QuerySet[Any]", dict[str, "QuerySet[Any]"]]:
    """What is with somebody who may not read it, and consultations that are with nobody though they may be read."""
    asked = named_and_asked(now).filter(case=case_id).select_related("department", "asked_in")
    return Case.objects.filter(pk=case_id), {
        "closed": asked.filter(open=False, waiting=True),
        "opened": asked.filter(open=True, waiting=False),
        "stranded": stranded(now).filter(case=case_id),
    }


@add_follow_up
def follow(case: Case, by: Actor, now: dt.datetime) -> None:
    """Brings the tasks of departments and referrers into line with what they may read. One statement where all is."""
    astray = _astray(case_id=case.pk, now=now)
    job = system_actor("referrals.consultations")
    for consultation in astray["closed"]:
        take_away(consultation, case, job, now)
    for consultation in astray["opened"]:
        give_back(consultation, case, job, now)
    for referral in astray["stranded"]:
        take_back(referral, case, by, now)


def settle(*, by: Actor, after: uuid.UUID | None = None, now: dt.datetime | None = None) -> Batch:
    """The same for consent that just passed its last day, which nobody did anything about. Run by the clock, and safe
    to run twice. Counts the cases that had something to settle."""
    now = now or timezone.now()
    astray = Q(pk__in=out_of_line(now).values("case_id")) | Q(pk__in=stranded(now).values("case_id"))
    return visit(
        Case.objects.filter(astray), lambda case_id: _settle(case_id, by=by, now=now), by=by, column="pk", after=after
    )


def _settle(case_id: uuid.UUID, *, by: Actor, now: dt.datetime) -> int:
    with case_work(case_id, by=by, now=now):
        return 1
