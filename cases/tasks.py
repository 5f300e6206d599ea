"""Work of the cases on the clock."""

import logging
from typing import Any

from celery import Celery, shared_task

from cases.actions.ownerless import ask_leaders
from portal.celery import app
from portal.context import system_actor
from portal.task_base import PortalTask

logger = logging.getLogger("cases.housekeeping")
ONE_HOUR = 60 * 60


@shared_task(base=PortalTask, name="cases.ask_leaders")
def find_ownerless() -> None:
    """Asks the leaders of services where a case is left without a holder."""
    count = ask_leaders(by=system_actor("cases.ask_leaders"))
    if count:
        logger.info("saker uten stafettholder", extra={"job": "cases.ask_leaders", "count": count})


@app.on_after_finalize.connect
def clock(sender: Celery, **kwargs: Any) -> None:
    """Every hour: a membership runs out at midnight, and the leader should know when the day begins."""
    sender.add_periodic_task(ONE_HOUR, find_ownerless.s(), name="cases.ask_leaders", expires=ONE_HOUR)
