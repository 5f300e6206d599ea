"""What the command line says: steps with time spent, and errors that tell how to mend them."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HEARTBEAT_SECONDS = 20
TAIL_LINES = 30


class Trouble(Exception):
    """Something that stops the command: ``what`` went wrong, and ``remedy``, what the reader can do about it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def say(text: str = "") -> None:
    """One line to the reader, at once."""
    print(text, flush=True)


def complain(trouble: Trouble) -> None:
    """Print a trouble to standard error."""
    print(f"\nStoppet: {trouble.what}", file=sys.stderr)
    if trouble.remedy:
        print(f"Slik retter du det: {trouble.remedy}", file=sys.stderr)
    sys.stderr.flush()


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, indented; an absent log is an empty string."""
    if not path.exists():
        return ""
    content = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in content)


def run(
    title: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    remedy: str = "",
) -> None:
    """Run one command under a title, its output in ``log``. Raises :class:`Trouble` with the log's tail if it fails."""
    started = time.monotonic()
    print(f"→ {title} …", end="", flush=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=sink,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=None if env is None else dict(env),
            cwd=cwd,
        )
        try:
            code = _wait(process)
        except BaseException:
            process.send_signal(signal.SIGTERM)
            process.wait()
            print(" avbrutt", flush=True)
            raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)
    if code:
        raise Trouble(
            f"{title}: kommandoen feilet (kode {code}). Det siste den skrev:\n{tail(log)}",
            remedy or f"les hele loggen: {log}",
        )


def _wait(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return process.wait(timeout=HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            print(" …", end="", flush=True)
