"""Sealing what has happened since the last time. Safe beside writers and other sealers; asks nothing of either."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from portal.context import as_job
from portal.models import AuditEvent, AuditSeal
from portal.seals.chain import Horizon, hash_of, horizon, newest_seals
from portal.seals.content import FIRST, NEWEST, Ids, Measure, Span, communities, measure, measure_rest

# Any number will do, as long as nobody else takes it: the letters "seal".
LOCK = 0x7365616C
RESTORED = "Databasen er gjenopprettet, eller er blitt en annen"
Heads = Mapping[uuid.UUID | None, AuditSeal]


def seal_events(*, now: dt.datetime | None = None, reason: str = "") -> list[AuditSeal]:
    """Seals, in every chain, the events of all transactions that have ended. Returns the new seals.

    A chain in which nothing has happened gets one empty seal a day, so that each day's list of the newest seals proves
    that nothing was cut off the end of any chain until then. ``reason`` begins a new epoch deliberately; it begins by
    itself when the database is another one than the newest seal's, or has gone back in time. Runs in the caller's
    transaction (READ COMMITTED), as the job role: the log of all is read.
    """
    now = now or timezone.now()
    with as_job():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        # After the lock: a sealer that waited sees what the other one made.
        heads, here = newest_seals(), horizon()
        if heads and (reason or _elsewhere(heads, here)):
            return _begin_epoch(heads, now=now, reason=reason or RESTORED)
        made = (_seal_chain(heads, community, here, now) for community in _chains(heads))
        return [seal for seal in made if seal is not None]


def _chains(heads: Heads) -> list[uuid.UUID | None]:
    return sorted({*heads, *communities()}, key=str)


def _elsewhere(heads: Heads, here: Horizon) -> bool:
    """Whether this is not the database that was sealed last."""
    newest = max(heads.values(), key=lambda seal: seal.pk)
    return here.cluster != newest.cluster or here.coming < max(seal.hi for seal in heads.values())


def _seal_chain(heads: Heads, community: uuid.UUID | None, here: Horizon, now: dt.datetime) -> AuditSeal | None:
    """The next seal of one chain, or None where nothing has happened and today has its seal."""
    head = heads.get(community)
    epoch, from_id = max(((seal.epoch, seal.from_id) for seal in heads.values()), default=(1, FIRST))
    lo = head.hi if head else 0
    span = Span(lo, max(lo, here.ended))
    measured = measure(community, [span], Ids(from_id))[0]
    if not measured.n and (head is None or timezone.localdate(head.sealed_at) >= timezone.localdate(now)):
        return None
    seal = AuditSeal(epoch=epoch, lo=span.lo, hi=span.hi, from_id=from_id, cluster=here.cluster, sealed_at=now)
    return _append(seal, community, head, measured)


def _begin_epoch(heads: Heads, *, now: dt.datetime, reason: str) -> list[AuditSeal]:
    """The first seal of a new epoch in every chain, bound to the last of the one before.

    Transaction ids may begin anew, so from here on the epochs are told apart by the ids of the events, which go on.
    Writers are held back for the moment it takes: then everything that can be seen is written, whatever its number.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_hold_events()")
    here = horizon()
    epoch, first = max((seal.epoch, seal.from_id) for seal in heads.values())
    closed_id = max(AuditSeal.objects.aggregate(top=Max("top_id"))["top"], first)
    last = max(AuditEvent.objects.aggregate(top=Max("id"))["top"] or 0, closed_id)
    made = []
    for community in _chains(heads):
        head = heads.get(community)
        lo = head.hi if head else 0
        measured = measure_rest(community, Ids(first, last), closed_id=closed_id, lo=lo)
        seal = AuditSeal(
            epoch=epoch + 1,
            lo=lo,
            hi=here.ended,
            from_id=last + 1,
            closed_id=closed_id,
            cluster=here.cluster,
            sealed_at=now,
            reason=reason,
        )
        made.append(_append(seal, community, head, measured))
    return made


def _append(seal: AuditSeal, community: uuid.UUID | None, head: AuditSeal | None, measured: Measure) -> AuditSeal:
    seal.form, seal.community_id = NEWEST, community
    seal.number, seal.prev = (head.number + 1, head.hash) if head else (1, "")
    seal.n, seal.root, seal.top_id = measured.n, measured.root, measured.top_id
    seal.hash = hash_of(seal)
    seal.save(force_insert=True)
    return seal
