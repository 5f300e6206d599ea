"""Characters on their way into a document."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from portal.pdf.render import render_pdf
from portal.pdf.text import clean_markup, direction, printable, script_language
from portal.templatetags.document import paragraphs
from tests.pdf import sample


@pytest.mark.parametrize("text", [sample.NORWEGIAN, sample.SAMI, sample.CYRILLIC, sample.ARABIC, "می‌خواهم، ۱۲۳؟"])
def test_the_languages_of_the_place_are_printed_as_written(text: str) -> None:
    replaced: Counter[str] = Counter()
    assert printable(text, replaced) == text
    assert not replaced


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Hei 😀", "Hei [tegn U+1F600]"),
        ("👩\u200d👧", "[tegn U+1F469 U+1F467]"),
        ("❤\ufe0f", "❤"),
        ("⚡", "[tegn U+26A1]"),
        ("a\u030a", "å"),
        ("ﻻ Ａ 𝐀", "ﻻ A A"),
        ("skjult\u202e\u200bord", "skjultord"),
        ("ก" * 10, f"[tegn {' '.join(['U+0E01'] * 8)} og 2 til]"),
    ],
)
def test_what_cannot_be_drawn_is_named_and_never_dropped(written: str, shown: str) -> None:
    assert printable(written, Counter()) == shown


def test_controls_and_lone_surrogates_never_reach_the_parser() -> None:
    assert clean_markup("a\0b\x08c\r\nd\u2028e\ud83d") == "abc\nd\ne[tegn U+D83D]"


@pytest.mark.parametrize(
    ("text", "way", "language"),
    [
        ("(1) Hei", "ltr", ""),
        ("12 ابنتي", "rtl", "und-Arab"),
        ("Привіт", "ltr", "und-Cyrl"),
        ("…", "ltr", ""),
        ("Mor sier: ليلى", "ltr", ""),
    ],
)
def test_direction_and_script_follow_the_letters(text: str, way: str, language: str) -> None:
    assert (direction(text), script_language(text)) == (way, language)


def test_random_characters_neither_warn_nor_borrow_a_font() -> None:
    dice = random.Random(7)
    ranges = ((0x20, 0x3000), (0x20, 0x20000), (0x600, 0x700), (0x300, 0x370), (0x2000, 0x2070))
    text = "".join(chr(dice.randrange(*dice.choice(ranges))) for _ in range(3000))
    html = f'<html><body style="font-family: Portal Inter, Portal Vazirmatn">{paragraphs(text)}</body></html>'
    assert render_pdf(html, title="Tilfeldig").pages >= 1


def test_paragraphs_keep_lines_and_lose_nothing() -> None:
    assert paragraphs("a\nb\r\n\r\n<c>\n") == '<p dir="auto">a<br>b</p>\n<p dir="auto">&lt;c&gt;</p>'
    long = "Ord og mellomrom. " * 1000
    assert paragraphs(long).count("Ord") == 1000
    assert paragraphs("") == ""
