"""The finished PDF is stored exactly once, whatever happens to workers and queue."""

import hashlib
import os
import signal
import time
import uuid
from pathlib import Path

import pytest

from ops.process import alive
from ops.supervise import Program
from portal.celery import app
from tests.running import Place, until, without_eager, worker

# A document long enough to be in the middle of.
FREEZE = """
import json, sys, uuid, datetime as dt
from django.utils import timezone
from portal.context import portal_context, system_actor
from portal.celery import app
from referrals.models import Referral, Snapshot
from referrals.tasks import render_document, queue_rendering
from tests.pdf.sample import big, sample
with portal_context(system_actor("prøve")):
    last = Snapshot.objects.select_related("referral").latest("frozen_at")
    newest = last.referral.snapshots.latest("version")
    made = Snapshot.objects.create(
        referral=last.referral, version=newest.version + 1, sha256="0" * 64, edition_sha=last.edition_sha,
        content=big(int(sys.argv[1])) if int(sys.argv[1]) else sample(), change_reason="prøve",
        frozen_by=last.frozen_by, frozen_at=timezone.now() - dt.timedelta(minutes=int(sys.argv[3])))
for _ in range(int(sys.argv[2])):
    render_document.delay(str(made.pk))
print(json.dumps(str(made.pk)))
"""
LOOK_FOR_LOST = "from referrals.tasks import render_missing; render_missing.delay()"
LONG, SHORT = "80", "0"
A_YEAR = 366 * 24 * 60
# Processor time that a document of that length never gets done within, once its task has begun.
INTO_IT = 1.0


def frozen(where: Place, size: str, *, asked: int, minutes_ago: int = 0) -> str:
    """A snapshot whose PDF has been asked for so many times; its id."""
    return str(where.run(FREEZE, size, str(asked), str(minutes_ago)))


def documents(where: Place, snapshot: str) -> list[tuple[bytes, str]]:
    """What is stored of a snapshot: bytes and the sum noted beside them."""
    query = "SELECT pdf, sha256 FROM referrals_rendereddocument WHERE snapshot_id = %s"
    return [(bytes(pdf), sha256) for pdf, sha256 in where.rows(query, uuid.UUID(snapshot))]


def stored(where: Place, snapshot: str, *, seconds: float = 60) -> None:
    """Waits for the document, and holds it against its sum."""
    until(lambda: documents(where, snapshot), seconds=seconds, what="PDF-en")
    ((pdf, sha256),) = documents(where, snapshot)
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == sha256


def begun(where: Place, snapshot: str) -> list[int]:
    """The processes that have begun to render a snapshot, one for each time (tests.jobs.quick notes them)."""
    notes = Path(where.env["PORTAL_TEST_BEGUN"])
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    return [int(line.split()[0]) for line in lines if line.endswith(f" referrals.render_document {snapshot}")]


def family(leader: int) -> list[int]:
    """A worker's process and its children."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == leader:
            found.append(int(status.parent.name))
    return [leader, *found]


def in_the_middle(where: Place, program: Program, snapshot: str) -> tuple[int, int]:
    """Waits until a child of the worker is well into the document; returns the worker's process and the child's.

    The child says itself when it begins: a worker that starts has other, short-lived children (looking for libraries).
    """
    assert program.running is not None
    leader = program.running.pid
    (child,) = until(lambda: begun(where, snapshot), seconds=90, what="en arbeider som begynner på PDF-en")
    assert child in family(leader)
    before = spent(child)
    while spent(child) < before + INTO_IT:
        assert alive(child), "arbeideren er borte før noen tok den"
        assert documents(where, snapshot) == [], "PDF-en ble ferdig før arbeideren var midt i den: gjør den lengre"
        time.sleep(0.05)
    return leader, child


def spent(pid: int) -> float:
    """Seconds of processor time a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kill(pids: list[int]) -> None:
    """As when the power goes: all of them stand still before the first is taken, so none can clean up after another."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids), seconds=10, what="at prosessene er borte")


def test_eager_celery_is_off() -> None:
    assert without_eager(app.conf)


def test_a_finished_referral_is_rendered_by_the_worker(empty_queue: Place) -> None:
    snapshot = frozen(empty_queue, SHORT, asked=1)
    with worker(empty_queue):
        stored(empty_queue, snapshot)


@pytest.mark.parametrize("whom", ["child", "all"])
def test_a_worker_killed_while_rendering_loses_nothing(empty_queue: Place, whom: str) -> None:
    """Given a worker in the middle of a document; when it is killed; then the document is stored once all the same."""
    snapshot = frozen(empty_queue, LONG, asked=1)
    with worker(empty_queue, app="tests.jobs.quick", name=f"killed-{whom}") as first:
        leader, child = in_the_middle(empty_queue, first, snapshot)
        kill([child] if whom == "child" else [leader, child])
        # Nothing was stored before the end came, so what is stored later is another's work.
        assert documents(empty_queue, snapshot) == []
        if whom == "child":
            stored(empty_queue, snapshot, seconds=120)
    if whom == "all":
        with worker(empty_queue, app="tests.jobs.quick", name="next"):
            stored(empty_queue, snapshot, seconds=120)
    first_time, *again = begun(empty_queue, snapshot)
    assert first_time == child
    assert again
    assert child not in again


def test_what_redis_forgot_is_found_again(empty_queue: Place) -> None:
    # The oldest of all that wait: the story's own documents come after it.
    snapshot = frozen(empty_queue, SHORT, asked=1, minutes_ago=A_YEAR)
    empty_queue.run("from portal.celery import app; app.connection().default_channel.client.flushdb()")
    with worker(empty_queue):
        empty_queue.run(LOOK_FOR_LOST)
        stored(empty_queue, snapshot)


def test_two_deliveries_of_one_document_store_one(empty_queue: Place) -> None:
    snapshot = frozen(empty_queue, SHORT, asked=4)
    with worker(empty_queue, name="one"), worker(empty_queue, name="two"):
        stored(empty_queue, snapshot)
        nothing_left = (
            "import json; from portal.celery import app; redis = app.connection().default_channel.client;"
            " print(json.dumps(redis.llen('documents') + redis.hlen('unacked')))"
        )
        until(lambda: empty_queue.run(nothing_left) == 0, seconds=30, what="tom kø")
        assert len(documents(empty_queue, snapshot)) == 1
        assert "Traceback" not in empty_queue.log("one") + empty_queue.log("two")
