"""Norwegian working days: Monday to Friday less public holidays, moveable ones included. Pure functions on dates."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Norway in ``year``."""
    return frozenset(holidays.country_holidays("NO", years=year))


def is_working_day(day: date) -> bool:
    """Whether ``day`` is Monday–Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day`` (before it where negative); ``day`` itself, whatever it is, for 0."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``; negative where ``end`` lies before ``start``.

    ``working_days_between(d, add_working_days(d, n)) == n`` for every ``n >= 0``.
    """
    if end < start:
        return -working_days_between(end, start)
    days_off = sum(
        start < day <= end and day.weekday() < SATURDAY
        for year in range(start.year, end.year + 1)
        for day in public_holidays(year)
    )
    return _weekdays_until(end) - _weekdays_until(start) - days_off


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from 1 January of year 1, which was a Monday, up to and including ``day``."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * SATURDAY + min(rest, SATURDAY)
