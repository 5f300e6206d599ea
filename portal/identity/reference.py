"""References people read, write and say aloud: ``NT-2026-004217-K``.

Two letters for the health community, the year, a running number of six digits, and a check letter. Only 23 letters
are used: I, O and Q are left out, since they are taken for 1 and 0. 23 is a prime, so with the letters numbered 0–22,
the rule

    1·check + 2·p₁ + 3·p₂ + 4·y₁ + … + 13·n₆ ≡ 9  (mod 23)

whose weights are all different and none a multiple of 23, catches every single wrong character and every swap of two
characters (neighbours or not) in the twelve before the letter. The constant only makes the example above valid.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ"
MODULUS = len(ALPHABET)
CONSTANT = 9
HIGHEST_NUMBER = 999_999
SHAPE = re.compile(r"([A-Z]{2})(2\d{3})(\d{1,6})([A-Z])", re.ASCII)
VALID_PREFIX = re.compile(f"[{ALPHABET}]{{2}}")


class ReferenceProblem(StrEnum):
    """Why a text is no reference."""

    EMPTY = "empty"
    SHAPE = "shape"
    LETTER = "letter"
    CHECK = "check"


MESSAGES: "dict[ReferenceProblem, _StrPromise]" = {
    ReferenceProblem.EMPTY: _("Skriv en referanse, for eksempel NT-2026-004217-K."),
    ReferenceProblem.SHAPE: _("En referanse har to bokstaver, år, nummer og en kontrollbokstav: NT-2026-004217-K."),
    ReferenceProblem.LETTER: _("Bokstavene I, O og Q brukes ikke i referanser. Se om det skal være 1 eller 0."),
    ReferenceProblem.CHECK: _("Kontrollbokstaven stemmer ikke. Se om et tegn er feil eller to tegn er byttet om."),
}


class ReferenceFormatError(ValueError):
    """The text cannot be read as a reference."""

    def __init__(self, code: ReferenceProblem) -> None:
        super().__init__(code.value)
        self.code = code
        self.message = MESSAGES[code]


@dataclass(frozen=True, order=True)
class Reference:
    """A reference in parts; ``str`` writes it out."""

    prefix: str
    year: int
    number: int

    def __post_init__(self) -> None:
        if not VALID_PREFIX.fullmatch(self.prefix):
            raise ValueError("a prefix is two capital letters other than I, O and Q")
        if not (2000 <= self.year <= 2999 and 1 <= self.number <= HIGHEST_NUMBER):
            raise ValueError("year must be 2000–2999 and number 1–999999")

    @property
    def letter(self) -> str:
        """The check letter."""
        values = [ALPHABET.index(char) for char in self.prefix] + [int(d) for d in f"{self.year}{self.number:06d}"]
        total = sum(weight * value for weight, value in enumerate(values, start=2))
        return ALPHABET[(CONSTANT - total) % MODULUS]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.number:06d}-{self.letter}"


def format_reference(prefix: str, year: int, number: int) -> str:
    """The reference of a running number. Raises `ValueError` outside 2000–2999, 1–999999 and the 23 letters."""
    return str(Reference(prefix, year, number))


def parse_reference(text: str) -> Reference:
    """The reference in a text, however it was typed: lower case, without dashes or leading zeros, with spaces.

    Raises `ReferenceFormatError` with a message for the person who typed it.
    """
    bare = _bare(text)
    if not bare:
        raise ReferenceFormatError(ReferenceProblem.EMPTY)
    match = SHAPE.fullmatch(bare)
    if match is None or int(match[3]) == 0:
        raise ReferenceFormatError(ReferenceProblem.SHAPE)
    prefix, year, number, letter = match.groups()
    if set(prefix + letter) - set(ALPHABET):
        raise ReferenceFormatError(ReferenceProblem.LETTER)
    reference = Reference(prefix, int(year), int(number))
    if reference.letter != letter:
        raise ReferenceFormatError(ReferenceProblem.CHECK)
    return reference


def looks_like_reference(text: str) -> bool:
    """Whether a search text has the shape of a reference, right or wrong check letter."""
    return SHAPE.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    """Capital letters and digits; white space and every sort of dash gone, anything else kept so that it is refused."""
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Pd").upper()
