"""Tasks that belong to the case holder: they follow the case to the new holder's service at hand-over."""

import datetime as dt

from django.db.models import Q

from cases.inbox import KINDS
from cases.models import Case, Deadline, Task
from portal.context import Actor, as_job
from portal.models import Membership

_HOLDER_KINDS: set[str] = set()
_SHARED_KINDS: set[str] = set()


def add_holder_kinds(*kinds: str) -> None:
    """Marks kinds of task as the holder's; called from ``register.py``. A kind must be registered with
    ``add_kinds``."""
    _HOLDER_KINDS.update(_known(kinds))


def add_shared_kinds(*kinds: str) -> None:
    """Marks kinds of task that the holder has and others have too: only the holder's own follows the case."""
    _SHARED_KINDS.update(_known(kinds))


def holder_kinds() -> frozenset[str]:
    """The kinds marked so far as the holder's alone."""
    return frozenset(_HOLDER_KINDS)


def move_to(case: Case, *, old: Membership, by: Actor, now: dt.datetime) -> int:
    """Moves the old holder's open tasks, with their running deadlines, to the service of ``case.holder``.

    The old task is closed as «moved» and a new one opened with the same date, so that both services' lists tell the
    truth; of a kind that others have too, one that names nobody is several people's and stays for the others.

    Within one service nothing moves, but tasks that named the old holder in person now name the new one. What moves to
    another service is the new holder's: not all there may have a role that does it. Returns how many moved.
    """
    with as_job():
        tasks = Task.objects.filter(case=case, service_id=old.service_id, closed_at__isnull=True)
        alone, shared = tasks.filter(kind__in=_HOLDER_KINDS), tasks.filter(kind__in=_SHARED_KINDS)
        if case.holder.service_id == old.service_id:
            for mine in (alone, shared):
                mine.filter(user_id=old.user_id).update(user=case.holder.user_id)
            return 0
        moving = [*alone, *shared.filter(Q(user_id=old.user_id) | Q(user__isnull=True))]
        for task in moving:
            _move(task, case, by, now, stays=task.kind in _SHARED_KINDS and task.user_id is None)
    return len(moving)


def _move(old: Task, case: Case, by: Actor, now: dt.datetime, *, stays: bool) -> None:
    """``stays``: others in the old service have the task too, and keep it."""
    if not stays:
        old.closed_at, old.close_reason = now, "moved"
        old.save(update_fields=["closed_at", "close_reason"])
    new, made = Task.objects.get_or_create(
        kind=old.kind,
        subject_id=old.subject_id,
        service_id=case.holder.service_id,
        closed_at=None,
        defaults={
            "case": case,
            "role": "",
            "user_id": case.holder.user_id,
            "url_name": old.url_name,
            "url_id": old.url_id,
            "detail": old.detail,
            "due_on": old.due_on,
            "shows_on": old.shows_on,
            "opened_at": now,
            "opened_by": by.user,
        },
    )
    if not made and new.user_id not in {None, case.holder.user_id}:
        # Somebody there had it in person already; now it is the new holder's too.
        new.user = None
        new.save(update_fields=["user"])
    Deadline.objects.filter(task=old, state=Deadline.State.OPEN).update(task=new, service_id=case.holder.service_id)


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise ValueError(f"Ukjente oppgavetyper: {', '.join(sorted(unknown))}")
    return kinds
