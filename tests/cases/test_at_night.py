"""What the clock does in the cases: periods that run out, and standings that have drifted."""

import datetime as dt
import uuid
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.utils import timezone

from cases import rounds
from cases.actions import drift, lapsed
from cases.actions.drift import repair_standings
from cases.actions.lapsed import end_lapsed
from cases.actions.let_in import tell_begun
from cases.actions.participants import change_participation
from cases.casework import case_work
from cases.models import Case, Deadline, Notification, ObligationStatus, Participant, Task
from cases.tasks import check_standings, end_periods, tell_let_in
from portal.context import system_actor
from portal.models import AuditEvent, Role
from portal.timeframe import end_of, start_of, today
from referrals.models import Contribution
from tests.obligations.reading import everything, stands
from tests.referral_stories import a_referral, consented_case
from tests.referrals_intake.stories import a_question, small_received_referral
from tests.stories import a_case, consent, holder_actor, with_participants
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
    assert [record.__dict__["count"] for record in caplog.records if record.name == "cases.rounds"] == [1]


def test_every_case_is_looked_at_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    cases = [a_case(world, level=1, name=f"Barn {n}") for n in range(3)]
    ObligationStatus.objects.filter(case__in=cases, key="6.0").update(state="met")
    first = repair_standings(by=CLOCK)
    assert (first.cases, first.done) == (2, 2)
    second = repair_standings(by=CLOCK, after=first.last)
    assert (second.cases, second.done, second.last) == (1, 1, None)


def test_time_alone_is_seen_at_night(world: World) -> None:
    """Given a participant who was not asked, when its period runs out, then the night sees that it is not awaited."""
    referral = a_referral(world, consented_case(world, world.school, world.ppt), world.school)
    assert "Ikke spurt: PPT Fjordvik." in stands(referral.case, "6.1.1").gap
    ppt = Participant.objects.filter(case=referral.case, service=world.ppt)
    ppt.update(valid_until=today())
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert repair_standings(by=CLOCK, now=tomorrow).done == 1
    assert "PPT" not in stands(referral.case, "6.1.1").gap


def test_a_service_whose_period_is_out_has_left(world: World) -> None:
    """Given a school asked for a contribution, when its period runs out, then it is ended with the task and the
    deadline, in the name of who set the period, once."""
    referral = a_referral(world, consented_case(world, world.school), world.school)
    case = referral.case
    school = Participant.objects.filter(case=case, service=world.school)
    school.update(valid_until=today())
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert end_lapsed(by=CLOCK).done == 0
    assert [end_lapsed(by=CLOCK, now=tomorrow).done for _twice in range(2)] == [1, 0]
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


def test_a_full_batch_asks_for_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more cases than a batch holds, when one fails in the first batch, then the next is asked for all the same,
    and the last asks for no more."""
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    ids = sorted(a_case(world, level=1, name=f"Barn {n}").pk for n in range(3))
    asked: list[str] = []
    monkeypatch.setattr(check_standings, "delay", asked.append)
    monkeypatch.setattr(drift, "differences", lambda case, now: 1 // 0)
    check_standings()
    assert asked == [str(ids[1])]
    check_standings(asked[0])
    assert len(asked) == 1


@pytest.mark.parametrize("job", ["end_lapsed", "repair_standings"])
def test_a_case_that_fails_does_not_stop_the_night(world: World, monkeypatch: pytest.MonkeyPatch, job: str) -> None:
    """Given two cases with something to do, when the first of them fails, then the second is done all the same."""
    cases = sorted((consented_case(world, world.school, name=name) for name in ("Ada Fjord", "Bo Fjell")), key=by_id)
    Participant.objects.update(valid_until=today())
    ObligationStatus.objects.filter(key="6.0").update(state="met")
    module = {"end_lapsed": lapsed, "repair_standings": drift}[job]

    def failing(case_id: uuid.UUID, **given: Any) -> AbstractContextManager[Case]:
        if case_id == cases[0].pk:
            raise ValueError(case_id)
        return case_work(case_id, **given)

    monkeypatch.setattr(module, "case_work", failing)
    assert getattr(module, job)(by=CLOCK, now=timezone.now() + dt.timedelta(days=1)).done > 0
    ended = list(Participant.objects.filter(ended_at__isnull=False).values_list("case_id", flat=True))
    drifted = list(ObligationStatus.objects.filter(key="6.0", state="met").values_list("case_id", flat=True))
    assert (ended if job == "end_lapsed" else drifted) == [cases[1 if job == "end_lapsed" else 0].pk]


def by_id(case: Case) -> uuid.UUID:
    return case.pk


def test_who_moved_the_last_day_ended_it_and_the_holder_is_told(world: World) -> None:
    """Given a school that owes intake an answer, and a last day the holder's colleague set, when it passes, then
    the colleague ended the part, the clock did what follows, and the holder, who added the school, is told of it."""
    referral = small_received_referral(world, "Ada Fjord")
    question = a_question(world, referral)
    school = Participant.objects.get(case=referral.case, service=world.school)
    holder, colleague = (
        holder_actor(referral.case),
        world.actor(Role.COORDINATOR, referral.case.holder.service, "Kollega"),
    )
    assert school.added_by == holder.user
    said = {"purpose": school.purpose, "knows": school.knows}
    change_participation(participant=school, **said, valid_until=today(), by=colleague)
    assert end_lapsed(by=CLOCK, now=timezone.now() + dt.timedelta(days=1)).done == 1
    school.refresh_from_db()
    assert school.ended_by == colleague.user
    told = Notification.objects.filter(kind="information.cancelled")
    assert holder.user in {row.user for row in told}
    assert {row.told_by for row in told} == {None}
    question.refresh_from_db()
    assert question.cancelled_at is not None
    assert question.cancelled_by is None


@pytest.mark.parametrize("later", ["participation", "consent"])
def test_a_part_that_begins_later_is_told_on_its_first_day(world: World, later: str) -> None:
    """Given a participation, or a consent, from next week, when the day comes, then the service is told, once."""
    case, first = a_case(world, level=1), today() + dt.timedelta(days=7)
    from_then = {"valid_from": first}
    with_participants(case, world.school, **(from_then if later == "participation" else {}))
    consent(case, [world.school], **(from_then if later == "consent" else {}))
    told = Notification.objects.filter(user=world.teacher.user, kind="participant.added")
    assert tell_begun(by=CLOCK).cases == 0
    assert tell_begun(by=CLOCK, now=start_of(first) - dt.timedelta(minutes=1)).cases == 0
    morning = start_of(first) + dt.timedelta(hours=1)
    assert [tell_begun(by=CLOCK, now=morning).done for _twice in range(2)] == [1, 0]
    assert [notice.get_absolute_url() for notice in told] == [f"/saker/{case.pk}/"]


def test_a_part_that_came_to_begin_sooner_is_told_at_once_and_only_then(world: World) -> None:
    case, first = a_case(world, level=1), today() + dt.timedelta(days=7)
    with_participants(case, world.school)
    consent(case, [world.school], ["school"], valid_from=first)
    consent(case, [world.school], ["health"])
    assert Notification.objects.filter(user=world.teacher.user, kind="participant.added").count() == 1
    tell_let_in()
    assert tell_begun(by=CLOCK, now=start_of(first) + dt.timedelta(hours=1)).done == 0
