"""Servers for one run of the tests or the benchmarks: in a temporary folder, gone at the end."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ops.database_home import home_for
from ops.environment import external_services
from ops.layout import DataDir
from ops.locking import Lock
from ops.services import Services

PREFIX = "portal-run-"


@contextlib.contextmanager
def throwaway_services() -> Iterator[tuple[DataDir, dict[str, str]]]:
    """Servers in a temporary folder that is removed at the end; real ones if the environment names them."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        data_dir = DataDir(Path(name))
        data_dir.ensure()
        lock = Lock(data_dir.root / "owner.lock")
        lock.take()
        given = external_services(os.environ)
        if given is not None:
            yield data_dir, given
            return
        services = Services(data_dir, throwaway=True)
        try:
            services.start()
            yield data_dir, services.addresses()
        finally:
            services.stop()
            services.postgres.home.remove()
            lock.release()


def sweep() -> None:
    """Clear away what a run that was killed has left: our own folders whose lock nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = Lock(folder / "owner.lock")
            if folder.stat().st_uid != os.geteuid() or not lock.path.exists() or not lock.take():
                continue
            if (folder / "id").exists():
                home_for(DataDir(folder)).remove()
            shutil.rmtree(folder)
            lock.release()
