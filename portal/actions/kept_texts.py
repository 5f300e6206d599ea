"""Kept texts that go: put aside by their writer, or older than the page promises."""

import datetime as dt
import uuid

from django.utils import timezone

from portal import kept
from portal.context import Actor
from portal.models import KeptText


def discard(*, text_id: uuid.UUID | str, by: Actor) -> int:
    """Deletes one of the person's own kept texts; how many. It was never part of a case, so no trail is left."""
    return kept.discard(by.user, [text_id]) if by.user is not None else 0


def forget_old(*, now: dt.datetime | None = None) -> int:
    """Deletes kept texts older than ``kept.forget_after_days()``; how many."""
    before = (now or timezone.now()) - dt.timedelta(days=kept.forget_after_days())
    return KeptText.objects.filter(at__lt=before).delete()[0]
