"""Dates as people say them. `{% load dates %}`."""

import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.templatetags.ui import icon

register = template.Library()

SOON_DAYS = 3
# The basis of a deadline rule that the community has not adopted.
SUGGESTED = "suggested"


@register.filter
def nb_date(value: datetime.date | datetime.datetime | None) -> str:
    """«3. september 2026», in the portal's time zone; nothing for no date."""
    return date_format(_local(value), "j. F Y") if value else ""


@register.filter
def nb_short(value: datetime.date | datetime.datetime | None) -> str:
    """«3. sept. 2026», for tables and side columns."""
    return date_format(_local(value), "j. N Y") if value else ""


@register.filter
def nb_datetime(value: datetime.datetime | None) -> str:
    """«i dag kl. 09.42», «i går kl. 09.42», else «3. september 2026 kl. 09.42»."""
    if not value:
        return ""
    return moment_words(value, timezone.localdate())


@register.filter
def nb_relative(value: datetime.date | datetime.datetime | None) -> str:
    """«i dag», «i morgen», «om 2 dager», «i går», «for 3 dager siden»."""
    return relative_words(_day(value), timezone.localdate()) if value else ""


@register.simple_tag
def due_tag(value: datetime.date | datetime.datetime | None, basis: str | None = "") -> SafeString | str:
    """The pill of a due date: red and «over fristen» when passed, yellow today and the next days, grey later.

    A date whose ``basis`` is «suggested» binds nobody: when it has passed, the pill is yellow and says so.
    """
    if not value:
        return ""
    day, today = _day(value), timezone.localdate()
    words, colour, icon_name = due_words(day, today, suggested=basis == SUGGESTED)
    return format_html(
        '<span class="ds-tag" data-color="{}">{}<time datetime="{}">{}</time></span>',
        colour,
        icon(icon_name),
        day.isoformat(),
        words,
    )


def moment_words(value: datetime.datetime, today: datetime.date) -> str:
    """What `nb_datetime` says, on the given day."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = date_format(local, "H.i")
    if local.date() == today:
        return _("i dag kl. %(clock)s") % {"clock": clock}
    if local.date() == today - datetime.timedelta(days=1):
        return _("i går kl. %(clock)s") % {"clock": clock}
    return _("%(date)s kl. %(clock)s") % {
        "date": date_format(local, "j. F Y"),
        "clock": clock,
    }


def relative_words(day: datetime.date, today: datetime.date) -> str:
    """What `nb_relative` says, on the given day."""
    days = (day - today).days
    near = {0: _("i dag"), 1: _("i morgen"), -1: _("i går")}
    if days in near:
        return near[days]
    if days > 0:
        return ngettext("om %(days)d dag", "om %(days)d dager", days) % {"days": days}
    return ngettext("for %(days)d dag siden", "for %(days)d dager siden", -days) % {"days": -days}


def due_words(day: datetime.date, today: datetime.date, *, suggested: bool = False) -> tuple[str, str, str]:
    """(words, colour, icon) of a due date, on the given day."""
    days = (day - today).days
    if days < 0 and suggested:
        passed = _("Veiledende frist passert %(when)s") % {"when": relative_words(day, today)}
        return passed, "warning", "HourglassTopFilled"
    if days < 0:
        late = ngettext("%(days)d dag over fristen", "%(days)d dager over fristen", -days) % {"days": -days}
        return late, "danger", "ExclamationmarkTriangleFill"
    if days == 0:
        return _("Frist i dag"), "warning", "HourglassTopFilled"
    if days <= SOON_DAYS:
        return (
            _("Frist %(when)s") % {"when": relative_words(day, today)},
            "warning",
            "HourglassTopFilled",
        )
    return (
        _("Frist %(date)s") % {"date": date_format(day, "j. F" if day.year == today.year else "j. F Y")},
        "neutral",
        "Calendar",
    )


def _local(
    value: datetime.date | datetime.datetime,
) -> datetime.date | datetime.datetime:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: datetime.date | datetime.datetime) -> datetime.date:
    local = _local(value)
    return local.date() if isinstance(local, datetime.datetime) else local
