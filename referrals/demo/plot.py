"""Telling the demo story: each child is taken as far as its stage says, by the people whose turn it is."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cases.actions.inbox import read_notifications
from cases.inbox_reading import my_notifications
from cases.models import Case
from referrals.demo import endings, referral, story
from referrals.demo.crew import Clock, Crew
from referrals.demo.tale import Tale

# What is older than this, people have looked at.
READ_AFTER = dt.timedelta(days=10)


def read_what_is_old(crew: Crew) -> None:
    """Marks the notifications that people have long since seen, so that the newest stand out."""
    for actor in crew.everyone:
        for notice in my_notifications(actor).filter(read_on__isnull=True, told_at__lt=timezone.now() - READ_AFTER):
            read_notifications(by=actor, notification=notice, now=notice.told_at + dt.timedelta(days=1))


def tell(number: int, spec: dict[str, Any], crew: Crew) -> bool:
    """Tells one child's story. False when it was told before."""
    tale = Tale(spec, crew, Clock(int(spec["days"])), number)
    if Case.objects.filter(pk=tale.identity("case")).exists():
        return False
    story.concern(tale)
    chapters: dict[str, Callable[[Tale], None]] = {
        "level0": story.nothing,
        "level0_late": story.nothing,
        "unborn": story.nothing,
        "hidden": endings.hidden,
        "closed0": endings.no_reason,
        "level1": lambda tale: story.together(tale, 1),
        "level2": lambda tale: story.together(tale, 2),
        "level3": endings.emergency,
        "handover": endings.handover,
        "closed": endings.closed,
        "reopened": endings.reopened,
        "merged": endings.merged,
        "withdrawn_consent": endings.withdrawn_consent,
    }
    chapters.get(tale.stage, referral.tell)(tale)
    return True
