"""The demo's supervisor: starts the portal's processes, starts a fallen one again, stops all in order."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ops import process
from ops.console import Trouble, say, tail

POLL_SECONDS = 0.3
# A process that falls sooner than this after its start would only fall again.
HOPELESS_SECONDS = 10.0


@dataclass
class Program:
    """One process to keep running. ``grace``: seconds it gets to finish what it is doing when told to stop."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    grace: float = 15.0
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0

    def start(self) -> None:
        """Start it; its output is appended to its log."""
        self.started = time.monotonic()
        self.running = process.spawn(self.command, log=self.log, env=self.env, cwd=self.cwd)

    def fallen(self) -> int | None:
        """The exit code if it has stopped by itself, else None."""
        return self.running.poll() if self.running else None


def supervise(programs: Sequence[Program]) -> None:
    """Watch running programs until the surrounding code is told to stop. Raises Trouble when one will not stay up."""
    while True:
        time.sleep(POLL_SECONDS)
        for program in programs:
            code = program.fallen()
            if code is not None:
                revive(program, code)


def revive(program: Program, code: int) -> None:
    """Start a fallen program again, unless it fell at once. Raises Trouble with the end of its log."""
    lived = time.monotonic() - program.started
    if lived < HOPELESS_SECONDS:
        raise Trouble(
            f"{program.name} stoppet av seg selv (kode {code}). Det siste den skrev:\n{tail(program.log)}",
            f"les hele loggen: {program.log}",
        )
    say(f"{program.name} stoppet (kode {code}) og startes igjen. Loggen: {program.log}")
    if program.running is not None:
        process.kill_group(program.running.pid)
    program.start()


def stop_all(programs: Sequence[Program]) -> None:
    """Tell every program to stop at once, then wait for each, the last started first."""
    for program in reversed(programs):
        if program.running is not None and program.running.poll() is None:
            program.running.terminate()
    for program in reversed(programs):
        if program.running is not None:
            wait_then_kill(program.running, program.grace)
            program.running = None


def wait_then_kill(running: subprocess.Popen[bytes], grace: float) -> None:
    """Wait for a process that has been told to stop; clear away it and its children when it takes too long."""
    try:
        running.wait(timeout=grace)
    except subprocess.TimeoutExpired:
        process.kill_group(running.pid)
        running.wait()
    process.kill_group(running.pid)
