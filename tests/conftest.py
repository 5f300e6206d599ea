"""Fixtures shared by all tests: a small world of services and people, and actors in it."""

import io
import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from django.core.management import call_command

from tests.world import World


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Gives the application's roles their rights in the test database, so that views run as ``portal_app``."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("grant_roles", verbosity=0, stdout=io.StringIO())


@pytest.fixture
def world(db: None) -> World:
    """Two municipalities, a hospital, their services, and one person in each role."""
    return World.build()
