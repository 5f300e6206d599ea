"""Opening a case: what is written, who sees it, and what a repeat does."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from cases.access import cases_for
from cases.actions.open import open_case
from cases.models import Case, Child, Concern, Deadline, LevelChange, Task
from cases.national_number import read, reveal
from portal.access import Denied
from portal.answering import Invalid
from portal.identity.fnr import synthetic
from portal.ids import uuid7
from portal.models import AuditEvent, Role, StateChange
from tests.stories import BORN, a_case, fresh
from tests.world import World

WORDS = {"seen_and_heard": "Er mye alene.", "how_long": "to uker", "shared_with": "rektor"}


def test_a_case_starts_on_level_0_with_its_holder_and_its_first_deadline(world: World) -> None:
    case = a_case(world, informed=False, by=world.teacher)
    assert (case.level, case.state, case.holder, case.opened_in) == (0, "open", world.teacher.membership, world.school)
    assert case.reference.startswith("NT-")
    assert Concern.objects.get(case=case).service == world.school
    assert list(LevelChange.objects.filter(case=case).values_list("from_level", "to_level")) == [(None, 0)]
    task, deadline = Task.objects.get(case=case), Deadline.objects.get(case=case)
    assert (task.kind, task.service, deadline.rule, deadline.task) == (
        "level0.decide",
        world.school,
        "level0_decision",
        task,
    )
    assert task.due_on == deadline.due_on == timezone.localdate() + dt.timedelta(days=14)
    assert StateChange.objects.filter(process="case", subject_id=case.pk, to_state="open").exists()
    event = AuditEvent.objects.get(verb="case.opened")
    assert (event.case_id, event.child_id, event.user_id) == (case.pk, case.child_id, world.teacher.user.pk)
    assert "Ada" not in str(event.detail)


def test_level_0_is_seen_by_its_own_service_alone(world: World) -> None:
    case = a_case(world, informed=False, by=world.teacher)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    assert case in cases_for(colleague)
    for other in (world.coordinator, world.doctor, world.intake, world.actor(Role.CONTRIBUTOR, world.ppt)):
        assert case not in cases_for(other)
        assert world.client(other).get(f"/saker/{case.pk}/").status_code == 404


def test_references_run_without_gaps(world: World) -> None:
    numbers = [int(a_case(world, name=f"Barn {n}").reference.split("-")[2]) for n in range(3)]
    assert numbers == [1, 2, 3]


def test_a_double_click_gives_one_case(world: World) -> None:
    token = uuid7()
    made = [open_case(case_id=token, child_name="Bo", birth_date=BORN, by=world.teacher, **WORDS) for _time in range(2)]
    assert made[0].pk == made[1].pk == token
    assert Case.objects.count() == Child.objects.count() == Task.objects.count() == 1


def test_the_token_of_anothers_case_is_refused_and_says_nothing(world: World) -> None:
    case = a_case(world)
    with pytest.raises(Invalid):
        open_case(case_id=case.pk, child_name="Bo", birth_date=BORN, by=world.teacher, **WORDS)


def test_an_unborn_child_has_a_due_date_and_no_age(world: World) -> None:
    due = timezone.localdate() + dt.timedelta(days=90)
    case = a_case(world, name="Ufødt barn av Kari Fjord", birth_date=None, due_date=due)
    assert case.child.age_on(timezone.localdate()) is None
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/")
    assert "Ikke født, termin" in page.content.decode()


@pytest.mark.parametrize("dates", [{}, {"birth_date": dt.date(2999, 1, 1)}])
def test_impossible_dates_are_refused(world: World, dates: dict[str, dt.date]) -> None:
    with pytest.raises(Invalid) as refused:
        open_case(case_id=uuid7(), child_name="Bo", by=world.teacher, **WORDS, **dates)
    assert "birth_date" in refused.value.errors
    assert not Case.objects.exists()


def test_the_number_is_stored_encrypted_and_hashed(world: World) -> None:
    digits = synthetic(BORN)
    case = a_case(world, number=read(digits))
    child = fresh(case).child
    assert digits not in bytes(child.number_encrypted).decode("latin1")
    assert digits not in child.number_hash
    found = reveal(child)
    assert found is not None
    assert found.digits == digits
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_auditevent WHERE detail::text LIKE %s", [f"%{digits}%"])
        assert cursor.fetchone() == (0,)


def test_intake_and_secretariat_open_no_cases(world: World) -> None:
    for actor in (world.intake, world.actor(Role.SECRETARIAT, world.secretariat)):
        with pytest.raises(Denied):
            open_case(case_id=uuid7(), child_name="Bo", birth_date=BORN, by=actor, **WORDS)
