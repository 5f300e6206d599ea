"""``bin/demo`` as a newcomer starts it: from an empty folder, to an address that answers, and away again on Ctrl-C."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ops.answers import status_of
from ops.database_home import home_for
from ops.layout import ROOT, DataDir
from ops.redis_server import free_port
from tests.running import HOST, Place, until

MARK = "PORTAL_TEST_MARK"
SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
# What the commands of bin/ make for themselves when nothing is set.
OURS = ("PORTAL_", "SECRET_KEY", "DJANGO_")


class Demo:
    """A running ``bin/demo`` with what it has said so far."""

    def __init__(self, data: Path, port: int, **env: str) -> None:
        self.mark = uuid.uuid4().hex
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS) and name not in SERVERS}
        self.output = data.parent / f"{data.name}.txt"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "ops" / "run.py"), "demo", "--port", str(port), "--data", str(data)],
                env={**kept, **env, MARK: self.mark},
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """Everything written to the terminal."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def says(self, words: str, *, seconds: float) -> None:
        """Waits for words; a demo that ends before shows what it said."""
        until(lambda: words in self.said() or self.process.poll() is not None, seconds=seconds, what=f"«{words}»")
        assert words in self.said(), self.said()

    def interrupted(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def left(self) -> list[str]:
        """Processes of this run that are still there."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self.mark.encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found


@contextmanager
def demo(data: Path, port: int, **env: str) -> Iterator[Demo]:
    """One run, ended whatever happens."""
    run = Demo(data, port, **env)
    try:
        yield run
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.process.pid, signal.SIGKILL)
        run.process.wait()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """A folder for data that does not exist yet."""
    folder = tmp_path / "data"
    yield folder
    home = home_for(DataDir(folder))
    home.remove()


def test_from_nothing_it_comes_to_the_story_and_ctrl_c_leaves_nothing(empty: Path) -> None:
    """Given an empty folder; when the demo starts; then servers, tables and people are made before the story begins,
    and one who changes her mind there is left with no process."""
    with demo(empty, free_port()) as run:
        run.says("Lager demopersonene", seconds=120)
        run.says("Lager demosakene", seconds=60)
        assert run.interrupted() == 0, run.said()
        assert run.left() == []
    assert "Alt er stoppet." in run.said()


def test_it_answers_says_who_one_can_be_and_stops(workplace: Place, tmp_path: Path) -> None:
    """Given a database where the story is told; when the demo starts; then the address answers, the people are listed,
    and Ctrl-C stops everything."""
    port = free_port()
    with demo(tmp_path / "data", port, **{name: workplace.env[name] for name in SERVERS}) as run:
        run.says("Ctrl-C stopper alt.", seconds=180)
        assert status_of(HOST, port, "/demo/") == 200
        for words in (f"http://{HOST}:{port}", "Marte Eksempelmo", "Astrid Modellmo"):
            assert words in run.said()
        assert run.interrupted() == 0, run.said()
        assert run.left() == []
    assert "Alt er stoppet." in run.said()
