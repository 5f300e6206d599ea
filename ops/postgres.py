"""The embedded PostgreSQL: made once, started on a private socket, stopped cleanly, and mended after a crash."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import urllib.parse
from pathlib import Path

from ops import process
from ops.console import Trouble, tail
from ops.database_home import DatabaseHome
from ops.layout import ROOT

PORT = 5432
START_SECONDS = 60
STOP_SECONDS = 30
STARTS = 3
# What a throw-away cluster may do without.
UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=20s")


class Postgres:
    """One embedded cluster. ``throwaway`` trades safety after a power cut for speed."""

    def __init__(self, home: DatabaseHome, log: Path, *, throwaway: bool = False) -> None:
        self.home = home
        self.log = log
        self.throwaway = throwaway
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": os.environ.get("TZ", "UTC")}

    def url(self, role: str, database: str = "portal") -> str:
        """A connection string over the socket."""
        return f"postgres://{role}@/{database}?host={urllib.parse.quote(str(self.home.socket))}"

    def start(self) -> None:
        """Make the cluster if there is none, start it and wait until it answers. Raises Trouble."""
        self.end_orphan()
        made = self.home.folder / "ready"
        if not made.exists():
            self._create()
        for attempt in range(1, STARTS + 1):
            if self._try_start():
                break
            if attempt == STARTS:
                raise Trouble(f"PostgreSQL startet ikke:\n{tail(self.log)}", f"les loggen: {self.log}")
            time.sleep(attempt)
        if not made.exists():
            try:
                self.psql("-f", str(ROOT / "ops" / "roles.sql"))
            except BaseException:
                self.stop()
                raise
            made.touch()

    def stop(self) -> None:
        """Stop the server: fast, with a checkpoint; then by force if it will not."""
        if self.process is not None:
            process.stop(self.process, gentle=signal.SIGINT, seconds=STOP_SECONDS)
            self.process = None
            if self.home.folder not in self.home.socket.parents:
                shutil.rmtree(self.home.socket, ignore_errors=True)

    def psql(self, *arguments: str, database: str = "postgres") -> str:
        """Run psql as superuser and return what it printed. Raises Trouble with its message."""
        command = [str(self.home.program("psql")), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-w"]
        command += ["-h", str(self.home.socket), "-p", str(PORT), "-U", "postgres", "-d", database, *arguments]
        answer = subprocess.run(command, capture_output=True, text=True, env=self.env, cwd="/")
        if answer.returncode:
            raise Trouble(f"PostgreSQL svarte med feil: {answer.stderr.strip()}", f"les loggen: {self.log}")
        return answer.stdout.strip()

    def _create(self) -> None:
        shutil.rmtree(self.home.data, ignore_errors=True)
        account = self.home.account
        command = [self.home.program("initdb"), "-D", self.home.data, "-U", "postgres", "--encoding=UTF8"]
        # The wheel has no ICU. Norwegian order comes from stored sort keys, so the portable C.UTF-8 serves.
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions", "--no-sync"]
        answer = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            env=self.env,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if answer.returncode:
            raise Trouble(
                f"Kunne ikke lage databasen: {answer.stderr.strip()}",
                f"se at det er plass på disken og at {self.home.folder} kan skrives",
            )

    def _try_start(self) -> bool:
        if not self.home.socket.exists():
            self.home.socket.mkdir(mode=0o700)
            self.home.own(self.home.socket)
        for leftover in self.home.socket.glob(".s.PGSQL.*"):
            leftover.unlink()
        options = [f'unix_socket_directories="{self.home.socket}"', "listen_addresses=", f"port={PORT}"]
        options += ["unix_socket_permissions=0700", "max_connections=200", "log_line_prefix=%m [%p] %u@%d "]
        options += UNSAFE_AND_FAST if self.throwaway else ()
        command: list[str | Path] = [self.home.program("postgres"), "-D", self.home.data]
        for option in options:
            command += ["-c", option]
        self.process = process.spawn(
            command,
            log=self.log,
            env=self.env,
            cwd=Path("/"),
            account=self.home.account,
            death_signal=signal.SIGINT,
        )
        server = self.process
        process.wait_until(lambda: server.poll() is not None or self._answers(), seconds=START_SECONDS)
        if server.poll() is None and self._answers():
            return True
        self.stop()
        return False

    def _answers(self) -> bool:
        command: list[str | Path] = [self.home.program("pg_isready"), "-q", "-h", self.home.socket, "-p", str(PORT)]
        return subprocess.run(command, env=self.env, cwd="/", capture_output=True).returncode == 0

    def end_orphan(self) -> None:
        """After a crash of ours: a server still stopping is waited for; a stale pid file is removed."""
        pid_file = self.home.data / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text(encoding="ascii", errors="replace").split("\n", 1)[0].strip()
        pid = int(first) if first.isdigit() else 0
        if pid and str(self.home.data) in process.command_line(pid):
            for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, ending)
                if process.wait_until(lambda: not process.alive(pid), seconds=STOP_SECONDS / 2):
                    break
        pid_file.unlink(missing_ok=True)
