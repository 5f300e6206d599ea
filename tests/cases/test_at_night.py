"""What the clock does in the cases: periods that run out, and standings that have drifted."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.actions import drift
from cases.actions.drift import repair_standings
from cases.actions.lapsed import end_lapsed
from cases.models import Deadline, ObligationStatus, Participant, Task
from cases.tasks import check_standings, end_periods
from portal.context import system_actor
from portal.models import AuditEvent
from portal.timeframe import end_of, today
from referrals.models import Contribution
from tests.obligations.reading import everything, stands
from tests.referral_stories import a_referral, consented_case
from tests.stories import a_case
from tests.world import World

CLOCK = system_actor("natt")


def test_a_row_changed_by_hand_is_found_counted_and_mended(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Given a standing that somebody wrote past the actions, when night comes, then it is as the facts say, and the log
    has a number and no names."""
    case = a_case(world, level=1)
    a_case(world, level=1, name="Bo Fjell")
    before = everything(case)
    assert check_standings() == 0
    ObligationStatus.objects.filter(case=case, key="6.0").update(state="met", gap="")
    assert check_standings() == 1
    assert everything(case) == before
    assert check_standings() == 0
    assert "Ada" not in caplog.text
    assert [record.__dict__["count"] for record in caplog.records if record.name == "cases.housekeeping"] == [1]


def test_every_case_is_looked_at_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "AT_ONCE", 2)
    cases = [a_case(world, level=1, name=f"Barn {n}") for n in range(3)]
    ObligationStatus.objects.filter(case__in=cases, key="6.0").update(state="met")
    first = repair_standings(by=CLOCK)
    assert (first.cases, first.drifted) == (2, 2)
    second = repair_standings(by=CLOCK, after=first.last)
    assert (second.cases, second.drifted, second.last) == (1, 1, None)


def test_time_alone_is_seen_at_night(world: World) -> None:
    """Given a participant who was not asked, when its period runs out, then the night sees that it is not awaited."""
    referral = a_referral(world, consented_case(world, world.school, world.ppt), world.school)
    assert "Ikke spurt: PPT Fjordvik." in stands(referral.case, "6.1.1").gap
    ppt = Participant.objects.filter(case=referral.case, service=world.ppt)
    ppt.update(valid_until=today())
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert repair_standings(by=CLOCK, now=tomorrow).drifted == 1
    assert "PPT" not in stands(referral.case, "6.1.1").gap


def test_a_service_whose_period_is_out_has_left(world: World) -> None:
    """Given a school asked for a contribution, when its period runs out, then it is ended with the task and the
    deadline, in the name of who set the period, once."""
    referral = a_referral(world, consented_case(world, world.school), world.school)
    case = referral.case
    school = Participant.objects.filter(case=case, service=world.school)
    school.update(valid_until=today())
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert end_lapsed(by=CLOCK) == 0
    assert [end_lapsed(by=CLOCK, now=tomorrow), end_lapsed(by=CLOCK, now=tomorrow)] == [1, 0]
    row = school.get()
    assert (row.ended_at, row.ended_by, row.end_reason) == (end_of(today()), row.added_by, "Perioden gikk ut.")
    contribution = Contribution.objects.get(referral=referral)
    assert contribution.state == "cancelled"
    assert not Task.objects.filter(subject_id=contribution.pk, closed_at__isnull=True).exists()
    assert Deadline.objects.get(subject_id=contribution.pk).state == "cancelled"
    assert "Fjordvik skole" not in stands(case, "6.1.1").gap
    event = AuditEvent.objects.get(verb="participant.ended")
    assert (event.user_id, event.detail["period"]) == (None, True)


def test_the_clock_runs_it(world: World) -> None:
    case = consented_case(world, world.school)
    yesterday = today() - dt.timedelta(days=1)
    Participant.objects.filter(case=case).update(valid_from=yesterday, valid_until=yesterday)
    end_periods()
    assert Participant.objects.get(case=case).ended_at is not None
