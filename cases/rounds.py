"""The clock's rounds through many cases: each case in a transaction of its own, so that none holds up the others."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import Task
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import QuerySet

from portal.context import Actor, as_job, portal_context
from portal.states import MovedOn

logger = logging.getLogger("cases.rounds")
# So few that a batch is done well within a task's time.
AT_ONCE = 100


@dataclass(frozen=True)
class Batch:
    """What one batch of a round came to: cases visited, what was done in them, and after which case the next begins."""

    cases: int
    done: int
    last: uuid.UUID | None


def visit(
    found: "QuerySet[Any]",
    work: Callable[[uuid.UUID], int],
    *,
    by: Actor,
    column: str = "case_id",
    after: uuid.UUID | None = None,
) -> Batch:
    """Does the work in the next cases of a list, whose ids stand in its ``column``; for a ``RoundTask``, which has no
    transaction of its own.

    The list is one statement that locks nothing. Every case is then done, and committed, alone: no lock waits for
    another, and the work looks again under the case's lock, since the list may be old. A case that was closed meanwhile
    is left (``MovedOn``); one that fails is logged by its id and left for the next round.
    """
    with portal_context(by), as_job():
        ahead = found if after is None else found.filter(**{f"{column}__gt": after})
        case_ids = list(ahead.order_by(column).values_list(column, flat=True).distinct()[:AT_ONCE])
    done = 0
    for case_id in case_ids:
        try:
            with portal_context(by):
                done += work(case_id)
        except MovedOn:
            continue
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            # Never its text, which may quote what a person wrote.
            failed = {"job": by.system, "case_id": str(case_id), "error": type(error).__name__}
            logger.error("en sak ble hoppet over", extra=failed)
    return Batch(len(case_ids), done, case_ids[-1] if len(case_ids) == AT_ONCE else None)


def beginning(after: str) -> uuid.UUID | None:
    """After which case a batch begins, as it stands in the task's argument; empty for a new round."""
    return uuid.UUID(after) if after else None


def go_on(task: Task, batch: Batch, told: str, *, level: int = logging.INFO) -> None:
    """Logs how many were done, in the words ``told``, and asks for the next batch if there are more cases. A queue that
    is away ends the round; the clock begins anew."""
    if batch.done:
        logger.log(level, told, extra={"job": task.name, "count": batch.done})
    if batch.last is not None:
        task.delay(str(batch.last))
