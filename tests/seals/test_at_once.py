"""Writers that commit in another order than they began, while two sealers run all the time."""

import random
import threading
import time

from django.db import connection, transaction

from portal.models import AuditEvent, AuditSeal
from tests.at_once import together
from tests.seals.trail import NORTH, SOUTH, check, seal, write

WRITERS, ROUNDS = 4, 25


def test_every_event_is_sealed_once_whatever_the_order(transactional_db: None) -> None:
    """Given transactions of several events in two chains, some rolled back, and two sealers at once, then every event
    that is there is under exactly one seal, and every chain holds."""
    writing = threading.Event()
    writing.set()
    left = threading.Semaphore(0)

    def writer(seed: int) -> int:
        chance, written = random.Random(seed), 0
        for _n in range(ROUNDS):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    # An id early, the events late: those who began after commit before.
                    cursor.execute("SELECT pg_current_xact_id()")
                time.sleep(chance.random() / 100)
                count = chance.randint(1, 3)
                write(chance.choice([NORTH, SOUTH]), count)
                time.sleep(chance.random() / 50)
                if chance.random() < 0.2:
                    transaction.set_rollback(True)
                else:
                    written += count
        left.release()
        return written

    def sealer() -> int:
        made = 0
        while writing.is_set():
            made += len(seal())
        return made

    def watch() -> None:
        for _n in range(WRITERS):
            assert left.acquire(timeout=50)
        writing.clear()

    results = together(*(lambda seed=seed: writer(seed) for seed in range(WRITERS)), sealer, sealer, watch)
    assert all(isinstance(result, int) for result in results[:-1]), results
    seal()
    assert AuditEvent.objects.count() == sum(results[:WRITERS]) > WRITERS
    assert sum(row.n for row in AuditSeal.objects.all()) == AuditEvent.objects.count()
    assert AuditSeal.objects.count() > 10
    assert check() == []
