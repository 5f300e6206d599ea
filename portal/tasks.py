"""Housekeeping of the platform on the clock."""

import logging
from typing import Any

from celery import Celery, shared_task

from portal.actions.kept_texts import forget_old
from portal.actions.sessions import forget_over
from portal.celery import app
from portal.task_base import PortalTask

logger = logging.getLogger("portal.housekeeping")
ONE_DAY = 24 * 60 * 60


@shared_task(base=PortalTask, name="portal.forget_kept_texts")
def forget_kept_texts() -> None:
    """Removes kept texts that have lain longer than the page promises; run twice, it does nothing the second time."""
    count = forget_old()
    if count:
        logger.info("gamle tekster slettet", extra={"job": "portal.forget_kept_texts", "count": count})


@shared_task(base=PortalTask, name="portal.forget_sessions")
def forget_sessions() -> None:
    """Removes sessions that are over; run twice, it does nothing the second time."""
    count = forget_over()
    if count:
        logger.info("gamle økter slettet", extra={"job": "portal.forget_sessions", "count": count})


@app.on_after_finalize.connect
def clock(sender: Celery, **kwargs: Any) -> None:
    """Once a day."""
    sender.add_periodic_task(ONE_DAY, forget_kept_texts.s(), name="portal.forget_kept_texts", expires=3600)
    sender.add_periodic_task(ONE_DAY, forget_sessions.s(), name="portal.forget_sessions", expires=3600)
