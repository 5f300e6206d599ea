"""Tasks that belong to the case holder: they follow the case to the new holder's service at hand-over."""

import datetime as dt
import uuid

from cases.inbox import KINDS
from cases.models import Case, Deadline, Task
from portal.context import Actor, as_job

_HOLDER_KINDS: set[str] = set()


def add_holder_kinds(*kinds: str) -> None:
    """Marks kinds of task as the holder's; called from ``register.py``. A kind must be registered with
    ``add_kinds``."""
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise ValueError(f"Ukjente oppgavetyper: {', '.join(sorted(unknown))}")
    _HOLDER_KINDS.update(kinds)


def holder_kinds() -> frozenset[str]:
    """The kinds marked so far."""
    return frozenset(_HOLDER_KINDS)


def move_to(case: Case, *, old_service_id: uuid.UUID, by: Actor, now: dt.datetime) -> int:
    """Moves the holder's open tasks, with their running deadlines, to the service of ``case.holder``.

    The old task is closed as «moved» and a new one opened with the same date, so that both services' lists tell the
    truth. Within one service nothing moves, but tasks that named the old holder in person now name nobody. Returns how
    many moved.
    """
    new_service_id = case.holder.service_id
    with as_job():
        tasks = Task.objects.filter(
            case=case, kind__in=_HOLDER_KINDS, service_id=old_service_id, closed_at__isnull=True
        )
        if new_service_id == old_service_id:
            tasks.filter(user__isnull=False).update(user=None)
            return 0
        moved = 0
        for old in tasks:
            old.closed_at, old.close_reason = now, "moved"
            old.save(update_fields=["closed_at", "close_reason"])
            new, _created = Task.objects.get_or_create(
                kind=old.kind,
                subject_id=old.subject_id,
                service_id=new_service_id,
                closed_at=None,
                defaults={
                    "case": case,
                    "role": "",
                    "url_name": old.url_name,
                    "url_id": old.url_id,
                    "detail": old.detail,
                    "due_on": old.due_on,
                    "opened_at": now,
                    "opened_by": by.user,
                },
            )
            Deadline.objects.filter(task=old, state=Deadline.State.OPEN).update(task=new, service_id=new_service_id)
            moved += 1
    return moved
