"""What a seal is made of: every column of every event, in a form that no setting of a session changes."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

# What is sealed, by form. A seal is checked in the form it was made in, so a form in use never changes: a new column
# of AuditEvent makes a new form (a test demands it).
FORMS: dict[int, tuple[str, ...]] = {
    1: (
        "id", "at", "kind", "verb", "user_id", "user_name", "hpr_number", "profession", "community_id",
        "organisation_id", "organisation_name", "organisation_number", "service_id", "service_name", "service_kind",
        "role", "purpose", "purpose_code", "basis", "decision_ref", "subject_type", "subject_id", "case_id",
        "child_id", "detail", "xid",
    )
}  # fmt: skip
NEWEST = max(FORMS)
# Instants in whole microseconds since 1970, whatever the session's time zone; all else has one way to be JSON.
PLAIN = {"at": "(extract(epoch FROM e.at) * 1000000)::bigint", "xid": "e.xid::text"}
FIRST, LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Span:
    """Events of a chain: transactions from ``lo`` and below ``hi``."""

    lo: int
    hi: int


@dataclass(frozen=True)
class Ids:
    """Event ids from ``first`` to ``last``, both included: those of one epoch."""

    first: int = FIRST
    last: int = LAST


@dataclass(frozen=True)
class Measure:
    """What a seal says of its events: how many, their checksum, and the greatest id (0 for none)."""

    n: int
    root: str
    top_id: int


def _select(form: int, community: uuid.UUID | None, statement: str) -> tuple[str, list[uuid.UUID]]:
    """The SQL of a statement about one chain, and the community as a parameter where there is one.

    Its ``{measure}`` are the columns of a measure, in the order of transactions and then of ids; its ``{chain}`` keeps
    to the chain in a way that the index knows.
    """
    columns = ", ".join(PLAIN.get(name, f'e."{name}"') for name in FORMS[form])
    # The schema is named, so that nobody's function of the same name is called instead.
    event = f"pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array({columns})::text, 'UTF8'))"
    joined = f"coalesce(pg_catalog.string_agg({event}, ''::bytea ORDER BY e.xid, e.id), ''::bytea)"
    measured = (
        f"pg_catalog.count(*) AS n, pg_catalog.encode(pg_catalog.sha256({joined}), 'hex') AS root,"
        " coalesce(pg_catalog.max(e.id), 0) AS top_id"
    )
    chain = "e.community_id IS NULL" if community is None else "e.community_id = %s"
    composed = sql.SQL(statement).format(measure=sql.SQL(measured), chain=sql.SQL(chain))
    return composed.as_string(), [] if community is None else [community]


SPANS = """
SELECT m.n, m.root, m.top_id
FROM unnest(%s::xid8[], %s::xid8[]) WITH ORDINALITY AS s(lo, hi, place)
CROSS JOIN LATERAL (
    SELECT {measure} FROM public.portal_auditevent e
    WHERE {chain} AND e.xid >= s.lo AND e.xid < s.hi AND e.id >= %s AND e.id <= %s
) m ORDER BY s.place
"""
REST = """
SELECT {measure} FROM public.portal_auditevent e
WHERE {chain} AND e.id >= %s AND e.id <= %s AND NOT (e.id <= %s AND e.xid < %s::xid8)
"""
WAITING = (
    "SELECT count(*) FROM public.portal_auditevent e WHERE {chain} AND e.xid >= %s::xid8 AND e.id >= %s AND e.at < %s"
)


def measure(community: uuid.UUID | None, spans: Sequence[Span], ids: Ids, form: int = NEWEST) -> list[Measure]:
    """The measures of several spans of one chain in one epoch, in their order. One statement, an index range each."""
    statement, whose = _select(form, community, SPANS)
    bounds = [[str(span.lo) for span in spans], [str(span.hi) for span in spans]]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*bounds, *whose, ids.first, ids.last])
        return [Measure(*row) for row in cursor.fetchall()]


def measure_rest(community: uuid.UUID | None, ids: Ids, *, closed_id: int, lo: int, form: int = NEWEST) -> Measure:
    """The measure of what an epoch left behind in a chain: all ids of it and of the time until the next epoch began,
    but not what was sealed (ids up to ``closed_id`` with transactions below ``lo``). One statement."""
    statement, whose = _select(form, community, REST)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*whose, ids.first, ids.last, closed_id, str(lo)])
        return Measure(*cursor.fetchone())


def waiting(community: uuid.UUID | None, since: int, ids: Ids, before: dt.datetime) -> int:
    """How many events of a chain from before an instant no seal holds yet."""
    statement, whose = _select(NEWEST, community, WAITING)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*whose, str(since), ids.first, before])
        return int(cursor.fetchone()[0])


def communities() -> set[uuid.UUID | None]:
    """Every community that has an event, None among them where some have no community; by skipping through the index,
    not by reading every event. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE found AS ("
            " (SELECT community_id FROM portal_auditevent WHERE community_id IS NOT NULL ORDER BY 1 LIMIT 1)"
            " UNION ALL SELECT (SELECT e.community_id FROM portal_auditevent e WHERE e.community_id > f.community_id"
            " ORDER BY 1 LIMIT 1) FROM found f WHERE f.community_id IS NOT NULL)"
            " SELECT community_id FROM found WHERE community_id IS NOT NULL UNION ALL"
            " SELECT NULL WHERE EXISTS (SELECT FROM portal_auditevent WHERE community_id IS NULL)"
        )
        return {row[0] for row in cursor.fetchall()}
