"""Fixtures shared by all tests: a small world of services and people, and actors in it."""

import copy
import io
import os
import sys
from collections.abc import Iterator

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.world import World


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Gives the application's roles their rights in the test database, so that views run as ``portal_app``."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("grant_roles", verbosity=0, stdout=io.StringIO())
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        end_others()


def end_others() -> None:
    """A session that some thread left open would keep the database from being removed: ended, and told of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid), state, left(query, 200) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
        for _ended, state, query in cursor.fetchall():
            sys.stderr.write(f"En forbindelse sto åpen ({state}): {query}\n")


@pytest.fixture(scope="module")
def laid_out(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """The world of a module, in a transaction that is rolled back after its last test: building it for each would take
    longer than most tests do."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        world = World.build()
        for who in ("coordinator", "teacher", "doctor", "intake"):
            getattr(world, who)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(laid_out: World, db: None) -> World:
    """Two municipalities, a hospital, their services, and one person in each role; each test has its own copy."""
    return copy.deepcopy(laid_out)


@pytest.fixture
def lasting(transactional_db: None) -> World:
    """A world that other connections see. Not in one module with tests of ``world``, whose transaction is open then."""
    return World.build()
