"""From a deadline rule to a date, to words, and to reminders. Whether a date has passed is derived, never stored."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guideline.schema import DeadlineRule, Ladder, LadderStep
from guideline.vocabulary import Basis, Direction, Unit
from guideline.workdays import add_working_days


def due_on(rule: DeadlineRule, anchor: date | datetime | None, item_date: date | None = None) -> date | None:
    """The date ``rule`` gives, counted from ``anchor`` (a moment counts as its date in Norway).

    ``item_date`` is the date a person set, for the rules that count nothing (a measure's own follow-up, the date of a
    treatment right). None where what the rule needs is not there yet.
    """
    if not rule.unit.counted:
        return item_date
    start = local_day(anchor)
    if start is None or rule.amount is None:
        return None
    amount = -rule.amount if rule.direction is Direction.BEFORE else rule.amount
    if rule.unit is Unit.WORKING_DAYS:
        return add_working_days(start, amount)
    if rule.unit is Unit.YEARS:
        return birthday(start, amount)
    return start + timedelta(days=amount * (7 if rule.unit is Unit.WEEKS else 1))


def in_sight_from(rule: DeadlineRule | None, due: date) -> date | None:
    """The first day a date is worth showing; None when it always is. What is to be done some time before a day that may
    be years ahead (renewing a consent) is shown as long beforehand as it is to be done before that day."""
    if rule is None or rule.direction is not Direction.BEFORE:
        return None
    return due_on(rule, due)


def is_late(due: date | None, met_at: date | datetime | None, basis: Basis | None, today: date) -> bool:
    """Whether the date passed unmet, or was met after it. Only law and adopted rules (§ design) make anything late."""
    if due is None or basis is None or not basis.binding:
        return False
    return (local_day(met_at) or today) > due


def reminder_dates(ladder: Ladder, due: date) -> list[tuple[date, LadderStep]]:
    """When each step of the ladder is due, in working days from ``due``, earliest first."""
    dates = [(add_working_days(due, step.offset), step) for step in ladder.steps.values()]
    return sorted(dates, key=lambda pair: (pair[0], pair[1].offset))


def in_words(rule: DeadlineRule) -> str:
    """The rule as people say it: «10 virkedager etter at tjenesten ble spurt»."""
    if rule.words:
        return rule.words
    if rule.amount is None:
        return rule.anchor_text
    return f"{amount_in_words(rule.unit, rule.amount)} {rule.anchor_text}"


def amount_in_words(unit: Unit, amount: int) -> str:
    """«10 virkedager», «1 uke»."""
    if unit is Unit.DAYS:
        return ngettext("%(n)s dag", "%(n)s dager", amount) % {"n": amount}
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(n)s virkedag", "%(n)s virkedager", amount) % {"n": amount}
    if unit is Unit.WEEKS:
        return ngettext("%(n)s uke", "%(n)s uker", amount) % {"n": amount}
    return _("%(n)s år") % {"n": amount}


def step_in_words(step: LadderStep) -> str:
    """«3 virkedager før fristen», «På fristdagen»."""
    if step.offset == 0:
        return _("På fristdagen")
    amount = amount_in_words(Unit.WORKING_DAYS, step.working_days)
    words = _("%(amount)s før fristen") if step.offset < 0 else _("%(amount)s etter fristen")
    return words % {"amount": amount}


def local_day(moment: date | datetime | None) -> date | None:
    """The date in Norway of a date or a moment."""
    if isinstance(moment, datetime):
        return timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
    return moment


def birthday(born: date, years: int) -> date:
    """The day a person turns ``years``; born on 29 February counts as the 28th, so nobody is reminded late."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return born.replace(year=born.year + years, day=28)
