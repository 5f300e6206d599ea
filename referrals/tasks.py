"""Background work of the referral: rendering the finished PDF, once per snapshot."""

import datetime as dt
import functools
import logging
import uuid
from typing import Any

from celery import Celery, shared_task
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.rounds import beginning, go_on
from portal.celery import app
from portal.context import system_actor
from portal.pdf.render import RenderedPdf, render_pdf
from portal.task_base import PortalTask, RoundTask
from referrals.models import RenderedDocument, Snapshot
from referrals.settling import settle

logger = logging.getLogger("referrals.pdf")
# A rendering that is on its way is left alone this long before it counts as lost.
ON_ITS_WAY = dt.timedelta(minutes=1)
AT_ONCE = 100
LOOKED_AT = 2_000
ONE_HOUR = 60 * 60
# Asked for again after 2, 4, 8 … minutes, at most this long; how often it was tried is forgotten after a week.
LONGEST_WAIT = dt.timedelta(days=1)
TRIES_KEPT = dt.timedelta(days=7)
# So many tries are no lost message: the document cannot be made, and somebody must look.
WORRYING = 6


def render(content: dict[str, Any], *, draft: bool = False) -> RenderedPdf:
    """The PDF of a snapshot's content; equal content gives equal bytes. A draft has its watermark on every page."""
    html = render_to_string("pdf/referral.html", {"s": content})
    title = _("Samordnet henvisning %(reference)s") % {"reference": content["reference"]}
    return render_pdf(html, title=title, lang=content["lang"], draft=draft)


@shared_task(base=PortalTask, name="referrals.render_document")
def render_document(snapshot_id: str) -> None:
    """Renders a snapshot's PDF and stores it immutably with its SHA-256. Run twice, or by two at once: stores once."""
    snapshot = Snapshot.objects.get(pk=snapshot_id)
    if RenderedDocument.objects.filter(snapshot=snapshot).exists():
        return
    result = render(snapshot.content)
    if result.warnings:
        logger.warning("tegn uten skrift", extra={"job": "referrals.render_document", "count": len(result.warnings)})
    RenderedDocument.objects.bulk_create(
        [
            RenderedDocument(
                snapshot=snapshot, pdf=result.pdf, sha256=result.sha256, pages=result.pages, rendered_on=timezone.now()
            )
        ],
        ignore_conflicts=True,
    )


def queue_rendering(snapshot: Snapshot) -> None:
    """Puts the rendering on the queue when the transaction has committed.

    A queue that is away must not fail what has been committed: ``render_missing`` finds the snapshot again.
    """
    transaction.on_commit(functools.partial(_send, snapshot.pk), robust=True)


def _send(snapshot_id: uuid.UUID) -> None:
    # Its own queue: rendering takes seconds, and notices must never wait behind it.
    render_document.apply_async([str(snapshot_id)], queue="documents")


@app.on_after_finalize.connect
def clock(sender: Celery, **kwargs: Any) -> None:
    """Looks for snapshots whose rendering was lost, every two minutes; every hour, since consents run out at midnight,
    for consultations and referrals that can no longer be read by those asked."""
    sender.add_periodic_task(120, render_missing.s(), name="referrals.render_missing", expires=60)
    sender.add_periodic_task(ONE_HOUR, settle_consultations.s(), name="referrals.consultations", expires=ONE_HOUR)


@shared_task(base=RoundTask, name="referrals.consultations")
def settle_consultations(after: str = "") -> None:
    """Brings the tasks of departments and referrers into line with what they may read, batch by batch."""
    batch = settle(by=system_actor("referrals.consultations"), after=beginning(after))
    go_on(settle_consultations, batch, "drøftinger og samtykke")


@shared_task(base=PortalTask, name="referrals.render_missing")
def render_missing() -> int:
    """Puts snapshots without a PDF on the queue again: a worker or Redis may have lost them. Returns how many.

    Each is tried more and more seldom, so that one that cannot be made never stands in the way of the others.
    """
    now = timezone.now()
    lost = Snapshot.objects.filter(document__isnull=True, frozen_at__lt=now - ON_ITS_WAY)
    missing = list(lost.order_by("frozen_at").values_list("pk", flat=True)[:LOOKED_AT])
    tried: dict[str, tuple[int, dt.datetime]] = cache.get_many([_tries(pk) for pk in missing])
    never = (0, now)
    due = [pk for pk in missing if tried.get(_tries(pk), never)[1] <= now][:AT_ONCE]
    for pk in due:
        times = tried.get(_tries(pk), never)[0] + 1
        cache.set(_tries(pk), (times, now + _wait(times)), timeout=int(TRIES_KEPT.total_seconds()))
        if times >= WORRYING:
            logger.error("PDF kan ikke lages", extra={"job": "referrals.render_missing", "count": times})
        _send(pk)
    return len(due)


def _wait(times: int) -> dt.timedelta:
    return min(ON_ITS_WAY * 2 ** min(times, 20), LONGEST_WAIT)


def _tries(snapshot_id: uuid.UUID) -> str:
    return f"render-tries:{snapshot_id}"
