"""Fixtures shared by all tests: a small world of services and people, and actors in it."""

import copy
import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import Browser, sync_playwright

from tests import in_role
from tests.append_only import let_tests_empty_tables
from tests.chromium import chromium
from tests.world import World

# Before any test imports an action.
in_role.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Gives the application's roles their rights in the test database, so that views run as ``portal_app``."""
    with django_db_blocker.unblock():
        call_command("grant_roles", verbosity=0, stdout=io.StringIO())
        let_tests_empty_tables()


@pytest.fixture(scope="module")
def laid_out(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """The world of a module, in a transaction that is rolled back after its last test: building it for each would take
    longer than most tests do."""
    with django_db_blocker.unblock(), transaction.atomic():
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Its event loop ends with the module: while it runs, Django has another connection to the
    database in this thread, which no test would close."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium())
