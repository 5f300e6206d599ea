"""Keeping ``case_access``: who may be in a case is worked out from the facts, and the table is brought into line.

Actions call ``refresh_access`` under the case's lock after anything that can change the answer. Other apps add their
facts through ``add_source`` (a contribution asked, a referral received); nobody else writes the table.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import F

from cases.models import Case, CaseAccess, Scope
from cases.sharing import SharingFacts
from portal.context import as_job


@dataclass(frozen=True)
class Grant:
    """One reason for a service, or for a person alone, to be let in: what it opens, from when (None: now), and until
    when (exclusive)."""

    # The service's id; the person's where ``kind`` says so.
    service_id: uuid.UUID
    basis: str
    scope: str
    until: dt.datetime | None = None
    valid_from: dt.datetime | None = None
    kind: str = CaseAccess.Kind.SERVICE


Source = Callable[[SharingFacts, dt.datetime], Iterable[Grant]]
Key = tuple[uuid.UUID, str, str, dt.datetime | None]
Period = tuple[dt.datetime, dt.datetime | None]
_SOURCES: list[Source] = []
ITEMS = "items_"
PARTICIPANT = "participant:"


def add_source(source: Source) -> Source:
    """Registers a function that lists the grants of a case from the facts as they stand; called from ``apps.py``.

    It is given what decides sharing in the case, read once for all sources; the case is ``facts.case``.
    """
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def refresh_access(case: Case, now: dt.datetime) -> list[uuid.UUID]:
    """Brings the access rows of a case into line with its facts: ends what no longer holds, opens what now does.

    Locks the case, so that two at once take turns. Runs as the job role, since what is granted to others must not
    depend on what the actor sees. Ended rows stay as history. Safe to run at any time; a second run changes nothing.
    Returns the participants (their ids) that are let in to the case for the first time.
    """
    with as_job():
        Case.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=case.pk)
        facts = SharingFacts(case)
        given = [grant for source in _SOURCES for grant in source(facts, now)]
        wanted = wanted_rows(_after_closing(case, given) if case.state == Case.State.CLOSED else given, now)
        changed: list[CaseAccess] = []
        live = CaseAccess.objects.filter(case=case).exclude(until__lte=now).exclude(until__lte=F("valid_from"))
        for row in live:
            grant = wanted.pop(_key(row.principal_id, row.basis, row.scope, row.valid_from, now), None)
            until = grant.until if grant else max(now, row.valid_from)
            if row.until != until:
                row.until = until
                changed.append(row)
        if changed:
            CaseAccess.objects.bulk_update(changed, ["until"])
        entering = _first_time(case, wanted.values(), now)
        if wanted:
            CaseAccess.objects.bulk_create(
                [
                    CaseAccess(
                        case=case,
                        principal_kind=grant.kind,
                        principal_id=grant.service_id,
                        basis=grant.basis,
                        scope=grant.scope,
                        valid_from=grant.valid_from or now,
                        until=grant.until,
                    )
                    for grant in wanted.values()
                ],
                update_conflicts=True,
                unique_fields=["case", "principal_id", "basis", "scope", "valid_from"],
                update_fields=["until"],
            )
    return entering


def _first_time(case: Case, new: Iterable[Grant], now: dt.datetime) -> list[uuid.UUID]:
    """The participants whose place in the case begins now, and has not stood before. No statement where none begins.

    One that was to begin later, and never did, has not stood; on its first day ``cases.actions.let_in`` tells it.
    """
    now_in = (grant for grant in new if grant.scope == Scope.CASE and grant.valid_from is None)
    begins = {grant.basis for grant in now_in if grant.basis.startswith(PARTICIPANT)}
    if not begins:
        return []
    rows = CaseAccess.objects.filter(case=case, scope=Scope.CASE, basis__in=begins, valid_from__lte=now)
    rows = rows.exclude(until__lte=F("valid_from"))
    first = begins.difference(rows.values_list("basis", flat=True))
    return sorted(uuid.UUID(basis.removeprefix(PARTICIPANT)) for basis in first)


def _after_closing(case: Case, grants: Iterable[Grant]) -> list[Grant]:
    """What stands when a case is closed: the case and others' items for the holder's side alone (and for a person in an
    emergency); the pages of one's own (a contribution, a referral sent or received, a consultation) as before."""
    return [
        grant
        for grant in grants
        if grant.service_id == case.holder.service_id
        or grant.kind == CaseAccess.Kind.USER
        or not (grant.scope == Scope.CASE or grant.scope.startswith(ITEMS))
    ]


def wanted_rows(grants: Iterable[Grant], now: dt.datetime) -> dict[Key, Grant]:
    """The rows that should stand: one per service, basis, scope and coming start, the longest where two meet.

    Items of others are seen only while the service has a place in the case (scope «case») by any source: consent
    alone lets nobody in, and a service that has left sees nothing more.
    """
    given = list(grants)
    places: dict[uuid.UUID, list[Period]] = {}
    for grant in given:
        if grant.scope == Scope.CASE:
            places.setdefault(grant.service_id, []).append((grant.valid_from or now, grant.until))
    wanted: dict[Key, Grant] = {}
    for grant in given:
        parts = (
            _within(grant, merged(places.get(grant.service_id, [])), now) if grant.scope.startswith(ITEMS) else [grant]
        )
        for part in parts:
            if part.until is not None and part.until <= (part.valid_from or now):
                continue
            key = _key(part.service_id, part.basis, part.scope, part.valid_from, now)
            other = wanted.get(key)
            if other is None or (other.until is not None and (part.until is None or part.until > other.until)):
                wanted[key] = part
    return wanted


def merged(periods: Iterable[Period]) -> list[Period]:
    """Periods in order, those that overlap or meet joined into one."""
    joined: list[Period] = []
    for start, end in sorted(periods, key=lambda period: period[0]):
        if joined and (joined[-1][1] is None or start <= joined[-1][1]):
            joined[-1] = (joined[-1][0], _later(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _within(grant: Grant, places: list[Period], now: dt.datetime) -> Iterator[Grant]:
    """The parts of a grant that fall inside the periods of a service's place in the case."""
    for start, end in places:
        begins = max(grant.valid_from or now, start)
        ends = grant.until if end is None else end if grant.until is None else min(grant.until, end)
        if ends is None or begins < ends:
            yield replace(grant, valid_from=begins if begins > now else None, until=ends)


def _later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return None if one is None or other is None else max(one, other)


def _key(service_id: uuid.UUID, basis: str, scope: str, start: dt.datetime | None, now: dt.datetime) -> Key:
    # A row that began in the past is the one in force, whenever it began; a coming one is known by its start.
    return service_id, basis, str(scope), start if start and start > now else None
