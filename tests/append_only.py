"""The triggers of tables that are written once, as tests need them."""

from django.db import connection

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
