"""Answering a warning about two cases of one child, when they are not."""

import datetime as dt
import uuid

from django.utils import timezone

from cases.casework import case_work
from cases.inbox import close_tasks
from cases.models import Case
from portal import audit
from portal.context import Actor
from portal.rights import check


def dismiss_duplicate(*, case: Case, other_id: uuid.UUID, by: Actor, now: dt.datetime | None = None) -> int:
    """Closes the holder's task «may be the same child» in this very case: it is another child. Returns how many tasks
    closed (0 on a repeat, and where no such warning was given here)."""
    now = now or timezone.now()
    check(by, "case.change_child", case)
    with case_work(case, by=by, now=now, access=False) as case:
        closed = close_tasks(other_id, "duplicate.look", now=now, service_id=case.holder.service_id, case=case)
        if closed:
            audit.record(by, "case.duplicate_dismissed", case, case_id=case.pk, child_id=case.child_id, now=now)
    return closed
