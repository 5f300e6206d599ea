"""Sealing: every event once, in the order of transactions, bound to the seal before, and nothing for nothing."""

import threading

import psycopg
from django.db import connection, transaction

from portal.models import AuditEvent, AuditSeal
from portal.seals.chain import hash_of
from portal.seals.content import FORMS, NEWEST, Ids, Span, measure
from tests.at_once import together
from tests.seals.trail import NORTH, SOUTH, check, seal, tomorrow, write


def test_each_chain_is_sealed_by_itself_and_each_seal_bound_to_the_one_before(transactional_db: None) -> None:
    """Given events of two communities and of none, then each has its chain, and the next seal goes on from it."""
    write(NORTH, 3)
    write(SOUTH, 1)
    write(None, 2)
    first = seal()
    assert {(row.community_id, row.number, row.n, row.prev) for row in first} == {
        (NORTH, 1, 3, ""), (SOUTH, 1, 1, ""), (None, 1, 2, "")
    }  # fmt: skip
    write(NORTH, 2)
    (second,) = seal()
    before = next(row for row in first if row.community_id == NORTH)
    assert (second.number, second.n, second.prev, second.lo) == (2, 2, before.hash, before.hi)
    assert hash_of(AuditSeal.objects.get(pk=second.pk)) == second.hash
    assert check() == []


def test_what_is_not_committed_waits_for_the_next_seal(transactional_db: None) -> None:
    """Given an event in a transaction still open on another connection, then it is sealed later."""
    write(NORTH)
    written, sealed = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write(NORTH, verb="case.slow")
            written.set()
            assert sealed.wait(timeout=20)

    def quick() -> list[int]:
        assert written.wait(timeout=20)
        write(NORTH, verb="case.quick")
        try:
            return [row.n for row in seal()]
        finally:
            sealed.set()

    _none, counts = together(slow, quick)
    # The quick one committed after the slow one began: both wait, the one from before does not.
    assert counts == [1]
    assert [row.n for row in seal()] == [2]
    assert check() == []


def test_another_database_of_the_server_holds_nothing_up(transactional_db: None) -> None:
    """Given a transaction that stays open in another database, then what is written here after it began is sealed."""
    given = {**connection.get_connection_params(), "dbname": "postgres"}
    link = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
    with psycopg.connect(**link) as elsewhere:
        begun = elsewhere.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        (event,) = write(NORTH)
        assert begun is not None
        assert AuditEvent.objects.get(pk=event.pk).xid > begun[0]
        assert [row.n for row in seal()] == [1]


def test_an_idle_chain_gets_one_empty_seal_a_day(transactional_db: None) -> None:
    """Given nothing new, then no seal is made; and the first run of the next day says that the chain ends where it
    did."""
    write(NORTH)
    assert len(seal()) == 1
    assert seal() == []
    (daily,) = seal(now=tomorrow())
    assert (daily.number, daily.n) == (2, 0)
    assert seal(now=tomorrow()) == []
    assert check() == []


def test_no_events_no_seals(transactional_db: None) -> None:
    assert seal() == []
    assert check() == []


def test_the_checksum_does_not_depend_on_the_settings_of_a_session(transactional_db: None) -> None:
    write(NORTH, detail={"b": 1, "a": [1.50, "å"]})
    whole = Span(0, 2**62)
    before = measure(NORTH, [whole], Ids(0))
    with transaction.atomic(), connection.cursor() as cursor:
        for setting, value in (
            ("timezone", "Asia/Tokyo"), ("datestyle", "German, DMY"), ("intervalstyle", "sql_standard"),
            ("extra_float_digits", "-15"), ("bytea_output", "escape"), ("client_encoding", "LATIN1"),
        ):  # fmt: skip
            cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
        assert measure(NORTH, [whole], Ids(0)) == before


def test_every_column_of_an_event_is_sealed() -> None:
    """A new column must come into a new form (the seals that stand are checked by the old)."""
    assert sorted(FORMS[NEWEST]) == sorted(field.column for field in AuditEvent._meta.concrete_fields)
