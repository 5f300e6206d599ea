"""Consultations before referral, counted (guideline 6.1.4): per receiving department, year and answer, and how many of
them ended there."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Least, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import AddressProtection
from network.hiding import SMALL, Hidden, Shown, part_shown, shown
from portal.context import Actor, as_job
from portal.models import HealthCommunity, Organisation, Service
from portal.rights import check
from portal.timeframe import end_of, start_of, today
from referrals.models import Consultation

A = Consultation.Answer
ANSWERS = (A.REFER, A.MUNICIPAL_SUFFICES, A.OTHER_UNIT, A.MORE_NEEDED)
HEADINGS: tuple[str | Promise, ...] = (*(answer.label for answer in ANSWERS), _("Ikke besvart ennå"), _("Endte der"))
YEARS = 5


@dataclass(frozen=True)
class Row:
    """A department, and its cells in the order of ``HEADINGS``, the small ones hidden."""

    department: Service
    cells: tuple[Shown, ...]


def in_words(cell: Shown) -> str | Promise:
    """A cell as it is read."""
    if cell is Hidden.SMALL:
        return _("under %(limit)s") % {"limit": SMALL}
    return _("vises ikke") if cell is Hidden.TELLS else str(cell)


def counted_until(now: dt.datetime) -> dt.date:
    """The last day counted: that of the month before. Numbers that followed each answer would tell, to one who looked
    every day, when a hidden one passes the limit, and what was answered between two looks. It is a brake and no proof:
    who keeps last month's table sees what the month has changed."""
    return today(now).replace(day=1) - dt.timedelta(days=1)


def years(now: dt.datetime) -> list[int]:
    """The years to choose from, the newest first: that of the last day counted, so in January the year before."""
    newest = counted_until(now).year
    return list(range(newest, newest - YEARS, -1))


def consultations_counted(actor: Actor, *, year: int, now: dt.datetime) -> list[Row]:
    """The table of a year in the actor's community; raises ``Denied`` for others than the secretariat.

    A row for every department that receives referrals, so that a row tells nothing by being there. Two statements, one
    for the departments and one that counts as the job role, since the secretariat has access to no case and shall have
    none. Protected children are left out, also from a year that has passed. Leaving out what is protected or
    feilregistrert works at once, the two alike; all else as it stood at the end of the last month.
    The count reads a community's consultations through the index on department; when they become too many for that,
    aggregates kept by the actions are the way (as for the dashboards to come).
    """
    check(actor, "statistics.read")
    community = actor.seat.community
    members = _members(community, year)
    departments = list(
        Service.objects.filter(organisation__in=members, receives_referrals=True)
        .select_related("organisation")
        .order_by("sort_key", "pk")
    )
    with as_job():
        counts = {department_id: numbers for department_id, *numbers in _counts(community, departments, year, now)}
    nothing = [0] * len(HEADINGS)
    return [Row(department, _hidden(counts.get(department.pk, nothing))) for department in departments]


def _members(community: HealthCommunity, year: int) -> "QuerySet[Organisation]":
    """The organisations that were members of the community in any part of a year."""
    return Organisation.objects.filter(
        Q(community_memberships__valid_until__isnull=True)
        | Q(community_memberships__valid_until__gte=dt.date(year, 1, 1)),
        community_memberships__community=community,
        community_memberships__valid_from__lte=dt.date(year, 12, 31),
    )


def _counts(
    community: HealthCommunity, departments: Sequence[Service], year: int, now: dt.datetime
) -> "QuerySet[Consultation, tuple[uuid.UUID, int, int, int, int, int, int]]":
    """Department id, and the six numbers as they are; departments without any are not among the rows."""
    until = end_of(counted_until(now))
    answered = Q(answered_at__lt=until)
    # A nameless one may belong to no case; then it is the community of the service that asked.
    ours = Q(case__isnull=True, asked_in__organisation__in=_members(community, year)) | Q(
        case__community=community, case__child__address_protection=AddressProtection.NONE
    )
    return (
        # One written down afterwards belongs to the year it was held.
        Consultation.objects.alias(begun_on=Least(TruncDate("asked_at"), "held_on"))
        .filter(
            ours,
            department__in=departments,
            error_at__isnull=True,
            asked_at__gte=start_of(dt.date(year, 1, 1)),
            asked_at__lt=until,
            begun_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)),
        )
        .order_by()
        .values("department")
        .annotate(
            **{answer.value: Count("pk", filter=answered & Q(answer=answer)) for answer in ANSWERS},
            waiting=Count("pk", filter=~answered),
            ended=Count("pk", filter=answered & (Q(attached_at__isnull=True) | Q(attached_at__gte=until))),
        )
        .values_list("department", *ANSWERS, "waiting", "ended")
    )


def _hidden(numbers: Sequence[int]) -> tuple[Shown, ...]:
    *disjoint, ended = numbers
    cells = [shown(number) for number in disjoint]
    return (*cells, part_shown(ended, cells[: len(ANSWERS)]))
