"""The portal's real processes for browser and job tests: those of ``bin/demo``, on a clone of the migrated template.

The web and the workers log in as ``portal_web``; queue, worker, clock and static files are those of production.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from ops import programs
from ops.demo import wait_for_web
from ops.layout import PYTHON, ROOT, DataDir
from ops.redis_server import free_port
from ops.supervise import Program, stop_all
from ops.testing import with_database

HOST = "127.0.0.1"
# Queues of one test process: one for the browser tests, one for those of jobs.
QUEUES = 2
BY_HAND = (
    "Disse testene kjører prosessene til bin/demo. Kjør dem gjennom bin/test, for eksempel: bin/test tests/browser"
)


@dataclass(frozen=True)
class Place:
    """A database of its own, a queue of its own, and the environment that processes there run in."""

    env: dict[str, str]
    data_dir: DataDir
    database: str

    def run(self, code: str, *arguments: str, as_owner: bool = False) -> Any:
        """Runs Python in the portal's environment and returns what it printed as JSON (None for nothing)."""
        done = subprocess.run(
            [str(PYTHON), "-c", f"import django\ndjango.setup()\n{code}", *arguments],
            env={**self.env, "PORTAL_DB_AS": "owner" if as_owner else "web"},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout) if done.stdout.strip() else None

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query gives, asked as the owner."""
        with psycopg.connect(self.env["DATABASE_OWNER_URL"], autocommit=True) as link:
            return link.execute(query, values).fetchall()

    def log(self, name: str) -> str:
        """What one of the processes has written."""
        path = self.data_dir.logs / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


@contextmanager
def place(name: str, *, queue: int, **settings: str) -> Iterator[Place]:
    """A clone of the template, and Redis' database number ``queue`` of those of this test process; the clone is removed
    afterwards. Two that shared a queue would take each other's tasks."""
    template = os.environ.get("PORTAL_TEST_TEMPLATE")
    if not template:
        raise RuntimeError(BY_HAND)
    owner, database = os.environ["DATABASE_OWNER_URL"], f"portal_{name}_{os.getpid()}"
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    root = DataDir(Path(os.environ["PORTAL_TEST_DATA"]) / f"{name}-{process}")
    root.ensure()
    env = {
        **os.environ,
        "PORTAL_MODE": "demo",
        "PORTAL_DB_AS": "web",
        "DATABASE_OWNER_URL": with_database(owner, database),
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], database),
        "REDIS_URL": with_database(os.environ["REDIS_URL"], str(process * QUEUES + queue)),
        **settings,
    }
    with psycopg.connect(owner, autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        link.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
        try:
            yield Place(env, root, database)
        finally:
            link.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@contextmanager
def portal(where: Place) -> Iterator[str]:
    """Everything ``bin/demo`` runs, until the block ends; gives the address. A fallen process shows its log."""
    port = free_port()
    where.env["PORTAL_BASE_URL"] = address = f"http://{HOST}:{port}"
    running = programs.everything(where.env, where.data_dir, host=HOST, port=port)
    try:
        for program in running:
            program.start()
        wait_for_web(running[0], HOST, port)
        yield address
        fallen = [program.name for program in running if program.fallen() is not None]
        assert not fallen, "\n".join(where.log(name)[-3000:] for name in fallen)
    finally:
        stop_all(running)


@contextmanager
def worker(where: Place, *, app: str = "portal", name: str = "worker") -> Iterator[Program]:
    """One Celery worker for tasks and documents."""
    program = programs.worker(where.env, where.data_dir, name=name, queues="default,documents")
    program.command = replaced(program.command, "portal", app)
    try:
        program.start()
        yield program
    finally:
        stop_all([program])


def replaced(command: Sequence[str], old: str, new: str) -> list[str]:
    """The command line with one word exchanged."""
    return [new if word == old else word for word in command]


def until(condition: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Waits for something to become true and returns it; fails saying ``what`` never came."""
    ends = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < ends, f"Kom ikke på {seconds:.0f} s: {what}"
        time.sleep(0.2)
    return found


def without_eager(settings: Mapping[str, Any]) -> bool:
    """Whether tasks really go by way of the queue."""
    return not settings.get("task_always_eager") and not os.environ.get("CELERY_TASK_ALWAYS_EAGER")
