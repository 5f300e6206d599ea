"""Storing national numbers under new keys, a few at a time."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from cases.models import Child
from cases.national_number import FIELDS, renew
from portal import audit
from portal.context import Actor, as_job


def rotate_some(
    *, after: uuid.UUID | None, by: Actor, most: int = 200, now: dt.datetime | None = None
) -> tuple[int, uuid.UUID | None]:
    """Re-encrypts and re-hashes the numbers of the next children by id, in one transaction.

    Returns how many were changed, and the id to go on after (None at the end). Safe to run twice, and while the portal
    runs: rows are locked. Raises ``portal.identity.crypto.DecryptionError`` for a number no active key opens.
    """
    now = now or timezone.now()
    with transaction.atomic(), as_job():
        rows = Child.objects.exclude(number_encrypted=None).order_by("pk").select_for_update(no_key=True)
        children = list((rows.filter(pk__gt=after) if after else rows)[:most])
        changed = [child for child in children if renew(child)]
        Child.objects.bulk_update(changed, FIELDS)
        if changed:
            audit.record(by, "child.number_keys_rotated", changed[-1], now=now, detail={"count": len(changed)})
    return len(changed), children[-1].pk if len(children) == most else None
