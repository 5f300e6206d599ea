"""``bin/manage`` and ``bin/bench``: one command in the portal's environment, with the services it needs."""

import os
from collections.abc import Mapping, Sequence

from ops.environment import django_command, portal_environment, role_for
from ops.layout import PYTHON, ROOT, DataDir, chosen_data_dir
from ops.services import addresses_for
from ops.stopping import call
from ops.throwaway import throwaway_services

# Commands that touch neither database nor queue.
NO_SERVICES = frozenset(
    {"", "help", "--help", "-h", "--version", "version", "collectstatic", "makemessages", "compilemessages"}
)
NOWHERE = {
    "DATABASE_URL": "postgres://portal_web@127.0.0.1:1/portal",
    "DATABASE_OWNER_URL": "postgres://portal_owner@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def manage(data_dir: DataDir, arguments: Sequence[str]) -> int:
    """Run ``manage.py`` as the database role the command needs, or the one ``PORTAL_DB_AS`` names."""
    mode = os.environ.get("PORTAL_MODE", "demo")
    command = arguments[0] if arguments else ""
    role = os.environ.get("PORTAL_DB_AS") or role_for(command)
    if command in NO_SERVICES:
        data_dir.ensure()
        env = portal_environment(data_dir, NOWHERE, mode=mode, role=role)
        return call(django_command(*arguments), env=env, cwd=ROOT)
    with addresses_for(data_dir, f"bin/manage {command}") as addresses:
        env = portal_environment(data_dir, addresses, mode=mode, role=role)
        return call(django_command(*arguments), env=env, cwd=ROOT)


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks against servers of their own; ``PORTAL_DATA`` keeps the generated data between runs."""
    command = [str(PYTHON), "-m", "benchmarks", *arguments]
    if os.environ.get("PORTAL_DATA"):
        data_dir = chosen_data_dir(None)
        with addresses_for(data_dir, "bin/bench") as addresses:
            return _bench(command, data_dir, addresses)
    with throwaway_services() as (data_dir, addresses):
        return _bench(command, data_dir, addresses)


def _bench(command: Sequence[str], data_dir: DataDir, addresses: Mapping[str, str]) -> int:
    return call(command, env=portal_environment(data_dir, addresses, mode="test", role="owner"), cwd=ROOT)
