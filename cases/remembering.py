"""History of what is no state of a process, told beside those that are: a move, the guardians informed."""

import datetime as dt
import uuid

from cases.models import Case
from portal.context import Actor
from portal.models import StateChange, User


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
    StateChange.objects.create(
        process=process,
        subject_id=subject_id or case.pk,
        case_id=case.pk,
        from_state=from_state,
        to_state=to_state,
        at=now,
        user_id=by.user.pk if by.user else None,
        user_name=by.name,
        service_id=by.service.pk if by.service else None,
        service_name=by.service.name if by.service else "",
        reason=reason,
    )


def restate(case: Case, process: str, to_state: str, *, at: dt.datetime, who: User | None, reason: str) -> None:
    """Writes what happened at an earlier instant, unless it stands in the history already: it is about to be taken
    back, and the case's row keeps only what holds."""
    if StateChange.objects.filter(process=process, subject_id=case.pk, to_state=to_state, at=at).exists():
        return
    StateChange.objects.create(
        process=process,
        subject_id=case.pk,
        case_id=case.pk,
        from_state="",
        to_state=to_state,
        at=at,
        user_id=who.pk if who else None,
        user_name=who.name if who else "",
        reason=reason,
    )
