"""What people write, made printable without lying: no glyph is ever silently dropped or drawn as an empty box."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

from django.utils.translation import gettext as _

from portal.pdf.assets import covered

# Drawn by an emoji font of the machine when there is one, although Inter has a glyph (Unicode Emoji_Presentation, BMP).
_EMOJI = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be"
    "\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757"
    "\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001faff"
)
# Nothing to see in them: controls, bidi overrides (which can turn a sentence around), selectors, joiners, soft hyphen.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_JOINER = re.compile("(?<![\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc])[\u200c\u200d](?![\u0600-\u08ff])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 8


def clean_markup(html: str) -> str:
    """Remove from raw HTML what no parser should see: NUL and other controls; lone surrogates become a marker."""
    html = _NEWLINE.sub("\n", html)
    return _SURROGATE.sub(lambda found: _marker(found[0]), _INVISIBLE.sub("", html))


@cache
def _undrawable() -> re.Pattern[str]:
    points = sorted(covered() | set(b"\t\n\r ") | {0x200C, 0x200D})
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    drawn = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
    return re.compile(f"(?:[^{drawn}]|[{_EMOJI}])+")


def _marker(run: str) -> str:
    codes = [f"U+{ord(character):04X}" for character in run]
    shown = " ".join(codes[:_SHOWN])
    if len(codes) > _SHOWN:
        shown += " " + _("og %(count)d til") % {"count": len(codes) - _SHOWN}
    return f"[{_('tegn')} {shown}]"


def printable(text: str, replaced: Counter[str]) -> str:
    """Return `text` in NFC with every character our fonts lack shown as `[tegn U+1F600]`.

    A compatibility form that can be drawn is drawn (ﻻ, Ａ, 𝐀). `replaced` counts the code points that could not.
    """
    if text.isascii():
        return _INVISIBLE.sub("", text)
    text = _JOINER.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    pattern = _undrawable()

    def show(found: re.Match[str]) -> str:
        run = found[0]
        plain = unicodedata.normalize("NFKC", run)
        if plain and not pattern.search(plain):
            return plain
        replaced.update(f"U+{ord(character):04X}" for character in run)
        return _marker(run)

    return pattern.sub(show, text)


def direction(text: str) -> str:
    """`rtl` or `ltr` after the first strong character, as HTML's `dir="auto"` does."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def script_language(text: str) -> str:
    """A language tag naming the script when most letters are not Latin: the language itself is not ours to guess."""
    counts = Counter(
        "und-Arab" if "\u0600" <= letter <= "\u08ff" else "und-Cyrl" if "\u0400" <= letter <= "\u052f" else ""
        for letter in text
        if letter.isalpha()
    )
    return counts.most_common(1)[0][0] if counts else ""
