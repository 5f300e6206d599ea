"""Working days against a naive count that knows Norwegian law and Easter by itself."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline.workdays import add_working_days, is_working_day, public_holidays, working_days_between

DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))


def easter_sunday(year: int) -> date:
    """The Gregorian computus (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def naive_holidays(year: int) -> set[date]:
    """Norway's public holidays: the fixed ones, and those that follow Easter."""
    easter = easter_sunday(year)
    moveable = {"Maundy Thursday": -3, "Good Friday": -2, "Easter": 0, "Easter Monday": 1}
    moveable |= {"Ascension": 39, "Pentecost": 49, "Whit Monday": 50}
    fixed = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)]
    return {date(year, month, day) for month, day in fixed} | {easter + timedelta(n) for n in moveable.values()}


def naive_is_working_day(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in naive_holidays(day.year)


@given(DAYS)
def test_a_working_day_is_what_the_law_says(day: date) -> None:
    assert is_working_day(day) == naive_is_working_day(day)


@given(st.integers(1995, 2060))
def test_the_moveable_holidays_of_every_year(year: int) -> None:
    assert public_holidays(year) == naive_holidays(year)


@given(DAYS, st.integers(0, 80))
def test_adding_counts_one_working_day_at_a_time(day: date, count: int) -> None:
    expected, left = day, count
    while left:
        expected += timedelta(1)
        left -= naive_is_working_day(expected)
    assert add_working_days(day, count) == expected
    assert working_days_between(day, expected) == count


@given(DAYS, st.integers(1, 80))
def test_counting_backwards_lands_on_a_working_day_before(day: date, count: int) -> None:
    back = add_working_days(day, -count)
    assert back < day
    assert naive_is_working_day(back)
    assert sum(naive_is_working_day(back + timedelta(n)) for n in range((day - back).days)) == count


@given(DAYS, DAYS)
def test_between_is_the_same_both_ways(first: date, second: date) -> None:
    assert working_days_between(first, second) == -working_days_between(second, first)


@given(DAYS, DAYS, DAYS)
def test_between_adds_up(first: date, second: date, third: date) -> None:
    a, b, c = sorted([first, second, third])
    assert working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 4, 1)),  # Tuesday before Easter
        (date(2026, 4, 1), 1, date(2026, 4, 7)),  # over all of Easter
        (date(2026, 4, 30), 1, date(2026, 5, 4)),  # 1 May is a Friday
        (date(2026, 5, 13), 1, date(2026, 5, 15)),  # Ascension Day
        (date(2026, 5, 15), 1, date(2026, 5, 18)),  # 17 May is a Sunday
        (date(2026, 5, 22), 1, date(2026, 5, 26)),  # Whit Monday
        (date(2026, 12, 23), 2, date(2026, 12, 28)),  # Christmas Eve is a working day, the two after are not
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_known_dates(start: date, count: int, expected: date) -> None:
    assert add_working_days(start, count) == expected
