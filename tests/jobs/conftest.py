"""A database and a queue of their own for tests that kill workers."""

from collections.abc import Iterator

import pytest

from tests.running import Place, place


@pytest.fixture(scope="session")
def workplace() -> Iterator[Place]:
    """A clone with the demo story, and a queue of its own."""
    with place("jobs", queue=1) as here:
        here.env["PORTAL_TEST_BEGUN"] = str(here.data_dir.root / "begun")
        yield here


@pytest.fixture
def empty_queue(workplace: Place) -> Place:
    """The same, with nothing on the queue."""
    workplace.run("from portal.celery import app; app.connection().default_channel.client.flushdb()")
    return workplace
