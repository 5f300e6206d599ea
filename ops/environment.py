"""The environment that the portal's own processes run in: addresses of the services, and secrets of the demo."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from ops.console import Trouble
from ops.layout import PYTHON, ROOT, DataDir

EXTERNAL = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
# Commands that change the database's shape or load its foundation run as the owner; all others as the web does.
OWNER_COMMANDS = frozenset(
    {
        "createcachetable",
        "dbshell",
        "dumpdata",
        "flush",
        "grant_roles",
        "inspectdb",
        "loaddata",
        "makemigrations",
        "migrate",
        "pgtrigger",
        "showmigrations",
        "sqlflush",
        "sqlmigrate",
        "squashmigrations",
    }
)


def external_services(environ: Mapping[str, str]) -> dict[str, str] | None:
    """The addresses of real servers when all are given; None when none are. Raises Trouble on something between."""
    given = {name: environ[name] for name in EXTERNAL if environ.get(name)}
    if not given:
        return None
    missing = [name for name in EXTERNAL if name not in given]
    if missing:
        raise Trouble(
            f"{', '.join(given)} er satt, men {', '.join(missing)} mangler.",
            "sett alle tre for å bruke egne tjenere, eller ingen for å bruke de innebygde",
        )
    return given


def role_for(command: str) -> str:
    """Which database role a management command runs as: ``owner`` or ``web``."""
    return "owner" if command in OWNER_COMMANDS or command.startswith("load_") else "web"


def key_ring(name: str) -> str:
    """A fresh key in the form the settings read: ``id:base64``, 32 random bytes."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}"


def demo_secrets(path: Path) -> dict[str, str]:
    """The keys of this data folder, made the first time and kept, since what they encrypt is kept."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "PORTAL_FNR_KEYS": key_ring("demo1"),
            "PORTAL_FNR_HASH_KEYS": key_ring("demo1"),
        }
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(made, file, indent=1)
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def portal_environment(
    data_dir: DataDir, addresses: Mapping[str, str], *, mode: str, role: str = "web"
) -> dict[str, str]:
    """The whole environment of a portal process: ours, then generated secrets where none are set, then addresses."""
    env = {name: value for name, value in os.environ.items() if name != "PORTAL_CALLER_DIR"}
    if mode != "production":
        for name, value in demo_secrets(data_dir.secrets).items():
            env.setdefault(name, value)
        env.setdefault("PORTAL_MEDIA_ROOT", str(data_dir.media))
        env.setdefault("PORTAL_STATIC_ROOT", str(data_dir.static))
    env.update(addresses)
    env["PORTAL_MODE"] = mode
    env["PORTAL_DB_AS"] = role
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    env["PATH"] = f"{PYTHON.parent}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["VIRTUAL_ENV"] = str(PYTHON.parent.parent)
    env["PYTHONUNBUFFERED"] = "1"
    env.pop("PYTHONHOME", None)
    env.setdefault("LC_ALL", "C.UTF-8")
    return env


def django_command(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]
