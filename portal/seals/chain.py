"""One link of the chain: its own checksum, which seal is the newest, and where the database stands now."""

import hashlib
import json
import uuid
from dataclasses import dataclass

from django.db import connection

from portal.models import AuditSeal


def text_of(seal: AuditSeal) -> str:
    """Everything a seal says but its own hash, as one line of JSON: what the hash is made of."""
    said = [
        seal.form,
        str(seal.community_id or ""),
        seal.epoch,
        seal.number,
        seal.lo,
        seal.hi,
        seal.from_id,
        seal.closed_id,
        seal.top_id,
        seal.n,
        seal.root,
        seal.prev,
        round(seal.sealed_at.timestamp() * 1_000_000),
        seal.cluster,
        seal.reason,
    ]
    return json.dumps(said, ensure_ascii=True, separators=(",", ":"))


def hash_of(seal: AuditSeal) -> str:
    """The seal's hash as it must be: 64 hexadecimal signs."""
    return hashlib.sha256(text_of(seal).encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Horizon:
    """Where the database stands: every transaction below ``ended`` has ended, none has come to ``coming``; and which
    cluster it is."""

    ended: int
    coming: int
    cluster: str


# The snapshot knows the running transactions of every database of the server. Those that are surely of another one
# write nothing here, and hold nothing up; one that cannot be placed counts as ours.
HORIZON = """
SELECT coalesce(
           (SELECT x.id FROM pg_snapshot_xip(now.snapshot) AS x(id) WHERE NOT EXISTS (
               SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
               WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
               AND l.transactionid = x.id::xid
               AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
           ) ORDER BY x.id LIMIT 1),
           pg_snapshot_xmax(now.snapshot)
       )::text::bigint,
       pg_snapshot_xmax(now.snapshot)::text::bigint,
       (SELECT system_identifier FROM pg_control_system()) || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
FROM (SELECT pg_current_snapshot() AS snapshot OFFSET 0) AS now
"""


def horizon() -> Horizon:
    """As of this statement; what a later statement (READ COMMITTED) sees is at least as much. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        return Horizon(*cursor.fetchone())


def newest_seals() -> dict[uuid.UUID | None, AuditSeal]:
    """The newest seal of every chain. One statement."""
    rows = AuditSeal.objects.order_by("community_id", "-number").distinct("community_id")
    return {seal.community_id: seal for seal in rows}


def newest_seal(community: uuid.UUID | None) -> AuditSeal | None:
    """The newest seal of one chain. One statement."""
    return AuditSeal.objects.filter(community_id=community).order_by("-number").first()
