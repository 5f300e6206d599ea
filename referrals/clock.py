"""The legal clock of intake (pbrl § 2-2): working days from the first receipt. Only the decision stops it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guideline.deadlines import due_on
from guideline.schema import Edition
from guideline.workdays import ONE_DAY, add_working_days, working_days_between
from portal.timeframe import today as day_of
from referrals.models import Referral

RULE = "intake_assessment"
# So many working days left or fewer, and the clock is shown as running out.
SOON = 3


@dataclass(frozen=True)
class Clock:
    """Where the clock of one referral stands on a day.

    ``state`` is waiting (receipt not registered), running, soon, late or stopped; ``left`` is working days, negative
    when the date has passed, and None while waiting or stopped.
    """

    state: str
    total: int
    due_on: dt.date | None = None
    left: int | None = None
    used: int = 0
    words: str = ""

    @property
    def colour(self) -> str:
        """The colour of its tag, which only repeats what the words say."""
        return {"waiting": "info", "running": "neutral", "soon": "warning", "late": "danger", "stopped": "success"}[
            self.state
        ]

    @property
    def icon(self) -> str:
        """The icon of its tag."""
        icons = {
            "waiting": "Inbox",
            "running": "Clock",
            "soon": "HourglassTopFilled",
            "late": "ExclamationmarkTriangleFill",
            "stopped": "CheckmarkCircle",
        }
        return icons[self.state]

    @property
    def shown_left(self) -> int:
        """The number shown large: days left, or days past the date."""
        return abs(self.left or 0)


def clock_of(referral: Referral, edition: Edition, today: dt.date, decided_on: dt.date | None = None) -> Clock:
    """The clock of a referral on a day; ``decided_on`` stops it. No statement."""
    rule = edition.deadlines[RULE]
    total = rule.amount or 0
    first = referral.first_received_on
    if first is None:
        return Clock("waiting", total, words=_sent_words(referral, today))
    due = due_on(rule, first)
    assert due is not None
    if decided_on is not None:
        used = working_days_between(first, decided_on)
        words = ngettext("Vurdert etter %(n)s virkedag", "Vurdert etter %(n)s virkedager", used) % {"n": used}
        return Clock("stopped", total, due, None, used, words)
    used = max(0, working_days_between(first, today))
    if today > due:
        over = working_days_between(due, today)
        return Clock("late", total, due, -over, used, _late_words(over))
    left = working_days_between(today, due)
    return Clock("soon" if left <= SOON else "running", total, due, left, used, _left_words(left))


def latest_receipt_due_by(edition: Edition, day: dt.date) -> dt.date:
    """The newest date of receipt whose clock has run out by the end of ``day``: a list can count in one statement."""
    rule = edition.deadlines[RULE]
    received = add_working_days(day, -(rule.amount or 0)) + 7 * ONE_DAY
    while (due := due_on(rule, received)) is not None and due > day:
        received -= ONE_DAY
    return received


def _sent_words(referral: Referral, today: dt.date) -> str:
    if referral.sent_at is None:
        return ""
    days = working_days_between(day_of(referral.sent_at), today)
    if days <= 0:
        return _("Kom i dag, mottak ikke registrert")
    return ngettext("Mottak ikke registrert på %(n)s virkedag", "Mottak ikke registrert på %(n)s virkedager", days) % {
        "n": days
    }


def _left_words(left: int) -> str:
    if left == 0:
        return _("Siste dag i dag")
    return ngettext("%(n)s virkedag igjen", "%(n)s virkedager igjen", left) % {"n": left}


def _late_words(over: int) -> str:
    if over == 0:
        return _("Fristen er gått ut")
    return ngettext("%(n)s virkedag over fristen", "%(n)s virkedager over fristen", over) % {"n": over}
