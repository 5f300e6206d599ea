"""PostgreSQL and Redis as one: started for a command, shared with other commands on the same data folder."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping

from ops.console import Trouble, say
from ops.database_home import home_for
from ops.environment import external_services
from ops.layout import DataDir
from ops.locking import Lock, shared
from ops.postgres import Postgres
from ops.redis_server import Redis


class Services:
    """The embedded servers of one data folder, run by this process."""

    def __init__(self, data_dir: DataDir, *, throwaway: bool = False) -> None:
        self.data_dir = data_dir
        self.postgres = Postgres(home_for(data_dir), data_dir.logs / "postgres.log", throwaway=throwaway)
        self.redis = Redis(data_dir, throwaway=throwaway)

    def start(self) -> None:
        """Start both; if the second fails the first is stopped again."""
        try:
            self.postgres.start()
            self.redis.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both, in the opposite order."""
        self.redis.stop()
        self.postgres.stop()

    def addresses(self) -> dict[str, str]:
        """What the portal's processes need to find the servers."""
        return {
            "DATABASE_URL": self.postgres.url("portal_web"),
            "DATABASE_OWNER_URL": self.postgres.url("portal_owner"),
            "REDIS_URL": self.redis.url,
        }


class Tenancy:
    """Who runs the services of a data folder: one process at a time, others may use them while they run."""

    def __init__(self, data_dir: DataDir) -> None:
        data_dir.ensure()
        self.data_dir = data_dir
        self.owner = Lock(data_dir.root / "owner.lock")
        self.users = data_dir.root / "users.lock"

    def claim(self, command: str) -> None:
        """Become the one who runs the services. Raises Trouble that names who does already."""
        if not self.owner.take():
            holder = self.holder()
            where = f" på {holder['address']}" if holder.get("address") else ""
            raise Trouble(
                f"{holder.get('command', 'En annen kommando')} kjører allerede{where} med mappen {self.data_dir.root} "
                f"(prosess {holder.get('pid', 'ukjent')}).",
                f"stopp den først, eller bruk en annen mappe: {command} --data MAPPE",
            )
        self.announce(command, {})

    def holder(self) -> Mapping[str, str]:
        """What the one who runs the services has said about itself."""
        try:
            stated: dict[str, str] = json.loads(self.data_dir.state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stated

    def announce(self, command: str, addresses: Mapping[str, str], address: str = "") -> None:
        """Tell other commands that the services are up and where."""
        stated = {"pid": str(os.getpid()), "command": command, "address": address, **addresses}
        staging = self.data_dir.state.with_suffix(".new")
        staging.unlink(missing_ok=True)
        handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(stated, file, indent=1)
        staging.rename(self.data_dir.state)

    def leave(self, *, patiently: bool) -> None:
        """Before stopping the services: no newcomers, and ``patiently``: wait for those who still use them."""
        self.data_dir.state.unlink(missing_ok=True)
        if not patiently:
            return
        users = Lock(self.users)
        if not users.take():
            say("Venter på at andre kommandoer som bruker databasen, blir ferdige …")
            users.take(wait=True)
        users.release()


@contextlib.contextmanager
def addresses_for(data_dir: DataDir, command: str) -> Iterator[dict[str, str]]:
    """Addresses of running services: real ones from the environment, those of a running demo, or our own meanwhile."""
    given = external_services(os.environ)
    if given is not None:
        data_dir.ensure()
        yield given
        return
    tenancy = Tenancy(data_dir)
    if not tenancy.owner.take():
        with shared(tenancy.users):
            yield _of_another(tenancy)
        return
    tenancy.announce(command, {})
    services = Services(data_dir)
    try:
        services.start()
        tenancy.announce(command, services.addresses())
        yield services.addresses()
    finally:
        tenancy.leave(patiently=True)
        services.stop()
        tenancy.owner.release()


def _of_another(tenancy: Tenancy) -> dict[str, str]:
    holder = tenancy.holder()
    if "DATABASE_URL" not in holder:
        raise Trouble(
            f"En annen kommando holder på å starte eller stoppe tjenestene i {tenancy.data_dir.root}.",
            "vent noen sekunder og prøv igjen",
        )
    return {name: holder[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
