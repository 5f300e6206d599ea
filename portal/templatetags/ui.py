"""Small pieces of markup that templates share: icons, state tags, initials. A builtin: no `{% load %}` needed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.kept import labelled

register = template.Library()

SPRITE = "vendor/navikt-aksel-icons/icons.svg"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An Aksel icon by its name (one of static/portal/icons.txt). Decoration unless it is given a label."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            _sprite(),
            name,
        )
    return _decoration(name)


@cache
def _sprite() -> str:
    """Where the icons are. The static files of a running portal do not change."""
    return static(SPRITE)


@cache
def _decoration(name: str) -> SafeString:
    """A list draws the same few icons on every row."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', _sprite(), name
    )


@register.simple_tag
def tag(label: str, colour: str = "neutral", icon_name: str = "") -> SafeString:
    """A pill that says a state in words; colour and icon only repeat what the words say."""
    picture = icon(icon_name) if icon_name else ""
    return format_html('<span class="ds-tag" data-color="{}">{}{}</span>', colour, picture, label)


@register.simple_tag
def status_tag(state: str, looks: Mapping[str, tuple[str, str, str]]) -> SafeString:
    """The pill of a state, looked up in {state: (label, colour, icon)}. An unknown state shows itself, in grey."""
    label, colour, icon_name = looks.get(state, (state, "neutral", ""))
    return tag(label, colour, icon_name)


@register.filter
def error_target(field: BoundField) -> str:
    """The id of the first control of a field: radio groups have none of their own."""
    return getattr(field, "first_id", "") or field.id_for_label or field.auto_id


@register.filter
def kept_fields(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields of a kept text as (what the field is called, what was written)."""
    return labelled(fields)


@register.filter
def initials(name: Any) -> str:
    """«Kari Anne Nordmann» → «KN»; one name gives one letter."""
    words = str(name).replace("-", " ").split()
    return "".join(word[0] for word in dict.fromkeys([*words[:1], *words[-1:]])).upper()


@register.filter
def lead_in(label: Any) -> str:
    """«Kort tittel» → «Kort tittel:»; a question keeps its own mark."""
    text = str(label).rstrip()
    return text if text.endswith(("?", "!", ".", ":")) else f"{text}:"


@register.filter
def pages_around(page: Any) -> list[Any]:
    """The page numbers to show under a list: ends, neighbours, and an ellipsis where pages are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
