"""Dates as people say them, on a fixed day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portal.templatetags import dates, ui

TODAY = dt.date(2026, 11, 22)
OSLO = ZoneInfo("Europe/Oslo")


def test_dates_are_written_out() -> None:
    assert dates.nb_date(dt.date(2026, 9, 3)) == "3. september 2026"
    assert dates.nb_short(dt.date(2026, 11, 3)) == "3. nov. 2026"
    assert dates.nb_date(None) == dates.nb_datetime(None) == dates.due_tag(None) == ""


def test_a_moment_is_shown_in_the_portals_time_zone() -> None:
    late_in_utc = dt.datetime(2026, 9, 2, 22, 30, tzinfo=dt.UTC)
    assert dates.nb_date(late_in_utc) == "3. september 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (dt.datetime(2026, 11, 22, 9, 42, tzinfo=OSLO), "i dag kl. 09.42"),
        (dt.datetime(2026, 11, 21, 23, 5, tzinfo=OSLO), "i går kl. 23.05"),
        (dt.datetime(2026, 9, 3, 9, 42, tzinfo=OSLO), "3. september 2026 kl. 09.42"),
    ],
)
def test_moments(moment: dt.datetime, words: str) -> None:
    assert dates.moment_words(moment, TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "i dag"),
        (1, "i morgen"),
        (2, "om 2 dager"),
        (-1, "i går"),
        (-3, "for 3 dager siden"),
    ],
)
def test_relative_days(days: int, words: str) -> None:
    assert dates.relative_words(TODAY + dt.timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("days", "words", "colour"),
    [
        (-1, "1 dag over fristen", "danger"),
        (-2, "2 dager over fristen", "danger"),
        (0, "Frist i dag", "warning"),
        (1, "Frist i morgen", "warning"),
        (3, "Frist om 3 dager", "warning"),
        (9, "Frist 1. desember", "neutral"),
    ],
)
def test_due_dates(days: int, words: str, colour: str) -> None:
    assert dates.due_words(TODAY + dt.timedelta(days=days), TODAY)[:2] == (words, colour)


@pytest.mark.parametrize(
    ("days", "words", "colour"),
    [
        (-1, "Veiledende frist passert i går", "warning"),
        (-5, "Veiledende frist passert for 5 dager siden", "warning"),
        (0, "Frist i dag", "warning"),
    ],
)
def test_a_suggested_date_binds_nobody_and_is_never_red(days: int, words: str, colour: str) -> None:
    assert dates.due_words(TODAY + dt.timedelta(days=days), TODAY, suggested=True)[:2] == (words, colour)


@pytest.mark.parametrize(
    ("name", "letters"), [("Kari Anne Nordmann", "KN"), ("Åse", "Å"), ("Ola Prøve-Hansen", "OH"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_an_unknown_state_shows_itself() -> None:
    assert "ukjent" in ui.status_tag("ukjent", {})


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in ui.icon("Bell")
    assert 'role="img" aria-label="Varsler"' in ui.icon("Bell", "Varsler")
