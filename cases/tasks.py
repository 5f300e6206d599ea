"""Work of the cases on the clock."""

import logging
from typing import Any

from celery import Celery, shared_task
from celery.schedules import crontab

from cases.actions.drift import repair_standings
from cases.actions.lapsed import end_lapsed
from cases.actions.let_in import tell_begun
from cases.actions.orphan_files import TooMany, remove_orphans
from cases.actions.ownerless import ask_leaders
from cases.rounds import beginning, go_on
from portal.celery import app
from portal.context import system_actor
from portal.task_base import PortalTask, RoundTask

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


@shared_task(base=RoundTask, name="cases.end_lapsed")
def end_periods(after: str = "") -> None:
    """Ends the part of services whose period in a case is out, batch by batch: each batch asks for the next."""
    batch = end_lapsed(by=system_actor("cases.end_lapsed"), after=beginning(after))
    go_on(end_periods, batch, "perioder som gikk ut")


@shared_task(base=RoundTask, name="cases.tell_begun")
def tell_let_in(after: str = "") -> None:
    """Tells services whose part in a case begins today, batch by batch."""
    batch = tell_begun(by=system_actor("cases.tell_begun"), after=beginning(after))
    go_on(tell_let_in, batch, "deltakelser som begynte")


@shared_task(base=RoundTask, name="cases.check_standings")
def check_standings(after: str = "") -> int:
    """Looks for obligations that stand otherwise than the facts say, batch by batch: each batch asks for the next.

    Returns how many rows had drifted. They are mended, and counted in the log: a drift that time does not explain is a
    bug.
    """
    batch = repair_standings(by=system_actor("cases.check_standings"), after=beginning(after))
    go_on(check_standings, batch, "plikter sto feil og er rettet", level=logging.WARNING)
    return batch.done


@app.on_after_finalize.connect
def clock(sender: Celery, **kwargs: Any) -> None:
    """Every hour: a membership or a period runs out, or begins, at midnight, and it should be known when the day does.
    The standings at night, after those. Files once a day."""
    sender.add_periodic_task(ONE_HOUR, find_ownerless.s(), name="cases.ask_leaders", expires=ONE_HOUR)
    sender.add_periodic_task(ONE_HOUR, end_periods.s(), name="cases.end_lapsed", expires=ONE_HOUR)
    sender.add_periodic_task(ONE_HOUR, tell_let_in.s(), name="cases.tell_begun", expires=ONE_HOUR)
    sender.add_periodic_task(ONE_DAY, remove_orphan_files.s(), name="cases.remove_orphans", expires=ONE_HOUR)
    sender.add_periodic_task(
        crontab(hour="2", minute="30"), check_standings.s(), name="cases.check_standings", expires=ONE_HOUR
    )
