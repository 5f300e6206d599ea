"""What Ctrl-C, SIGTERM and a closed terminal mean to our commands."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from ops.process import die_with_parent


class StopNow(BaseException):
    """Somebody asked us to stop; ``finally`` blocks do the rest."""


def stop_on_signals() -> None:
    """From now on the first such signal raises :class:`StopNow`; later ones change nothing, we are stopping."""
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise StopNow

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)


def call(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
    """Run a command in the foreground. Ctrl-C is the command's to handle; SIGTERM and SIGHUP are passed on to it."""
    with _handing_on() as told:
        child = subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            preexec_fn=die_with_parent(os.getpid(), signal.SIGTERM),
        )
        told.append(child)
        return child.wait()


@contextlib.contextmanager
def _handing_on() -> Iterator[list[subprocess.Popen[bytes]]]:
    children: list[subprocess.Popen[bytes]] = []

    def hand_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT:
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, number)

    before = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield children
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
