"""Locks between commands, held by the kernel: they vanish with the process, however it ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class Lock:
    """A lock on a file. Exclusive for the one who runs the services, shared for those who use them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle: int | None = None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Take the lock; False if somebody has it and we are not to wait."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self.handle = handle
        return True

    def release(self) -> None:
        """Let go; harmless when it is not held."""
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a shared lock for a while."""
    lock = Lock(path)
    lock.take(shared=True, wait=True)
    try:
        yield
    finally:
        lock.release()
