"""Work of the cases on the clock."""

import logging
from typing import Any

from celery import Celery, shared_task

from cases.actions.orphan_files import TooMany, remove_orphans
from cases.actions.ownerless import ask_leaders
from portal.celery import app
from portal.context import system_actor
from portal.task_base import PortalTask

logger = logging.getLogger("cases.housekeeping")
ONE_HOUR = 60 * 60
ONE_DAY = 24 * ONE_HOUR


@shared_task(base=PortalTask, name="cases.ask_leaders")
def find_ownerless() -> None:
    """Asks the leaders of services where a case is left without a holder."""
    count = ask_leaders(by=system_actor("cases.ask_leaders"))
    if count:
        logger.info("saker uten stafettholder", extra={"job": "cases.ask_leaders", "count": count})


@shared_task(base=PortalTask, name="cases.remove_orphans")
def remove_orphan_files() -> None:
    """Removes uploaded files whose request rolled back. Too many are left for somebody to look at."""
    try:
        count = remove_orphans()
    except TooMany as found:
        logger.error("filer uten dokument", extra={"job": "cases.remove_orphans", "count": found.count})
        return
    if count:
        logger.info("filer uten dokument er fjernet", extra={"job": "cases.remove_orphans", "count": count})


@app.on_after_finalize.connect
def clock(sender: Celery, **kwargs: Any) -> None:
    """Every hour: a membership runs out at midnight, and the leader should know when the day begins. Files once a
    day."""
    sender.add_periodic_task(ONE_HOUR, find_ownerless.s(), name="cases.ask_leaders", expires=ONE_HOUR)
    sender.add_periodic_task(ONE_DAY, remove_orphan_files.s(), name="cases.remove_orphans", expires=ONE_HOUR)
