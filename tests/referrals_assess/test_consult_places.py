"""A named consultation waits in the department's inbox only while the department may read it."""

import datetime as dt
import uuid
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.closing import close_case
from cases.actions.consent import withdraw_consent
from cases.casework import case_work
from cases.following import follow_access
from cases.models import Case, CaseAccess, Consent, Deadline, Notification, Task
from portal.context import system_actor
from portal.states import MovedOn
from portal.timeframe import end_of, today
from referrals import settling
from referrals.actions.consult import answer_consultation, ask_department
from referrals.models import Consultation
from referrals.settling import settle
from tests.referrals_assess.stories import url
from tests.stories import a_case, consent, fresh, holder_actor
from tests.world import World

QUESTION = "Skolevegring siden høsten. Bør barnet henvises?"
JOB = system_actor("test")


def asked(world: World, **given: object) -> Consultation:
    case = a_case(world, level=1)
    consent(case, [world.bup], ["health"], **given)
    assert world.intake.service == world.bup
    return ask_department(case=fresh(case), department=world.bup, question=QUESTION, nameless=False,
                          by=world.coordinator)  # fmt: skip


def waiting(found: Consultation) -> list[Task]:
    return list(Task.objects.filter(kind="consultation.answer", subject_id=found.pk, closed_at__isnull=True))


def told(kind: str, **given: object) -> int:
    return Notification.objects.filter(kind=kind, **given).count()


def case_of(found: Consultation) -> Case:
    assert found.case is not None
    return fresh(found.case)


def test_the_task_goes_with_the_consent_and_the_holder_is_told(world: World) -> None:
    found = asked(world)
    assert len(waiting(found)) == 1
    withdraw_consent(consent=Consent.objects.get(), by=world.coordinator)
    assert not waiting(found)
    assert Task.objects.get(kind="consultation.answer").close_reason == "cancelled"
    assert Deadline.objects.get(rule="consultation_answer").state == "cancelled"
    # Also when the holder was the one who took the consent back.
    assert told("consultation.closed", user=holder_actor(case_of(found)).user) == 1
    assert QUESTION not in world.client(world.intake).get("/innboks/").content.decode()
    assert url("consultation", found.pk) not in world.client(world.intake).get("/innboks/").content.decode()
    page = world.client(world.coordinator).get(url("consultation", found.pk)).content.decode()
    assert "Drøftingen står ubesvart" in page


def test_it_comes_back_with_the_consent_and_can_be_answered(world: World) -> None:
    found = asked(world)
    withdraw_consent(consent=Consent.objects.get(), by=world.coordinator)
    consent(case_of(found), [world.bup], ["health"])
    task = waiting(found)[0]
    assert (task.service, task.due_on) == (world.bup, found.due_on)
    assert Deadline.objects.get(rule="consultation_answer").state == "open"
    assert told("consultation.asked", user=world.intake.user) == 2
    client = world.client(world.intake)
    assert url("consultation", found.pk) in client.get("/innboks/").content.decode()
    assert client.get(url("consultation", found.pk)).status_code == 200
    page = world.client(world.coordinator).get(url("consultation", found.pk)).content.decode()
    assert "Drøftingen står ubesvart" not in page
    answer_consultation(consultation=Consultation.objects.get(), answer="refer", answer_text="Henvis.", by=world.intake)
    withdraw_consent(consent=Consent.objects.get(withdrawn_at__isnull=True), by=world.coordinator)
    assert not waiting(found)
    assert told("consultation.closed") == 1


def test_another_write_in_the_case_changes_nothing(world: World) -> None:
    found = asked(world)
    consent(case_of(found), [world.school], ["school"])
    assert len(waiting(found)) == 1
    assert (told("consultation.asked", user=world.intake.user), told("consultation.closed")) == (1, 0)


def test_consent_that_passes_its_last_day_is_noticed_by_the_clock(world: World) -> None:
    last = today() + dt.timedelta(days=5)
    found = asked(world, valid_until=last)
    assert settle(by=JOB).done == 0
    after = end_of(last) + dt.timedelta(minutes=1)
    assert not CaseAccess.objects.in_force(after).filter(scope="consultation").exists()
    assert settle(by=JOB, now=after).done == 1
    assert not waiting(found)
    assert settle(by=JOB, now=after).done == 0
    assert told("consultation.closed") == 1


def test_a_nameless_one_stays_and_a_case_is_not_closed_while_one_waits(world: World) -> None:
    case = a_case(world, level=1)
    nameless = ask_department(case=case, department=world.bup, question=QUESTION, by=world.coordinator)
    consent(fresh(case), [world.bup], ["health"])
    withdraw_consent(consent=Consent.objects.get(), by=world.coordinator)
    assert len(waiting(nameless)) == 1
    found = asked(world)
    with pytest.raises(MovedOn, match="ikke svart på drøftingen"):
        close_case(case=case_of(found), code="moved", reason="Flyttet.", by=holder_actor(case_of(found)))
    assert len(waiting(found)) == 1
    assert settle(by=JOB, now=timezone.now()).done == 0


def test_following_costs_a_write_one_statement_beside_the_role(world: World) -> None:
    """Given a case with a consultation where all is as it should be, then a write in it reads that at once."""
    case = case_of(asked(world))
    with CaptureQueriesContext(connection) as caught:
        follow_access(case, JOB, timezone.now())
    assert ["set_config" in query["sql"] for query in caught] == [True, False, True]


def test_a_case_that_fails_does_not_hold_back_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given two cases whose consent ran out, when the first of them fails, then the other is settled by the clock."""
    last = today() + dt.timedelta(days=5)
    both = sorted((asked(world, valid_until=last) for _twice in range(2)), key=lambda one: str(one.case_id))

    def failing(case_id: uuid.UUID, **given: Any) -> AbstractContextManager[Case]:
        if case_id == both[0].case_id:
            raise ValueError(case_id)
        return case_work(case_id, **given)

    monkeypatch.setattr(settling, "case_work", failing)
    batch = settle(by=JOB, now=end_of(last) + dt.timedelta(minutes=1))
    assert (batch.cases, batch.done) == (2, 1)
    assert [len(waiting(found)) for found in both] == [1, 0]
