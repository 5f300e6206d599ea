"""Tampering by the owner of the database, who can turn every guard off: each kind is found, and named."""

import pytest
from django.db import connection

from portal.models import AuditEvent, AuditSeal
from portal.seals.chain import hash_of, newest_seals
from portal.seals.lists import Listed, compare
from tests.append_only import behind_the_guards
from tests.seals.trail import NORTH, SOUTH, check, seal, tamper, write

COLUMNS = [field.column for field in AuditEvent._meta.concrete_fields]
UPDATE = "UPDATE {} SET {} WHERE id = %s"
OTHER = {
    "id": "id + 1000000",
    "at": "at + interval '1 microsecond'",
    "kind": "'write'",
    "detail": """'{"list": true}'""",
    "xid": "(xid::text::bigint + 1)::text::xid8",
}


def other(column: str) -> str:
    """SQL for another value of a column."""
    internal = AuditEvent._meta.get_field(column).get_internal_type()
    return OTHER.get(column, "gen_random_uuid()" if internal == "UUIDField" else "'x'")


def three_seals() -> list[AuditSeal]:
    """Two events under each of three seals, and one seal in another chain."""
    write(SOUTH)
    made = []
    for _n in range(3):
        write(NORTH, 2)
        made += [row for row in seal() if row.community_id == NORTH]
    return made


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_in_any_column_is_found(transactional_db: None, column: str) -> None:
    """Given one value of one event changed, then the check names the seal; also one moved to another chain or time."""
    seals = three_seals()
    victim = AuditEvent.objects.filter(community_id=NORTH).order_by("id")[2]
    assert tamper(UPDATE.format("portal_auditevent", f"{column} = {other(column)}"), victim.pk) == 1
    found = next(broken for broken in check() if broken.community == NORTH)
    assert found.number == 2
    assert (found.since, found.until) == (seals[0].sealed_at, seals[1].sealed_at)
    if column not in {"community_id", "xid"}:
        assert found.what == "minst én hendelse er endret"


def test_an_event_that_is_gone_is_found(transactional_db: None) -> None:
    three_seals()
    first = AuditEvent.objects.filter(community_id=NORTH).order_by("id")[0]
    tamper("DELETE FROM portal_auditevent WHERE id = %s", first.pk)
    (found,) = check()
    assert (found.community, found.number, found.what) == (NORTH, 1, "én hendelse mangler")


def test_an_event_put_into_a_time_that_is_sealed_is_found(transactional_db: None) -> None:
    three_seals()
    with behind_the_guards("portal_auditevent"), connection.cursor() as cursor:
        (added,) = write(NORTH)
        cursor.execute(
            "UPDATE portal_auditevent SET xid = (SELECT xid FROM portal_auditevent WHERE community_id = %s"
            " ORDER BY id OFFSET 2 LIMIT 1) WHERE id = %s",
            [NORTH, added.pk],
        )
    (found,) = check()
    assert (found.number, found.what) == (2, "én hendelse er kommet til")


@pytest.mark.parametrize("change", ["n = n + 1", "root = repeat('0', 64)", "lo = lo + 1", "hi = hi + 1", "prev = 'x'",
                                    "sealed_at = sealed_at - interval '1 day'", "epoch = 2", "reason = 'x'",
                                    "hash = repeat('0', 64)", "cluster = 'x'", "form = 9", "from_id = 7"])  # fmt: skip
def test_a_changed_seal_is_found(transactional_db: None, change: str) -> None:
    seals = three_seals()
    tamper(UPDATE.format("portal_auditseal", change), seals[1].pk, table="portal_auditseal")
    (found,) = check()
    assert (found.number, found.what) == (2, "seglet er endret")


def test_a_seal_made_again_breaks_the_link_of_the_next(transactional_db: None) -> None:
    """Given a seal changed together with its own hash, then the seal after it does not follow."""
    seals = three_seals()
    forged = seals[1]
    forged.reason = "pyntet på"
    with behind_the_guards("portal_auditseal"):
        AuditSeal.objects.filter(pk=forged.pk).update(reason=forged.reason, hash=hash_of(forged))
    (found,) = check()
    assert (found.number, found.what) == (3, "leddet til seglet før er brutt")


def test_a_seal_that_is_gone_is_found(transactional_db: None) -> None:
    seals = three_seals()
    tamper("DELETE FROM portal_auditseal WHERE id = %s", seals[1].pk, table="portal_auditseal")
    (found,) = check()
    assert (found.number, found.what) == (2, "seglet mangler")


def rewrite_history() -> list[AuditSeal]:
    """The owner changes an event and makes all of its chain's seals anew, so that everything fits."""
    tamper("UPDATE portal_auditevent SET user_name = 'En annen' WHERE community_id = %s", NORTH)
    tamper("DELETE FROM portal_auditseal WHERE community_id = %s", NORTH, table="portal_auditseal")
    return seal()


def test_a_history_written_anew_is_found_with_the_list_alone(transactional_db: None) -> None:
    """Given everything rewritten so that it fits, then the chain holds, and the list kept outside tells."""
    three_seals()
    kept = [Listed(row.community_id, row.epoch, row.number, row.sealed_at, row.hash) for row in newest_seals().values()]
    assert list(compare(kept)) == []
    rewrite_history()
    assert check() == []
    (found,) = compare(kept)
    assert (found.community, found.number, found.what) == (NORTH, 3, "seglet står i lista, men mangler i databasen")
    write(NORTH)
    seal()
    write(NORTH)
    seal()
    assert [row.what for row in compare(kept)] == ["seglet er et annet enn i lista"]


def test_an_end_cut_off_is_found_with_the_list_alone(transactional_db: None) -> None:
    """Given the last events and their seal removed, then what is left fits, and the list kept outside tells."""
    seals = three_seals()
    kept = [Listed(row.community_id, row.epoch, row.number, row.sealed_at, row.hash) for row in newest_seals().values()]
    tamper("DELETE FROM portal_auditevent WHERE community_id = %s AND xid >= %s::xid8", NORTH, str(seals[2].lo))
    tamper("DELETE FROM portal_auditseal WHERE id = %s", seals[2].pk, table="portal_auditseal")
    assert check() == []
    assert [(row.number, row.what) for row in compare(kept)] == [
        (3, "seglet står i lista, men mangler i databasen")
    ]  # fmt: skip


def test_the_guards_stand_again_after_tampering_and_fire_as_replica_too(transactional_db: None) -> None:
    """Given session_replication_role, which triggers usually obey, then these do not, and the owner may not set it:
    what gets past them is DISABLE TRIGGER, as in every test above."""
    seals = three_seals()
    tamper("UPDATE portal_auditseal SET n = n WHERE id = %s", seals[0].pk, table="portal_auditseal")
    assert check() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'append_only' GROUP BY 1")
        assert cursor.fetchall() == [("A",)]
        cursor.execute("SELECT has_parameter_privilege('portal_owner', 'session_replication_role', 'SET')")
        assert cursor.fetchone() == (False,)
