"""State tables: one per process, one guarded ``move()`` for all of them (design: state tables)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import audit
from portal.context import Actor
from portal.models import StateChange

PROCESSES: "dict[str, Process]" = {}


@dataclass(frozen=True)
class Process:
    """A named state machine: which moves exist, and what each state is called for people.

    Every process enters the register ``PROCESSES`` by itself; docs/states.md and the words of the log come from there.
    """

    name: str
    title: Any
    labels: Mapping[str, Any]
    moves: Mapping[str, Sequence[str]]
    initial: str

    def __post_init__(self) -> None:
        if self.name in PROCESSES:
            raise ValueError(f"Prosessen {self.name} er definert to ganger.")
        PROCESSES[self.name] = self

    def allows(self, source: str, target: str) -> bool:
        """Whether the table has the move."""
        return target in self.moves.get(source, ())


class MovedOn(Exception):
    """Someone else was first, or the move is not in the table. The message is written for the person who tried."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = str(message)


SAID_OTHERWISE = _lazy("Du har gjort dette før, med andre opplysninger. Det du skrev nå, er ikke lagret.")


def said_already(row: Any, said: Mapping[str, Any]) -> bool:
    """Whether a row holds these values already: then saying them again is a double click. Instants are each attempt's
    own, and count for nothing."""
    return all(getattr(row, name) == value for name, value in said.items() if not isinstance(value, dt.datetime))


def lock(obj: models.Model) -> Any:
    """Re-reads and locks the row itself (never joined rows) FOR NO KEY UPDATE; call inside a transaction."""
    manager = type(obj)._default_manager
    return manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)


def latest_change(process: Process, subject_id: uuid.UUID) -> StateChange | None:
    """The newest move of a subject, for telling who was first."""
    return StateChange.objects.filter(process=process.name, subject_id=subject_id).order_by("-id").first()


def move(
    obj: Any,
    process: Process,
    to: str,
    *,
    by: Actor,
    now: dt.datetime | None = None,
    reason: str = "",
    case_id: uuid.UUID | None = None,
    **updates: Any,
) -> bool:
    """Moves ``obj`` to a state under lock, with a StateChange and an audit event in the same transaction.

    ``updates`` are further fields saved in the same statement. Returns False when the same person repeats a move
    already made with the same words (a double click): nothing is written, and nothing is lost. Raises ``MovedOn`` with
    a sentence for people when the table does not have the move, or a repeat says something else; which is also what
    the second of two people meets.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = lock(obj)
        source = locked.state
        if not process.allows(source, to):
            change = latest_change(process, obj.pk)
            if source == to and change and by.user and change.user_id == by.user.pk:
                if change.reason != reason or not said_already(locked, updates):
                    raise MovedOn(SAID_OTHERWISE)
                obj.refresh_from_db()
                return False
            raise MovedOn(_moved_on_message(process, source, change))
        for field, value in {"state": to, **updates}.items():
            setattr(locked, field, value)
            setattr(obj, field, value)
        locked.save(update_fields=["state", *updates])
        write_change(process.name, obj.pk, source, to, by=by, at=now, reason=reason, case_id=case_id)
        audit.record(
            by,
            f"{process.name}.{to}",
            obj,
            case_id=case_id,
            now=now,
            detail={"from": source, "to": to},
        )
    return True


def begin(
    obj: Any, process: Process, *, by: Actor, now: dt.datetime, case_id: uuid.UUID | None = None, reason: str = ""
) -> None:
    """Writes the first StateChange of a new subject, so that its history starts at its beginning."""
    write_change(process.name, obj.pk, "", obj.state, by=by, at=now, reason=reason, case_id=case_id)


def write_change(
    process: str,
    subject_id: uuid.UUID,
    from_state: str,
    to_state: str,
    *,
    by: Actor,
    at: dt.datetime,
    reason: str = "",
    case_id: uuid.UUID | None = None,
) -> None:
    """Writes one line of history, with who did it and for whom as they are called now. It moves nothing itself:
    for ``move`` and ``begin``, and for what is told beside the processes."""
    StateChange.objects.create(
        process=process,
        subject_id=subject_id,
        case_id=case_id,
        from_state=from_state,
        to_state=to_state,
        at=at,
        user_id=by.user.pk if by.user else None,
        user_name=by.name,
        service_id=by.service.pk if by.service else None,
        service_name=by.service.name if by.service else "",
        reason=reason,
    )


def _moved_on_message(process: Process, source: str, change: StateChange | None) -> str:
    label = process.labels.get(source, source)
    if change is None:
        return _("Dette kan ikke gjøres nå. Status er «%(state)s».") % {"state": label}
    when = timezone.localtime(change.at)
    return _("Status er allerede «%(state)s». %(who)s endret den %(date)s kl. %(time)s.") % {
        "state": label,
        "who": change.user_name,
        "date": when.strftime("%d.%m.%Y"),
        "time": when.strftime("%H.%M"),
    }
