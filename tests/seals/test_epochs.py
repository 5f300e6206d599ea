"""A restored backup: transaction ids begin anew, and a new epoch is bound to the one before."""

import dataclasses

import pytest
from django.db import connection

from portal.actions import sealing
from portal.models import AuditEvent, AuditSeal
from portal.seals.chain import Horizon, horizon
from tests.append_only import behind_the_guards
from tests.seals.trail import NORTH, SOUTH, check, seal, tamper, write

FAR = 10**12


def in_another_cluster(monkeypatch: pytest.MonkeyPatch, *, xid: int) -> None:
    """The database as it was before: of another cluster, whose transactions had come far beyond this one's."""
    monkeypatch.setattr(sealing, "horizon", lambda: Horizon(xid, xid, "7/00000001"))


def written_there(community: object, xid: int) -> AuditEvent:
    """An event of that cluster."""
    with behind_the_guards("portal_auditevent"), connection.cursor() as cursor:
        (event,) = write(community)  # type: ignore[arg-type]
        cursor.execute("UPDATE portal_auditevent SET xid = %s::xid8 WHERE id = %s", [str(xid), event.pk])
    return event


def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sealed events and an empty day in another cluster, one not sealed when the backup was taken, now here."""
    with monkeypatch.context() as there:
        written_there(NORTH, FAR)
        written_there(SOUTH, FAR + 1)
        in_another_cluster(there, xid=FAR + 10)
        seal()
        written_there(NORTH, FAR + 12)
    # What the new cluster has written before the sealer comes by: with small ids of transactions.
    write(NORTH)
    write(None)


def test_a_restored_backup_begins_a_linked_epoch(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given smaller transaction ids than the last seal's, then every chain gets a seal in a new epoch, bound to its
    last, which holds what the backup had not sealed and what is new."""
    restored(monkeypatch)
    last = {row.community_id: row for row in AuditSeal.objects.all()}
    made = {row.community_id: row for row in seal()}
    assert {(key, row.epoch, row.number, row.n) for key, row in made.items()} == {
        (NORTH, 2, 2, 2), (SOUTH, 2, 2, 0), (None, 2, 1, 1)
    }  # fmt: skip
    assert made[NORTH].prev == last[NORTH].hash
    assert made[NORTH].hi < last[NORTH].hi
    assert made[NORTH].reason == sealing.RESTORED
    assert check() == []


def test_after_it_the_chain_goes_on_as_before(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given events after the new epoch began, then each is sealed once, whatever its transaction was called before."""
    restored(monkeypatch)
    seal()
    write(NORTH, 2)
    write(SOUTH)
    assert {(row.community_id, row.epoch, row.n, row.closed_id) for row in seal()} == {
        (NORTH, 2, 2, None), (SOUTH, 2, 1, None)
    }  # fmt: skip
    assert check() == []
    assert sum(row.n for row in AuditSeal.objects.all()) == AuditEvent.objects.count()


def test_transaction_ids_that_come_again_are_kept_apart(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a new cluster that comes as far as the old one had, then the seals of both hold."""
    restored(monkeypatch)
    seal()
    written_there(NORTH, FAR)
    written_there(NORTH, FAR + 12)
    here = horizon()
    monkeypatch.setattr(sealing, "horizon", lambda: dataclasses.replace(here, ended=FAR + 20, coming=FAR + 20))
    (again,) = seal()
    assert (again.epoch, again.n) == (2, 2)
    assert check() == []


@pytest.mark.parametrize(("place", "number"), [(0, 1), (2, 2), (3, 2), (5, 3)])
def test_tampering_is_found_in_either_epoch(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, place: int, number: int
) -> None:
    """Given a change in an event of the old epoch, in what it left behind, or in the new one, then it is found."""
    restored(monkeypatch)
    seal()
    write(NORTH)
    seal()
    victim = AuditEvent.objects.order_by("id")[place]
    tamper("UPDATE portal_auditevent SET role = 'x' WHERE id = %s", victim.pk)
    (found,) = check()
    assert (found.community, found.number) == (NORTH, number)


def test_an_event_forged_into_the_gap_between_the_epochs_is_found(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an event with an old id and a transaction that no seal of the old epoch came to, then it is too many."""
    restored(monkeypatch)
    seal()
    tamper(
        "INSERT INTO portal_auditevent (id, at, kind, verb, user_name, hpr_number, community_id, organisation_name,"
        " service_name, role, purpose, basis, subject_type, detail, xid) OVERRIDING SYSTEM VALUE SELECT"
        " 0, at, kind, verb, user_name, hpr_number, community_id, organisation_name, service_name, role, purpose,"
        " basis, subject_type, detail, %s::xid8 FROM portal_auditevent WHERE community_id = %s LIMIT 1",
        str(FAR + 11), NORTH,
    )  # fmt: skip
    assert [(row.community, row.what) for row in check()] == [(NORTH, "én hendelse er kommet til")]


def test_an_epoch_can_be_begun_deliberately(transactional_db: None) -> None:
    """Given a reason, then a new epoch begins also where nothing shows that the database is another."""
    write(NORTH)
    seal()
    write(NORTH)
    (begun,) = seal(reason="Gjenopprettet til i går")
    assert (begun.epoch, begun.number, begun.n, begun.reason) == (2, 2, 1, "Gjenopprettet til i går")
    write(NORTH)
    (after,) = seal()
    assert (after.epoch, after.n) == (2, 1)
    assert check() == []


def test_the_first_epoch_begins_without_a_reason(transactional_db: None) -> None:
    write(NORTH)
    (first,) = seal(reason="Ingenting å gjenopprette")
    assert (first.epoch, first.reason, first.closed_id) == (1, "", None)
