"""The triggers of tables that are written once, as tests need them."""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

from portal.append_only import TABLES


def let_tests_empty_tables() -> None:
    """Turns off what refuses TRUNCATE, in the tests' own database: that is how a test that commits is cleaned up after.

    The test of that refusal turns it on for itself.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER no_truncate")


def refuse_emptying(table: str) -> None:
    """Turns it on again for one table, in the transaction of one test."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER no_truncate")


@contextlib.contextmanager
def behind_the_guards(table: str) -> Iterator[None]:
    """What the owner of a table can do, and nobody else: turn its guards off, change what stands there, and turn them
    on again."""
    also = ["own_transaction"] if table == "portal_auditevent" else []
    with transaction.atomic(), connection.cursor() as cursor:
        for trigger in ("append_only", *also):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")
        for trigger in also:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
