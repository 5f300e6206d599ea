"""Days and instants in Norway: a date covers its whole day in Oslo time."""

import datetime as dt

from django.utils import timezone


def start_of(day: dt.date) -> dt.datetime:
    """The first instant of a day in Norway."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_default_timezone())


def end_of(day: dt.date) -> dt.datetime:
    """The instant after a day has ended in Norway: the exclusive end of a period «to and with» that day."""
    return start_of(day + dt.timedelta(days=1))


def today(now: dt.datetime | None = None) -> dt.date:
    """The date in Norway at an instant."""
    return timezone.localdate(now)
