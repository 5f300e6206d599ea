"""The clock goes through many cases, each in a transaction of its own. Other connections see what is done here."""

import uuid

import pytest
from celery import Task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from cases import rounds
from cases.models import Case
from cases.rounds import visit
from cases.tasks import check_standings, end_periods, tell_let_in
from portal.context import system_actor
from portal.states import MovedOn
from portal.task_base import PortalTask, RoundTask
from referrals.tasks import settle_consultations
from tests.stories import a_case
from tests.world import World

CLOCK = system_actor("natt")


def test_each_case_is_committed_before_the_next_and_none_stops_the_round(
    lasting: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given cases of which one fails and one is closed meanwhile; when the round goes; then the others are done, each
    committed before the next begins, and the log has the failure's type and the case's id, not its words."""
    ids = sorted(a_case(lasting, name=f"Barn {n}").pk for n in range(4))
    committed: list[uuid.UUID] = []
    seen: list[list[uuid.UUID]] = []

    def work(case_id: uuid.UUID) -> int:
        seen.append(list(committed))
        transaction.on_commit(lambda: committed.append(case_id))
        if case_id == ids[1]:
            raise ValueError("Ada Fjord")
        if case_id == ids[2]:
            raise MovedOn("Saken er avsluttet.")
        return 1

    batch = visit(Case.objects.all(), work, by=CLOCK, column="pk")
    assert (batch.cases, batch.done, batch.last) == (4, 2, None)
    assert seen == [[], ids[:1], ids[:1], ids[:1]]
    assert committed == [ids[0], ids[3]]
    assert not connection.in_atomic_block
    (failure,) = [record for record in caplog.records if record.name == "cases.rounds"]
    fields = failure.__dict__
    assert (fields["error"], fields["case_id"], fields["job"]) == ("ValueError", str(ids[1]), "natt")
    assert "Ada" not in caplog.text

    # In batches: one that fails is left behind, not met again at the head of every batch.
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    first = visit(Case.objects.all(), work, by=CLOCK, column="pk")
    assert (first.done, first.last) == (1, ids[1])
    assert visit(Case.objects.all(), work, by=CLOCK, column="pk", after=first.last).done == 1


def test_a_task_whose_time_is_up_ends(lasting: World) -> None:
    a_case(lasting)

    def work(case_id: uuid.UUID) -> int:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        visit(Case.objects.all(), work, by=CLOCK, column="pk")


@pytest.mark.parametrize("task", [check_standings, end_periods, tell_let_in, settle_consultations])
def test_a_round_is_no_transaction_of_its_own(task: Task) -> None:
    assert isinstance(task, RoundTask)
    assert not isinstance(task, PortalTask)
