"""A holder whose membership has run out: the leader of the service is asked to give the case to someone else."""

import datetime as dt

from django.utils import timezone

from cases.inbox import LEADING, close_tasks, open_task, tell
from cases.models import Case, Task
from portal.context import Actor, as_job
from portal.models import Membership
from portal.timeframe import today

KIND = "holder.gone"


def ask_leaders(*, by: Actor, now: dt.datetime | None = None) -> int:
    """Opens a task, and tells the leaders, for each open case whose holder's membership does not hold any more; closes
    it where it holds again. Ending a membership is refused while cases stand on it, but a date in it just passes.

    Run by the clock, and safe to run twice. Returns how many cases were new.
    """
    now = now or timezone.now()
    day = today(now)
    with as_job():
        current = Membership.objects.current(day).values("pk")
        asked = set(Task.objects.filter(kind=KIND, closed_at__isnull=True).values_list("subject_id", flat=True))
        standing = Case.objects.exclude(state=Case.State.CLOSED).select_related("holder").order_by("pk")
        gone = list(standing.exclude(holder__in=current))
    for case_id in asked - {case.pk for case in gone}:
        close_tasks(case_id, KIND, now=now)
    new = [case for case in gone if case.pk not in asked]
    for case in new:
        service_id = case.holder.service_id
        open_task(KIND, by=by, now=now, service=service_id, subject=case, case=case, due_on=day, url_id=case.pk)
        tell(KIND, by=by, now=now, subject=case, case=case, service=service_id, roles=LEADING,
             url_name="cases:holder", url_id=case.pk)  # fmt: skip
    return len(new)
