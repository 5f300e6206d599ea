"""National numbers: which pass where, and what the person who typed it reads. Synthetic numbers only."""

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from portal.identity.fnr import (
    MESSAGES,
    FnrError,
    FnrKind,
    FnrProblem,
    NationalNumber,
    agrees_with_birth_date,
    masked,
    parse,
    synthetic,
)

BORN = datetime.date(2015, 3, 15)
BEFORE_2032 = datetime.date(2026, 11, 22)
IN_2032 = datetime.date(2032, 1, 1)
birth_dates = st.dates(datetime.date(1900, 1, 1), datetime.date(2039, 12, 31))


def unmarked(birth_date: datetime.date) -> str:
    """A number with real form and, on purpose, wrong check digits, so that it is nobody's."""
    nine = f"{birth_date:%d%m%y}999"
    first = calc_check_digit1(nine)[-1]
    second = (int(calc_check_digit2(nine + first)) + 5) % 10
    return nine + first + str(second)


def problem(text: str, *, allow_synthetic: bool = True, on: datetime.date = BEFORE_2032) -> FnrProblem:
    with pytest.raises(FnrError) as caught:
        parse(text, allow_synthetic=allow_synthetic, on=on)
    assert str(caught.value.message)
    assert caught.value.message == MESSAGES[caught.value.code]
    return caught.value.code


@given(birth_dates, st.integers(0, 300), st.booleans(), st.booleans())
def test_every_generated_number_passes_in_demo_and_only_there(
    birth_date: datetime.date, serial: int, d_number: bool, from_2032: bool
) -> None:
    digits = synthetic(birth_date, serial, d_number=d_number, from_2032=from_2032)
    number = parse(digits, allow_synthetic=True, on=BEFORE_2032)
    assert number == NationalNumber(digits, FnrKind.D_NUMBER if d_number else FnrKind.FNR, synthetic=True)
    assert problem(digits, allow_synthetic=False) is FnrProblem.SYNTHETIC_NOT_ALLOWED


def test_the_generator_repeats_itself_and_never_gives_two_the_same() -> None:
    numbers = [synthetic(BORN, serial) for serial in range(300)]
    assert len(set(numbers)) == 300
    assert numbers == [synthetic(BORN, serial) for serial in range(300)]


@pytest.mark.parametrize(("birth_date", "serial"), [(datetime.date(1899, 12, 31), 0), (BORN, -1), (BORN, 500)])
def test_the_generator_says_no_to_what_it_cannot_make(birth_date: datetime.date, serial: int) -> None:
    with pytest.raises(ValueError, match=r"serial|numbers"):
        synthetic(birth_date, serial)


@given(st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_never_passes(position: int, shift: int) -> None:
    digits = synthetic(BORN, 7)
    wrong = f"{digits[:position]}{(int(digits[position]) + shift) % 10}{digits[position + 1 :]}"
    with pytest.raises(FnrError):
        # The first check digit may be one of several in synthetic numbers; the second then gives the error away.
        parse(wrong, allow_synthetic=True, on=BEFORE_2032)


@pytest.mark.parametrize("form", ["{0} {1}", "{0}-{1}", " {0}\u00a0{1} ", "{0}–{1}", "{0}.{1}"])
def test_spaces_and_dashes_do_not_matter(form: str) -> None:
    digits = synthetic(BORN)
    assert parse(form.format(digits[:6], digits[6:]), allow_synthetic=True).digits == digits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", FnrProblem.EMPTY),
        (" - ", FnrProblem.EMPTY),
        ("1583155003x", FnrProblem.LETTERS),
        ("ikke kjent", FnrProblem.LETTERS),
        ("١٥٨٣١٥٥٠٠٣٩", FnrProblem.LETTERS),
        ("1583155003²", FnrProblem.LETTERS),
        ("1583155003", FnrProblem.LENGTH),
        ("158315500390", FnrProblem.LENGTH),
        ("1" * 200_000, FnrProblem.LENGTH),
        ("32831550039", FnrProblem.DATE),
        ("00831550039", FnrProblem.DATE),
        ("40831550039", FnrProblem.DATE),
        ("72831550039", FnrProblem.DATE),
        ("15801550039", FnrProblem.DATE),
        ("15931550039", FnrProblem.DATE),
        ("15131550039", FnrProblem.DATE),
        ("29821550039", FnrProblem.DATE),
        ("15831550038", FnrProblem.CHECKSUM),
        ("15431550039", FnrProblem.NAV_SYNTHETIC),
        ("81031550039", FnrProblem.HELP_NUMBER),
        ("80031550039", FnrProblem.HELP_NUMBER),
    ],
)
def test_each_kind_of_mistake_has_its_own_message(text: str, expected: FnrProblem) -> None:
    assert problem(text) is expected


def test_a_number_that_looks_real_is_refused_in_demo_before_its_check_digits_are_looked_at() -> None:
    code = problem(unmarked(BORN))
    assert code is FnrProblem.REAL_NOT_ALLOWED
    assert "syntetiske" in str(MESSAGES[code])


def test_in_production_the_check_digits_of_a_real_form_are_checked() -> None:
    assert problem(unmarked(BORN), allow_synthetic=False) is FnrProblem.CHECKSUM


def test_the_2032_rule_opens_on_its_day_for_numbers_without_the_synthetic_mark() -> None:
    """The number is made for someone born in 2033, so that it is nobody's."""
    nine = "010133999"
    first = (int(calc_check_digit1(nine)) + 1) % 11
    digits = f"{nine}{first}{calc_check_digit2(nine + str(first))}"
    assert len(digits) == 11
    assert problem(digits, allow_synthetic=False) is FnrProblem.CHECKSUM
    assert problem(digits, allow_synthetic=False, on=IN_2032 - datetime.timedelta(days=1)) is FnrProblem.CHECKSUM
    assert parse(digits, allow_synthetic=False, on=IN_2032).synthetic is False


def test_today_is_the_day_unless_told() -> None:
    assert parse(synthetic(BORN), allow_synthetic=True).digits == synthetic(BORN)


def test_the_digits_stay_out_of_repr_str_and_errors() -> None:
    number = parse(synthetic(BORN), allow_synthetic=True)
    assert number.digits not in repr(number) + str(number) + f"{number}"
    assert number.digits[6:] not in repr(number) + str(number)
    with pytest.raises(FnrError) as caught:
        parse("15831550038", allow_synthetic=True)
    assert "15831550038" not in repr(caught.value) + str(caught.value)


def test_masks_show_the_date_only_where_it_may_be_seen() -> None:
    number = parse(synthetic(BORN), allow_synthetic=True)
    assert masked(number, show_date=True) == "158315 •••••"
    assert masked(number, show_date=False) == "•••••• •••••"
    assert number.formatted == f"{number.digits[:6]} {number.digits[6:]}"


def test_agreement_with_the_birth_date_is_a_hint_and_a_d_number_gives_none() -> None:
    number = parse(synthetic(BORN), allow_synthetic=True)
    assert agrees_with_birth_date(number, BORN) is True
    assert agrees_with_birth_date(number, BORN + datetime.timedelta(days=1)) is False
    d_number = parse(synthetic(BORN, d_number=True), allow_synthetic=True)
    assert agrees_with_birth_date(d_number, BORN) is None


def test_nothing_here_tells_sex_or_age() -> None:
    known = {field.name for field in dataclasses.fields(NationalNumber)}
    known |= {name for name, value in vars(NationalNumber).items() if isinstance(value, property)}
    assert known == {"digits", "kind", "synthetic", "formatted"}
