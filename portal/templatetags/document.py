"""Filters for documents rendered from a frozen snapshot: dates are ISO text, free text is what people wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

_BLANK_LINE = re.compile(r"\n\s*\n")
# A block this long is cut at a line or sentence end: layout time grows with the square of a paragraph's length.
_LONGEST = 2000
_CUT = re.compile(rf"\s*(.{{1,{_LONGEST}}}(?:[.!?:;]\s|\n|$)|.{{1,{_LONGEST}}}(?:\s|$)|.{{1,{_LONGEST}}})", re.DOTALL)


def _moment(value: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(value))


@register.filter
def isodate(value: str | None) -> str:
    """`2026-03-04` (or a datetime) as "4. mars 2026"; nothing for nothing."""
    if not value:
        return ""
    day = date.fromisoformat(value) if len(value) == len("2026-03-04") else _moment(value).date()
    return date_format(day, "j. F Y")


@register.filter
def isodatetime(value: str | None) -> str:
    """`2026-03-04T09:14:00+01:00` as "4. mars 2026 kl. 09.14", Norwegian time."""
    if not value:
        return ""
    moment = _moment(value)
    return _("%(date)s kl. %(time)s") % {"date": date_format(moment, "j. F Y"), "time": f"{moment:%H.%M}"}


@register.filter
def w3cdate(value: str) -> str:
    """A datetime to the second, as `dcterms.created` wants it."""
    return _moment(value).isoformat(timespec="seconds")


@register.filter
def national_number(value: str) -> str:
    """Eleven digits as people write them: "200146 91234"."""
    return f"{value[:6]} {value[6:]}" if len(value) == len("20014691234") else value


@register.filter
def paragraphs(value: str) -> SafeString:
    """Free text as paragraphs, each finding its own writing direction; single line breaks are kept."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    blocks = [piece for block in _BLANK_LINE.split(text) for piece in _pieces(block) if piece]
    return format_html_join("\n", '<p dir="auto">{}</p>', ((_lines(block),) for block in blocks))


def _pieces(block: str) -> list[str]:
    return [block.strip()] if len(block) <= _LONGEST else [found[1].strip() for found in _CUT.finditer(block)]


def _lines(block: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in block.split("\n")))


@register.filter
def answer(value: str, unknown: str) -> str:
    """`yes`, `no` or `unknown` in words; the words for unknown are the caller's ("Ukjent", "Ikke spurt")."""
    return {"yes": _("Ja"), "no": _("Nei")}.get(value, unknown)


@register.filter
def spoken_by(voices: list[Mapping[str, Any]], speaker: str) -> list[Mapping[str, Any]]:
    """The words of the child, or of the family; older documents do not tell them apart, and have them in one part."""
    return [voice for voice in voices if voice.get("speaker", "child") == speaker]


@register.filter
def consent_summary(snapshot: Mapping[str, Any]) -> str:
    """One line for the cover: is there a consent in force, and does one lack."""
    given = any(consent["status"] == "given" for consent in snapshot["consents"])
    if snapshot["consent_missing"]:
        return _("Gitt, men ikke av alle") if given else _("Mangler, med grunn")
    return _("Gitt") if given else _("Ikke registrert")
