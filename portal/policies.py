"""Row-level security: which rows the database shows the application, whatever a view forgets (docs/adr/0013).

Each app declares, table by table, which rows a request may see and write, as SQL over who is asking
(``portal.context``). ``grant_roles`` brings the database into line after every migrate. A table is either protected
here or named as open with the reason why; a test walks all models and accepts nothing in between.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

# These are read once per statement: wrapped in a subquery they stand as constants in the plan.
SERVICES = "(SELECT portal_service_ids())::uuid[]"
PRINCIPALS = "(SELECT portal_principals())::uuid[]"
SCOPES = "(SELECT portal_scopes())::text[]"
PERSON = "(SELECT portal_user_id())"


@dataclass(frozen=True)
class Rows:
    """Which rows of a table a request may see (``read``), and which it may leave behind (``write``; the same unless
    said). SQL conditions over the table's own columns, qualified with its name."""

    table: str
    read: str
    write: str = ""


@dataclass(frozen=True)
class Policy:
    """One policy as PostgreSQL has it."""

    table: str
    name: str
    command: str
    role: str
    using: str
    check: str

    def statement(self) -> str:
        """The statement that makes it."""
        parts = [f"CREATE POLICY {self.name} ON {self.table} FOR {self.command} TO {self.role}"]
        if self.using:
            parts.append(f"USING ({self.using})")
        if self.check:
            parts.append(f"WITH CHECK ({self.check})")
        return " ".join(parts)

    def mark(self) -> str:
        """What tells whether the database has this version of it: PostgreSQL writes conditions in words of its own."""
        return hashlib.sha256(self.statement().encode()).hexdigest()


PROTECTED: dict[str, Rows] = {}
# Tables without a child's, a family's or a caller's data, and why they need no policy.
OPEN: dict[str, str] = {}


def protect(*rows: Rows) -> None:
    """Declares which rows of the tables are whose; called from ``apps.py``."""
    PROTECTED.update({row.table: row for row in rows})


def leave_open(reason: str, *tables: str) -> None:
    """Declares that the tables need no policy, and why; called from ``apps.py``."""
    OPEN.update(dict.fromkeys(tables, reason))


def mine(column: str) -> str:
    """The row is the acting service's."""
    return f"{column} = ANY ({SERVICES})"


def me(column: str) -> str:
    """The row is the acting person's."""
    return f"{column} = {PERSON}"


def in_my_name(column: str) -> str:
    """The row says that the acting person did it; nobody's where nobody is logged in."""
    return f"{column} IS NOT DISTINCT FROM {PERSON}"


def either(*conditions: str) -> str:
    """One of the conditions holds."""
    return " OR ".join(f"({condition})" for condition in conditions)


def both(*conditions: str) -> str:
    """All the conditions hold."""
    return " AND ".join(f"({condition})" for condition in conditions)


def policies() -> Iterator[Policy]:
    """Every policy that is to stand.

    Where reading and writing differ, a row that is seen can be locked and changed, but only into one that may be
    written. The job role sees all: code takes it on after a check of its own (``portal.context.as_job``).
    """
    app, job = settings.PORTAL_DB_ROLE, settings.PORTAL_DB_JOB_ROLE
    for rows in PROTECTED.values():
        yield Policy(rows.table, "job_all", "ALL", job, "true", "true")
        if not rows.write:
            yield Policy(rows.table, "app_all", "ALL", app, rows.read, rows.read)
            continue
        yield Policy(rows.table, "app_select", "SELECT", app, rows.read, "")
        yield Policy(rows.table, "app_insert", "INSERT", app, "", rows.write)
        yield Policy(rows.table, "app_update", "UPDATE", app, rows.read, rows.write)
        yield Policy(rows.table, "app_delete", "DELETE", app, rows.write, "")


def bring_into_line(cursor: Any) -> int:
    """Makes, renews and drops policies until the database has those declared, in the caller's transaction.

    Returns how many were changed; what already stands takes no lock, so a deploy that changes nothing waits for nobody.
    Gives up rather than keep every request waiting for a long reader: then it is run again.
    """
    wanted, standing, changed = _wanted(), _standing(cursor), 0
    cursor.execute("SET LOCAL lock_timeout = '10s'")
    for key in sorted(standing.keys() - wanted.keys()):
        cursor.execute(f"DROP POLICY {_quoted(key[1])} ON {_quoted(key[0])}")
        changed += 1
    for key, policy in sorted(wanted.items()):
        if standing.get(key) == policy.mark():
            continue
        cursor.execute(f"DROP POLICY IF EXISTS {policy.name} ON {policy.table}")
        cursor.execute(policy.statement())
        cursor.execute(f"COMMENT ON POLICY {policy.name} ON {policy.table} IS '{policy.mark()}'")
        changed += 1
    for table in sorted(PROTECTED.keys() - _enabled(cursor)):
        cursor.execute(f"ALTER TABLE {_quoted(table)} ENABLE ROW LEVEL SECURITY")
        changed += 1
    return changed


def stand(cursor: Any) -> bool:
    """Whether the database has exactly what is declared, in force: asked before a process is let to serve."""
    marks = {key: policy.mark() for key, policy in _wanted().items()}
    return _standing(cursor) == marks and PROTECTED.keys() <= _enabled(cursor)


def _wanted() -> dict[tuple[str, str], Policy]:
    return {(policy.table, policy.name): policy for policy in policies()}


def _standing(cursor: Any) -> dict[tuple[str, str], str]:
    """Every policy in the database, with the mark of its text."""
    cursor.execute(
        "SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy') FROM pg_policy p"
        " JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public'"
    )
    return {(table, name): mark for table, name, mark in cursor.fetchall()}


def _enabled(cursor: Any) -> set[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    return {table for (table,) in cursor.fetchall()}


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
