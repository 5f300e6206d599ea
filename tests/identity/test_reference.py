"""References: written one way, read many ways, and a slip of the finger is caught."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.identity.reference import (
    ALPHABET,
    Reference,
    ReferenceFormatError,
    ReferenceProblem,
    format_reference,
    looks_like_reference,
    parse_reference,
)

EXAMPLE = "NT-2026-004217-K"
prefixes = st.text(ALPHABET, min_size=2, max_size=2)
references = st.builds(Reference, prefixes, st.integers(2000, 2999), st.integers(1, 999_999))


@given(references)
def test_what_is_written_is_read(reference: Reference) -> None:
    assert parse_reference(str(reference)) == reference
    assert format_reference(reference.prefix, reference.year, reference.number) == str(reference)


@pytest.mark.parametrize(
    "typed",
    [
        EXAMPLE,
        "nt-2026-004217-k",
        "NT2026004217K",
        "nt 2026 4217 k",
        "  NT–2026–004217–K ",
        "NT-2026-4217K",
        "nt20264217k",
        "NT\u00a02026\u00a0004217 K",
    ],
)
def test_it_is_read_however_it_was_typed(typed: str) -> None:
    assert str(parse_reference(typed)) == EXAMPLE
    assert looks_like_reference(typed)


@given(references, st.integers(0, 12), st.sampled_from(ALPHABET + "0123456789"))
def test_every_single_wrong_character_is_caught(reference: Reference, position: int, char: str) -> None:
    bare = str(reference).replace("-", "")
    assume(bare[position] != char)
    with pytest.raises(ReferenceFormatError):
        parse_reference(bare[:position] + char + bare[position + 1 :])


@given(references, st.integers(0, 11), st.integers(0, 11))
def test_every_swap_of_two_characters_is_caught_neighbours_or_not(reference: Reference, one: int, two: int) -> None:
    chars = list(str(reference).replace("-", ""))
    assume(chars[one] != chars[two])
    chars[one], chars[two] = chars[two], chars[one]
    with pytest.raises(ReferenceFormatError):
        parse_reference("".join(chars))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ReferenceProblem.EMPTY),
        (" - ", ReferenceProblem.EMPTY),
        ("NT-2026-004217", ReferenceProblem.SHAPE),
        ("Nora Testesen", ReferenceProblem.SHAPE),
        ("NT-1999-004217-K", ReferenceProblem.SHAPE),
        ("NT-2026-0042170-K", ReferenceProblem.SHAPE),
        ("NT-2026-000000-K", ReferenceProblem.SHAPE),
        ("NT_2026_004217_K", ReferenceProblem.SHAPE),
        ("NT-٢٠٢٦-004217-K", ReferenceProblem.SHAPE),
        ("X" * 200_000, ReferenceProblem.SHAPE),
        ("NT-2026-004217-I", ReferenceProblem.LETTER),
        ("OT-2026-004217-K", ReferenceProblem.LETTER),
        ("NT-2026-004217-L", ReferenceProblem.CHECK),
        ("NT-2026-004271-K", ReferenceProblem.CHECK),
    ],
)
def test_each_kind_of_mistake_has_its_own_message(text: str, expected: ReferenceProblem) -> None:
    with pytest.raises(ReferenceFormatError) as caught:
        parse_reference(text)
    assert caught.value.code is expected
    assert str(caught.value.message)


@pytest.mark.parametrize(
    ("prefix", "year", "number"),
    [("nt", 2026, 1), ("NO", 2026, 1), ("N", 2026, 1), ("NT", 1999, 1), ("NT", 2026, 0), ("NT", 2026, 1_000_000)],
)
def test_what_cannot_be_a_reference_is_not_made(prefix: str, year: int, number: int) -> None:
    with pytest.raises(ValueError, match=r"prefix|number"):
        format_reference(prefix, year, number)


def test_a_wrong_check_letter_still_looks_like_a_reference() -> None:
    assert looks_like_reference("NT-2026-004217-L")
    assert not looks_like_reference("158315 50039")
    assert not looks_like_reference("Ola")
