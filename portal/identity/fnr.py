"""Norwegian national numbers: fødselsnummer and D-number, as typed by people.

A number identifies and nothing more: neither sex nor age is ever read out of it (age comes from the stored birth
date; numbers issued from 2032 carry no sex or century, and a D-number may hold the date it was registered).

Which numbers pass depends on where the portal runs. In production real numbers pass and test numbers do not. In demo
and test only Tenor's synthetic numbers (80 added to the month) pass: a number with a valid check and no such mark is
almost surely a living person's.

The check of numbers issued from 1 January 2032 is the one Skatteetaten documents («Nytt fødselsnummer fra 2032»):
the first check digit may leave a remainder of 0, 1, 2 or 3; the second still leaves none.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NORWAY = ZoneInfo("Europe/Oslo")
LENGTH = 11
D_NUMBER_DAY = 40
NAV_MONTH = 40
SYNTHETIC_MONTH = 80
NEW_CHECK_FROM = datetime.date(2032, 1, 1)
OLD_REMAINDERS = (0,)
NEW_REMAINDERS = (0, 1, 2, 3)
SEPARATORS = dict.fromkeys(map(ord, " \t\r\n\u00a0\u202f\u2009-\u2010\u2011\u2012\u2013\u2212.:"))
HIDDEN = "•"


class FnrKind(StrEnum):
    """What sort of number it is."""

    FNR = "fnr"
    D_NUMBER = "d_number"


class FnrProblem(StrEnum):
    """Why a number was refused."""

    EMPTY = "empty"
    LETTERS = "letters"
    LENGTH = "length"
    DATE = "date"
    CHECKSUM = "checksum"
    HELP_NUMBER = "help_number"
    NAV_SYNTHETIC = "nav_synthetic"
    SYNTHETIC_NOT_ALLOWED = "synthetic_not_allowed"
    REAL_NOT_ALLOWED = "real_not_allowed"


MESSAGES: "dict[FnrProblem, _StrPromise]" = {
    FnrProblem.EMPTY: _("Skriv fødselsnummeret, 11 siffer."),
    FnrProblem.LETTERS: _("Fødselsnummeret kan bare inneholde siffer."),
    FnrProblem.LENGTH: _("Fødselsnummeret må ha 11 siffer. Se om et siffer mangler eller er skrevet to ganger."),
    FnrProblem.DATE: _("De seks første sifrene er ikke en gyldig dato. Sjekk dag, måned og år."),
    FnrProblem.CHECKSUM: _("Fødselsnummeret er ikke gyldig. Sjekk om to siffer er byttet om eller et siffer er feil."),
    FnrProblem.HELP_NUMBER: _(
        "Dette er et hjelpenummer. Bruk fødselsnummer eller D-nummer, eller la feltet stå tomt til det er kjent."
    ),
    FnrProblem.NAV_SYNTHETIC: _("Hjelpenumre og testnumre med 40 lagt til måneden kan ikke brukes her."),
    FnrProblem.SYNTHETIC_NOT_ALLOWED: _("Dette er et testnummer. Her må du bruke personens virkelige fødselsnummer."),
    FnrProblem.REAL_NOT_ALLOWED: _(
        "Her kan du bare bruke syntetiske fødselsnumre (80 lagt til måneden). "
        "Dette kan tilhøre en virkelig person og blir ikke lagret."
    ),
}


class FnrError(ValueError):
    """The text is not a national number that may be used here. Never carries the text itself."""

    def __init__(self, code: FnrProblem) -> None:
        super().__init__(code.value)
        self.code = code
        self.message = MESSAGES[code]


@dataclass(frozen=True)
class NationalNumber:
    """A number that passed `parse`: eleven digits, hidden from ``repr`` and ``str`` so that no log gets them."""

    digits: str = field(repr=False)
    kind: FnrKind
    synthetic: bool

    def __str__(self) -> str:
        return masked(self, show_date=False)

    @property
    def formatted(self) -> str:
        """The number in full as people write it, for those who may see it: six digits, a space, five digits."""
        return f"{self.digits[:6]} {self.digits[6:]}"


def parse(text: str, *, allow_synthetic: bool, on: datetime.date | None = None) -> NationalNumber:
    """The number in a text typed by a person; spaces, dashes and full stops are ignored.

    ``allow_synthetic`` is on in demo and test, and then only synthetic numbers pass. ``on`` is the day the number is
    judged (today): from 2032 the wider check applies; synthetic numbers may follow it already, since test data does.
    Raises `FnrError`.
    """
    digits = _digits(text)
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if day >= 80:
        raise FnrError(FnrProblem.HELP_NUMBER)
    kind = FnrKind.D_NUMBER if day > D_NUMBER_DAY else FnrKind.FNR
    synthetic = month > SYNTHETIC_MONTH
    if NAV_MONTH < month <= NAV_MONTH + 12:
        raise FnrError(FnrProblem.NAV_SYNTHETIC)
    if not _is_date(day % D_NUMBER_DAY, month % SYNTHETIC_MONTH, year):
        raise FnrError(FnrProblem.DATE)
    if synthetic and not allow_synthetic:
        raise FnrError(FnrProblem.SYNTHETIC_NOT_ALLOWED)
    if allow_synthetic and not synthetic:
        # Refused before the check digits are: a demo must not confirm that a number exists.
        raise FnrError(FnrProblem.REAL_NOT_ALLOWED)
    new_check = synthetic or (on or datetime.datetime.now(tz=NORWAY).date()) >= NEW_CHECK_FROM
    if not _check_digits_fit(digits, NEW_REMAINDERS if new_check else OLD_REMAINDERS):
        raise FnrError(FnrProblem.CHECKSUM)
    return NationalNumber(digits=digits, kind=kind, synthetic=synthetic)


def masked(number: NationalNumber, *, show_date: bool) -> str:
    """The number for display: «158315 •••••» where the date may be seen, else only dots."""
    return f"{number.digits[:6] if show_date else HIDDEN * 6} {HIDDEN * 5}"


def agrees_with_birth_date(number: NationalNumber, birth_date: datetime.date) -> bool | None:
    """Whether the six first digits are this birth date; ``None`` for a D-number, whose date may be another.

    A hint to someone filling in a form («sjekk fødselsdatoen»), never a source of the birth date.
    """
    if number.kind is FnrKind.D_NUMBER:
        return None
    return number.digits[:6] == _date_digits(birth_date, d_number=False, synthetic=number.synthetic)


def synthetic(birth_date: datetime.date, serial: int = 0, *, d_number: bool = False, from_2032: bool = False) -> str:
    """The ``serial``-th (from 0) valid synthetic number of a birth date, for the demo story and tests.

    The same arguments always give the same number, and no two serials share one. ``from_2032`` gives numbers that only
    the new check accepts. Raises `ValueError` outside 1900–2039 and when the date has no such serial.
    """
    if not 1900 <= birth_date.year <= 2039 or serial < 0:
        raise ValueError("birth year must be 1900–2039 and serial at least 0")
    start = _date_digits(birth_date, d_number=d_number, synthetic=True)
    first = 0 if birth_date.year < 2000 else 500
    remainders = NEW_REMAINDERS[1:] if from_2032 else OLD_REMAINDERS
    found = 0
    for individual in range(first, first + 500):
        for remainder in remainders:
            number = _with_check_digits(f"{start}{individual:03d}", remainder)
            if number is None:
                continue
            if found == serial:
                return number
            found += 1
    raise ValueError(f"the date has only {found} numbers")


def _digits(text: str) -> str:
    digits = text.translate(SEPARATORS)
    if not digits:
        raise FnrError(FnrProblem.EMPTY)
    if not (digits.isascii() and digits.isdigit()):
        raise FnrError(FnrProblem.LETTERS)
    if len(digits) != LENGTH:
        raise FnrError(FnrProblem.LENGTH)
    return digits


def _is_date(day: int, month: int, year: int) -> bool:
    # Two digits do not tell the century; 2000 + year has the same leap years as every century in use but 1900.
    try:
        datetime.date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _check_digits_fit(digits: str, remainders: tuple[int, ...]) -> bool:
    return any(_with_check_digits(digits[:9], remainder) == digits for remainder in remainders)


def _with_check_digits(nine: str, remainder: int) -> str | None:
    """The nine digits with both check digits, the first leaving ``remainder``; ``None`` where one would be 10."""
    first = (int(calc_check_digit1(nine)) + remainder) % 11
    ten = f"{nine}{first}"
    second = calc_check_digit2(ten) if first < 10 else ""
    return f"{ten}{second}" if len(second) == 1 else None


def _date_digits(day: datetime.date, *, d_number: bool, synthetic: bool) -> str:
    first = day.day + (D_NUMBER_DAY if d_number else 0)
    return f"{first:02d}{day.month + (SYNTHETIC_MONTH if synthetic else 0):02d}{day.year % 100:02d}"
