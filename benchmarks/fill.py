"""Copies the demo story until there are as many cases as wanted: plain INSERT … SELECT, keys and indexes made
afterwards."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import models

from benchmarks.shape import (
    COPIES_IN_A_PLACE,
    PLACE_TABLES,
    case_tables,
    copied_columns,
    foreign_keys,
    place_columns,
)
from cases.models import Child
from cases.national_number import put, reveal
from portal.models import AuditEvent, Service

BATCH = 200
Say = Callable[[str], None]


@dataclass(frozen=True)
class Filled:
    """How many cases and rows there are now, and how long the filling took (seconds)."""

    cases: int
    rows: int
    seconds: float


def fill(link: "psycopg.Connection[tuple[int, ...]]", wanted: int, say: Say) -> Filled:
    """Brings the database up to ``wanted`` cases (rounded up to whole stories). The link is the owner's, in autocommit.

    Foreign keys are taken away and made again, which checks every copied row.
    """
    started = time.monotonic()
    tables = case_tables()
    keep_story(link, tables)
    story = number(link, "SELECT count(*) FROM bench.cases_case")
    have = number(link, "SELECT count(*) FROM cases_case") // story - 1
    want = -(-wanted // story) - 1
    rows = 0
    if want > have:
        with without_keys(link, [model._meta.db_table for model in [*tables, *PLACE_TABLES]]):
            rows += make_places(link, have // COPIES_IN_A_PLACE + 1, want // COPIES_IN_A_PLACE)
            for model in tables:
                begun = time.monotonic()
                made = copy_rows(link, model, set(tables), have + 1, want)
                rows += made
                say(f"  {model._meta.db_table}: {made} rader, {time.monotonic() - begun:.1f} s")
        renew_numbers(link, have + 1, want)
        link.execute("VACUUM ANALYZE")
    return Filled(number(link, "SELECT count(*) FROM cases_case"), rows, time.monotonic() - started)


def keep_story(link: psycopg.Connection, tables: list[type[models.Model]]) -> None:
    """Puts the original rows aside in a schema of their own: what every copy is made from."""
    if number(link, "SELECT count(*) FROM pg_namespace WHERE nspname = 'bench'"):
        return
    with link.transaction():
        link.execute("CREATE SCHEMA bench")
        for model in [*tables, *PLACE_TABLES]:
            table = model._meta.db_table
            only = " WHERE case_id IS NOT NULL" if model is AuditEvent else ""
            if model is Service:
                only = f" WHERE id IN ({services_used(tables)})"
            link.execute(f"CREATE TABLE bench.{table} AS SELECT * FROM public.{table}{only}")


def services_used(tables: list[type[models.Model]]) -> str:
    """SQL for the services that the story names; the rest of the directory needs no copies."""
    used = [
        f'SELECT "{field.column}" FROM public.{model._meta.db_table}'
        for model in [*tables, *PLACE_TABLES]
        for field in foreign_keys(model)
        if field.related_model is Service
    ]
    return " UNION ".join(used)


def make_places(link: psycopg.Connection, first: int, last: int) -> int:
    """Services, people and memberships for the places from ``first`` to ``last``."""
    return sum(insert(link, model, place_columns(model), first, last) for model in PLACE_TABLES)


def copy_rows(
    link: psycopg.Connection, model: type[models.Model], of_case: set[type[models.Model]], first: int, last: int
) -> int:
    """The copies from ``first`` to ``last`` of one table, in batches so that new ids come in order."""
    columns = copied_columns(model, of_case)
    return sum(
        insert(link, model, columns, start, min(start + BATCH - 1, last)) for start in range(first, last + 1, BATCH)
    )


def renew_numbers(link: psycopg.Connection, first: int, last: int) -> None:
    """Encrypts the national numbers of the copies anew: a cipher text is bound to its child and opens for no other."""
    story = [row[0] for row in link.execute("SELECT id FROM bench.cases_child WHERE number_kind <> ''")]
    known = {child.pk: reveal(child) for child in Child.objects.filter(pk__in=story)}
    with link.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE renewed (id uuid, token bytea)")
        with cursor.copy("COPY renewed FROM STDIN") as rows:
            for n in range(first, last + 1):
                for child_id, known_number in known.items():
                    copy = Child(pk=uuid.UUID(f"{n:08x}{str(child_id)[8:]}"))
                    put(copy, known_number)
                    rows.write_row((copy.pk, copy.number_encrypted))
        cursor.execute("UPDATE cases_child SET number_encrypted = token FROM renewed WHERE cases_child.id = renewed.id")
        cursor.execute("DROP TABLE renewed")


def insert(link: psycopg.Connection, model: type[models.Model], columns: dict[str, str], first: int, last: int) -> int:
    """One INSERT … SELECT. Returns how many rows it made."""
    table = model._meta.db_table
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    cursor = link.execute(
        f"INSERT INTO public.{table} ({names}) SELECT {values}"
        f" FROM generate_series({first}::int, {last}::int) AS n CROSS JOIN bench.{table} AS s"
    )
    return cursor.rowcount


@contextmanager
def without_keys(link: psycopg.Connection, tables: list[str]) -> Iterator[None]:
    """Takes away foreign keys, unique constraints and indexes of the tables, and makes them again at the end."""
    link.execute("SET maintenance_work_mem = '512MB'")
    constraints = link.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype",
        [tables],
    ).fetchall()
    indexes = link.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')",
        [tables],
    ).fetchall()
    for table, name, _definition in constraints:
        link.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        link.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        link.execute(definition)
    for table, name, definition in reversed(constraints):
        link.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def number(link: psycopg.Connection, query: str) -> int:
    """The single number a query gives."""
    row = link.execute(query).fetchone()
    assert row is not None
    return int(row[0])
