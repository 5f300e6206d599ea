"""Norwegian order as a stored string, since the embedded PostgreSQL has no ICU.

A key is printable ASCII for a column with the collation "C". Æ, ø and å become ``{``, ``|`` and ``}``, the three
characters after z (the places they had in the Norwegian 7-bit character set). Between words stands ``-``, between
family and given name a space, which sorts first of all: «Berg» before «Berg Hansen» before «Bergan».

Choices, those of the Unicode locale data for Norwegian: upper and lower case are one; «aa» is å, foreign names
included (it cannot be known); ä is æ, ö and ő are ø, ü and ű are y, ð is d, þ is th. Other accents are folded, also
the Sámi letters (á č đ ï ŋ š ŧ ž sort as a c d i n s t z), so that people find a name where they look for it. Digits
come before letters. Letters of other scripts come last, by code point. Equal keys are possible (André, Andre): order
by the primary key next. A key is never longer than its column; names of other scripts that are alike that far sort as
equal.
"""

import unicodedata

AFTER_Z = {"æ": "{", "ä": "{", "ǽ": "{", "ø": "|", "ö": "|", "ő": "|", "ǿ": "|", "å": "}"}
FOLDED = {
    "ü": "y",
    "ű": "y",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ŋ": "n",
    "ŧ": "t",
    "ħ": "h",
    "ł": "l",
    "ı": "i",
    "œ": "oe",
    "ǥ": "g",
    "ʒ": "z",
    "ǯ": "z",
}
WORD_GAP = "-"
FIELD_GAP = " "
OTHER_SCRIPT = "~"
# The length of the columns that hold a key. A letter of another script takes seven characters.
LONGEST = 240


def sort_key(text: str) -> str:
    """The key of one name or title: ``sort_key("Åse-Marie Ødegård")`` is ``}se-marie-|deg}rd``."""
    words = _spaced(unicodedata.normalize("NFC", text.casefold())).split()
    return WORD_GAP.join(key for key in map(_word_key, words) if key)[:LONGEST]


def person_sort_key(family_name: str, given_name: str) -> str:
    """The key of a person: family name first, then given name."""
    return FIELD_GAP.join((sort_key(family_name), sort_key(given_name)))[:LONGEST]


def _spaced(text: str) -> str:
    """Dashes and slashes part words as white space does."""
    return "".join(" " if unicodedata.category(char) == "Pd" or char in "/_" else char for char in text)


def _word_key(word: str) -> str:
    return "".join(map(_letter_key, word.replace("aa", "å")))


def _letter_key(char: str) -> str:
    if char in AFTER_Z:
        return AFTER_Z[char]
    if char in FOLDED:
        return FOLDED[char]
    parts = unicodedata.normalize("NFKD", char)
    if parts != char:
        return "".join(map(_letter_key, parts))
    if char.isascii():
        return char if char.isalnum() else ""
    # What is no letter or digit (apostrophes, loose accents, emoji) has no place in an alphabet.
    return f"{OTHER_SCRIPT}{ord(char):06x}" if char.isalnum() else ""
