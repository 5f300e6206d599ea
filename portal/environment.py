"""Reading the environment: what is absent or wrong fails loudly, naming the variable."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

MODES = ("production", "demo", "test")


def mode() -> str:
    """The mode the portal runs in, from ``PORTAL_MODE``; production unless told otherwise."""
    value = os.environ.get("PORTAL_MODE", "production")
    if value not in MODES:
        raise ImproperlyConfigured(f"PORTAL_MODE er «{value}»; den må være en av {', '.join(MODES)}.")
    return value


def required(name: str) -> str:
    """The value of an environment variable that the portal cannot do without."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Miljøvariabelen {name} mangler. README har tabellen over innstillinger.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable: 1, true, ja and yes are yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "ja", "yes"}


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def mail_security() -> tuple[bool, bool]:
    """Whether mail is sent with STARTTLS, and whether with TLS from the first byte, from ``PORTAL_SMTP_SECURITY``."""
    value = os.environ.get("PORTAL_SMTP_SECURITY", "starttls")
    if value not in {"starttls", "tls", "none"}:
        raise ImproperlyConfigured(f"PORTAL_SMTP_SECURITY er «{value}»; den må være starttls, tls eller none.")
    return value == "starttls", value == "tls"


def database(url: str, *, pooled: bool) -> dict[str, Any]:
    """Django's database settings from a libpq connection string (``postgres://user:pw@host:port/name?host=/socket``)."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            **parts,
            # Statements that are bound by the server (portal.statement) are planned once per connection.
            "prepare_threshold": 0,
            # Joins follow foreign keys in the order they are written. Weighing every order of twenty tables takes
            # PostgreSQL a hundred times as long as answering.
            "options": f"{parts.get('options', '')} -c join_collapse_limit=4 -c jit=off".strip(),
        },
    }
    if pooled:
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(os.environ.get("PORTAL_DB_POOL", "10"))}
    return settings
