"""Housekeeping of the platform on the clock."""

import logging
from typing import Any

from celery import Celery, shared_task
from celery.schedules import crontab

from portal.actions.kept_texts import forget_old
from portal.actions.sealing import seal_events
from portal.actions.sessions import forget_over
from portal.celery import app
from portal.context import as_job, portal_context, system_actor
from portal.seals import nightly, telling
from portal.seals.outside import put_outside
from portal.task_base import PortalTask, RoundTask

logger = logging.getLogger("portal.housekeeping")
FIVE_MINUTES = 5 * 60
ONE_DAY = 24 * 60 * 60
# Of checking in one task, well within a task's time.
CHECK_SECONDS = 120


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


@shared_task(base=PortalTask, name="portal.seal_audit")
def seal_audit() -> None:
    """Seals what has happened in the log since the last time."""
    made = seal_events()
    if any(seal.reason for seal in made):
        logger.warning("loggen har begynt en ny epoke", extra={"job": "portal.seal_audit", "count": len(made)})


@shared_task(base=RoundTask, name="portal.verify_audit")
def verify_audit(chain: str = "", after: int = 0) -> None:
    """Checks every chain of seals, a turn at a time: each asks for the next. Tells loudly when one does not hold."""
    with portal_context(system_actor("portal.verify_audit")), as_job():
        turn = nightly.turn(chain, after, CHECK_SECONDS)
        called = telling.names()
        late = turn.next is None and nightly.behind() > 0
    said = [telling.words(found, called) for found in turn.broken]
    if late:
        said.append("Hendelser har ventet på forsegling i mer enn en time.")
    if said:
        telling.log_alarm(said)
        # Mail leaves from the workers of this queue alone (docker-compose.yml).
        mail_alarm.apply_async((said,), queue="delivery")
    if turn.next is not None:
        verify_audit.delay(*turn.next)


@shared_task(base=PortalTask, name="portal.mail_audit_alarm")
def mail_alarm(sentences: list[str]) -> None:
    """The nightly check's letter. Run twice, it is sent twice: better than never."""
    telling.mail_alarm(sentences)


@shared_task(base=PortalTask, name="portal.put_seals_outside")
def put_seals_outside() -> None:
    """Puts the newest seals where the database's owner cannot change them."""
    put_outside()


@app.on_after_finalize.connect
def clock(sender: Celery, **kwargs: Any) -> None:
    """Once a day; the seals every five minutes. The nightly check comes before the day's list goes out."""
    sender.add_periodic_task(ONE_DAY, forget_kept_texts.s(), name="portal.forget_kept_texts", expires=3600)
    sender.add_periodic_task(ONE_DAY, forget_sessions.s(), name="portal.forget_sessions", expires=3600)
    sender.add_periodic_task(FIVE_MINUTES, seal_audit.s(), name="portal.seal_audit", expires=FIVE_MINUTES)
    night, morning = crontab(hour="3", minute="15"), crontab(hour="5", minute="45")
    sender.add_periodic_task(night, verify_audit.s(), name="portal.verify_audit", expires=3600)
    sender.add_periodic_task(
        morning, put_seals_outside.s(), name="portal.put_seals_outside", expires=3600, queue="delivery"
    )
