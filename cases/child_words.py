"""How a child is spoken of on a page: age in years, months or weeks to go, always from the birth date."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Child


def age_words(child: Child, today: dt.date) -> str:
    """«7 år», «8 måneder», «nyfødt», or «ikke født, termin 3. mars 2027»."""
    years = child.age_on(today)
    if years is None or child.birth_date is None:
        due = date_format(child.due_date, "j. F Y") if child.due_date else ""
        return _("Ikke født, termin %(date)s") % {"date": due}
    if years >= 2:
        return _("%(years)s år") % {"years": years}
    born = child.birth_date
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 1:
        return _("Nyfødt")
    return ngettext("%(n)s måned", "%(n)s måneder", months) % {"n": months}
