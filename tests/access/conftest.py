"""One rich world for a whole module: building it takes seconds, and most tests here only look."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.access.rich import Rich


@pytest.fixture(scope="module")
def rich(django_db_setup: None, django_db_blocker: object) -> Iterator[Rich]:
    """The rich world, in a transaction that is rolled back after the module's last test.

    Each test runs in a savepoint of its own inside it (the ``django_db`` mark), so what it writes is taken back.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield Rich.build()
        transaction.set_rollback(True)
