"""History of what is no state of a process, told beside those that are: a move, the guardians informed."""

import datetime as dt
import uuid

from cases.models import Case
from portal.context import Actor, as_job
from portal.models import StateChange, User
from portal.states import write_change


def remember(
    case: Case,
    process: str,
    to_state: str,
    *,
    by: Actor,
    now: dt.datetime,
    from_state: str = "",
    reason: str = "",
    subject_id: uuid.UUID | None = None,
) -> None:
    """Writes one line of the case's history, as ``portal.states.move`` does for a process; its words are registered
    with ``cases.event_words``."""
    write_change(process, subject_id or case.pk, from_state, to_state, by=by, at=now, reason=reason, case_id=case.pk)


def restate(case: Case, process: str, to_state: str, *, at: dt.datetime, who: User | None, reason: str) -> None:
    """Writes what happened at an earlier instant, unless it stands in the history already: it is about to be taken
    back, and the case's row keeps only what holds."""
    if StateChange.objects.filter(process=process, subject_id=case.pk, to_state=to_state, at=at).exists():
        return
    by = Actor(user=who, membership=None)
    with as_job():
        # In the name of who said it then, who need not be who takes it back.
        write_change(process, case.pk, "", to_state, by=by, at=at, reason=reason, case_id=case.pk)
