"""Unusual access, for the leader of a service: many cases in an hour, cases opened out of hours, and cases in which the
family has said that somebody there knows the child (pasientjournalloven § 22, normen: loggkontroll).

Found when asked for, among the service's own events of the last weeks, by an index on service and time: the cost
follows what the service has opened lately, never the size of the trail. A finding is what one person did on one day.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate
from django.utils import timezone

from cases.models import Acquaintance, LookedAt
from guideline.workdays import SATURDAY, public_holidays
from portal.models import AuditEvent, Service
from portal.timeframe import start_of, today

HOUR = dt.timedelta(hours=1)
Kind = LookedAt.Kind


@dataclass(frozen=True)
class Finding:
    """What one person of the service did on one day that a leader is asked to look at."""

    kind: str
    service_id: uuid.UUID
    user_id: uuid.UUID
    user_name: str
    day: dt.date
    first_at: dt.datetime
    last_at: dt.datetime
    last_event: int
    case_ids: tuple[uuid.UUID, ...]
    # Most cases within one hour, where that is what it is about.
    most: int = 0

    @property
    def case_id(self) -> uuid.UUID | None:
        """The case it is about, where it is about one."""
        return self.case_ids[0] if self.kind == Kind.KNOWN else None

    @property
    def key(self) -> str:
        """What a form says it is about; whoever posts it has it found anew."""
        return f"{self.kind}.{self.user_id}.{self.day}.{self.case_id or ''}.{self.last_event}"


def findings_for(service: Service, now: dt.datetime) -> list[Finding]:
    """What is not yet looked at, the newest first. At most five statements."""
    return not_looked_at(found_in(service, now), looked_at(service, now))


def found_in(service: Service, now: dt.datetime) -> list[Finding]:
    """What is unusual, looked at or not, the newest first. At most four statements."""
    since = _since(now)
    events = opened_by(service, since)
    found = [*_many(service, events), *_out_of_hours(service, events, since, now), *_known(service, events)]
    return sorted(found, key=lambda finding: (finding.last_at, finding.last_event), reverse=True)


def looked_at(service: Service, now: dt.datetime) -> list[LookedAt]:
    """What the service's leaders have looked at of these days, the newest first. One statement."""
    rows = LookedAt.objects.filter(service=service, day__gte=timezone.localdate(_since(now)))
    return list(rows.select_related("seen_by").order_by("-id"))


def not_looked_at(found: Iterable[Finding], looked: Iterable[LookedAt]) -> list[Finding]:
    """Those with something newer than what was looked at."""
    upto: dict[tuple[object, ...], int] = {}
    for row in looked:
        key = (row.kind, row.user_id, row.day, row.case_id)
        upto[key] = max(row.last_event, upto.get(key, 0))
    return [
        finding
        for finding in found
        if upto.get((finding.kind, finding.user_id, finding.day, finding.case_id), 0) < finding.last_event
    ]


def _since(now: dt.datetime) -> dt.datetime:
    return start_of(today(now) - dt.timedelta(days=settings.PORTAL_UNUSUAL_DAYS))


def opened_by(service: Service, since: dt.datetime) -> QuerySet[AuditEvent]:
    """Reads of single cases by people acting for the service; a list is no opening, and neither is a job's reading."""
    return AuditEvent.objects.filter(
        service_id=service.pk, at__gte=since, kind=AuditEvent.Kind.READ, case_id__isnull=False, user_id__isnull=False
    ).filter(Q(detail__list__isnull=True))


def _days(events: QuerySet[AuditEvent]) -> QuerySet[Any]:
    """Events with their day in Norway, for grouping; in no order, which would group by itself."""
    return events.annotate(day=TruncDate("at")).order_by()


WHAT = {
    "name": Max("user_name"),
    "first": Min("at"),
    "last": Max("at"),
    "newest": Max("id"),
    "cases": ArrayAgg("case_id", distinct=True),
}


def _finding(kind: str, service: Service, row: dict[str, Any], most: int = 0) -> Finding:
    return Finding(
        kind=kind, service_id=service.pk, user_id=row["user_id"], user_name=row["name"], day=row["day"],
        first_at=row["first"], last_at=row["last"], last_event=row["newest"], case_ids=tuple(row["cases"]), most=most,
    )  # fmt: skip


def _many(service: Service, events: QuerySet[AuditEvent]) -> Iterable[Finding]:
    """Only days with so many cases in all are looked at by the hour. Two statements, one where there are none."""
    limit = settings.PORTAL_UNUSUAL_CASES_IN_AN_HOUR
    days = list(
        _days(events)
        .values("user_id", "day")
        .annotate(**WHAT, number=Count("case_id", distinct=True))
        .filter(number__gte=limit)
    )
    if not days:
        return
    of_them = Q()
    for row in days:
        of_them |= Q(user_id=row["user_id"], day=row["day"])
    opened: dict[tuple[uuid.UUID, dt.date], list[tuple[dt.datetime, uuid.UUID]]] = {}
    rows = _days(events).filter(of_them).order_by("at", "id").values_list("user_id", "day", "at", "case_id")
    for user_id, day, at, case_id in rows:
        opened.setdefault((user_id, day), []).append((at, case_id))
    for row in days:
        most = most_in_an_hour(opened[row["user_id"], row["day"]])
        if most >= limit:
            yield _finding(Kind.MANY, service, row, most)


def most_in_an_hour(opened: list[tuple[dt.datetime, uuid.UUID]]) -> int:
    """The most different cases within any hour, of openings in the order of time."""
    most, start = 0, 0
    inside: dict[uuid.UUID, int] = {}
    for at, case_id in opened:
        inside[case_id] = inside.get(case_id, 0) + 1
        while at - opened[start][0] >= HOUR:
            gone = opened[start][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            start += 1
        most = max(most, len(inside))
    return most


def _out_of_hours(
    service: Service, events: QuerySet[AuditEvent], since: dt.datetime, now: dt.datetime
) -> Iterable[Finding]:
    """Nights, weekends and public holidays; a kind of service that works then is passed over. One statement."""
    if service.kind in settings.PORTAL_WORKS_AT_ALL_HOURS:
        return
    begins, ends = settings.PORTAL_WORKING_HOURS
    years = range(timezone.localdate(since).year, timezone.localdate(now).year + 1)
    free = [day for year in years for day in public_holidays(year)]
    rows = (
        _days(events)
        .annotate(hour=ExtractHour("at"), weekday=ExtractIsoWeekDay("at"))
        .filter(Q(hour__lt=begins) | Q(hour__gte=ends) | Q(weekday__gt=SATURDAY) | Q(day__in=free))
        .values("user_id", "day")
        .annotate(**WHAT)
    )
    for row in rows:
        yield _finding(Kind.HOURS, service, row)


def _known(service: Service, events: QuerySet[AuditEvent]) -> Iterable[Finding]:
    """Cases in which the family has said so, opened by the person it named, or by anybody, while it stood: what was
    opened before it was taken back is still to be looked at. One statement."""
    stood = Q(ended_at__isnull=True) | Q(ended_at__gt=OuterRef("at"))
    said = Acquaintance.objects.filter(stood, service=service, case_id=OuterRef("case_id"))
    about = said.filter(Q(person__isnull=True) | Q(person_id=OuterRef("user_id")))
    for row in _days(events.filter(Exists(about))).values("user_id", "day", "case_id").annotate(**WHAT):
        yield _finding(Kind.KNOWN, service, row)
