"""Two transactions that work out access at once take turns, and end with what one would have written."""

import threading
import uuid

from django.db import transaction
from django.utils import timezone

from cases.admission import Grant, merged, refresh_access, wanted_rows
from cases.models import CaseAccess, Scope
from portal.timeframe import start_of, today
from tests.at_once import together
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World


def test_two_at_once_write_each_row_once(lasting: World) -> None:
    world = lasting
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt])
    expected = CaseAccess.objects.in_force(timezone.now()).filter(case=case).count()
    CaseAccess.objects.filter(case=case).delete()
    now, inside = timezone.now(), threading.Barrier(2)

    def work() -> None:
        with transaction.atomic():
            inside.wait(10)
            refresh_access(fresh(case), now)

    assert together(work, work) == [None, None]
    assert CaseAccess.objects.filter(case=case).count() == expected
    assert not CaseAccess.objects.filter(case=case, until__isnull=False, until__lte=now).exists()


def test_periods_that_meet_are_one() -> None:
    day = [start_of(today()).replace(hour=n) for n in range(6)]
    assert merged([(day[2], day[3]), (day[0], day[1]), (day[1], day[2])]) == [(day[0], day[3])]
    assert merged([(day[0], None), (day[1], day[2])]) == [(day[0], None)]
    assert merged([(day[0], day[1]), (day[2], None)]) == [(day[0], day[1]), (day[2], None)]


def test_items_are_cut_to_the_place_in_the_case() -> None:
    service, now = uuid.uuid4(), start_of(today())
    first, second, third = (now.replace(hour=n) for n in (1, 2, 3))
    item = Grant(service, "consent", Scope.ITEMS_HEALTH, until=third)
    assert wanted_rows([item], now) == {}
    place = Grant(service, "referrer:1", Scope.CASE, until=second, valid_from=first)
    rows = wanted_rows([item, place], now)
    (cut,) = [grant for grant in rows.values() if grant.scope == Scope.ITEMS_HEALTH]
    assert (cut.valid_from, cut.until) == (first, second)
    other = Grant(uuid.uuid4(), "holder", Scope.CASE)
    assert len(wanted_rows([item, other], now)) == 1
    longer = Grant(service, "referrer:1", Scope.CASE, until=third, valid_from=first)
    assert wanted_rows([place, longer], now) == wanted_rows([longer, place], now)
