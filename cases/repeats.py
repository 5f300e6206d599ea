"""A double click: the same thing written twice by the same person in a moment is one thing."""

import datetime as dt
from typing import Any, TypeVar

from django.db import models

from portal.context import Actor

MOMENT = dt.timedelta(minutes=1)
Row = TypeVar("Row", bound=models.Model)


def just_recorded(model: type[Row], *, by: Actor, now: dt.datetime, **same: Any) -> Row | None:
    """The entry with these values that this person recorded less than a minute ago; call under the case's lock."""
    return (
        model._default_manager.filter(
            recorded_by=by.user, recorded_at__gt=now - MOMENT, recorded_at__lte=now, error_at__isnull=True, **same
        )
        .order_by("-recorded_at")
        .first()
    )
