"""Look-ups in the directory: who serves a municipality, who receives a referral, whom to ring. Days are inclusive."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import holidays
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import HealthCommunity, Membership, OnCallRoute, Organisation, Role, Service
from portal.timeframe import today

SUNDAY = 7
# Who only keeps the accounts, or leads from above the services, and writes nothing for one.
NOT_AT_WORK = (Role.USER_ADMINISTRATOR, Role.SECRETARIAT, Role.MUNICIPALITY_LEADER)
# The national number of the emergency clinics: the last resort, so that nobody meets an empty page.
NATIONAL_PHONE = "116117"


@dataclass(frozen=True)
class Route:
    """Whom to ring. ``answered_by`` is None only for the national number."""

    phone: str
    label: str
    answered_by: Service | None
    to_be_confirmed: bool = False
    national: bool = False


def _holds(prefix: str, on: dt.date) -> Q:
    """The dated rows behind a relation that hold on a day."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": on})
    )


def services_for(municipality: Organisation, kind: str | None = None, on: dt.date | None = None) -> QuerySet[Service]:
    """The services that serve a municipality on a day, in Norwegian order; of one kind if given."""
    services = Service.objects.filter(
        _holds("service_areas__", on or today()), active=True, service_areas__municipality=municipality
    ).select_related("organisation")
    return (services.filter(kind=kind) if kind else services).distinct().order_by("sort_key", "pk")


def with_people(services: Iterable[uuid.UUID], on: dt.date | None = None) -> set[uuid.UUID]:
    """Those of the services where somebody can log in and work on a day. What is sent to the others, nobody reads."""
    working = Membership.objects.current(on or today()).exclude(role__in=NOT_AT_WORK)
    return set(working.filter(service__in=list(services)).values_list("service_id", flat=True))


def receivers_for(municipality: Organisation, age: int | None, on: dt.date | None = None) -> QuerySet[Service]:
    """The departments that take a referral of a child of this age (None: unborn or unknown) living there."""
    services = services_for(municipality, on=on).filter(receives_referrals=True)
    years = age or 0
    return services.filter(age_from__lte=years, age_until__gte=years)


def municipalities_of(community: HealthCommunity, on: dt.date | None = None) -> QuerySet[Organisation]:
    """The municipalities that are members of a community on a day."""
    return (
        Organisation.objects.filter(
            _holds("community_memberships__", on or today()),
            kind=Organisation.Kind.MUNICIPALITY,
            community_memberships__community=community,
        )
        .distinct()
        .order_by("sort_key", "pk")
    )


def services_in(community: HealthCommunity, on: dt.date | None = None) -> QuerySet[Service]:
    """All services in use of the organisations that are members of a community on a day."""
    return (
        Service.objects.filter(
            _holds("organisation__community_memberships__", on or today()),
            active=True,
            organisation__community_memberships__community=community,
        )
        .select_related("organisation")
        .distinct()
        .order_by("sort_key", "pk")
    )


def on_call_now(service: Service, at: dt.datetime | None = None) -> Route:
    """Whom to ring about an emergency that belongs to a service, at an instant. One statement."""
    return _followed(service, _routes_at(at))


def on_call_of(services: Iterable[Service], at: dt.datetime | None = None) -> list[Route]:
    """Whom to ring about each of the services. One statement for all of them."""
    routes = _routes_at(at)
    return [_followed(service, routes) for service in services]


def _followed(service: Service, routes: dict[uuid.UUID, OnCallRoute]) -> Route:
    """A route without a number of its own leads to the service that answers for it. Where nothing is registered, the
    national number of the emergency clinics."""
    seen = set()
    current: Service | None = service
    label = ""
    while current is not None and current.pk not in seen:
        seen.add(current.pk)
        route = routes.get(current.pk)
        if route is None:
            break
        label = label or route.label
        if route.phone:
            return Route(route.phone, label, route.answered_by or current, route.to_be_confirmed)
        current = route.answered_by
    return Route(NATIONAL_PHONE, _("Legevakt (nasjonalt nummer)"), None, national=True)


def _routes_at(at: dt.datetime | None) -> dict[uuid.UUID, OnCallRoute]:
    """The route of each service that has one at an instant; weekday and hour are Norway's, and a public holiday counts
    as Sunday. The directory has a handful of them, so all are read."""
    local = timezone.localtime(at or timezone.now())
    weekday = SUNDAY if local.date() in _public_holidays(local.year) else local.isoweekday()
    hour = local.time().replace(tzinfo=None)
    rows = OnCallRoute.objects.filter(
        Q(ends__gt=hour) | Q(ends=dt.time.min),
        Q(valid_until__isnull=True) | Q(valid_until__gte=local.date()),
        weekdays__contains=[weekday],
        starts__lte=hour,
    ).select_related("answered_by__organisation")
    found: dict[uuid.UUID, OnCallRoute] = {}
    for route in rows.order_by("starts", "pk"):
        found.setdefault(route.service_id, route)
    return found


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("NO", years=year))
