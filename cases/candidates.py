"""Whom a case can be handed to, and which services can take part: people and services of the child's own
municipality."""

import datetime as dt

from django.db.models import Q, QuerySet

from cases.models import Case, Participant
from portal.directory.lookup import services_for
from portal.models import Membership, Organisation, Role, Service
from portal.timeframe import today

# Who can keep the «stafettpinne»: those who work with children in the municipality (BTI), never the hospital alone.
HOLDER_ROLES = (
    Role.COORDINATOR,
    Role.COORDINATING_UNIT,
    Role.CONTRIBUTOR,
    Role.PSYCHOLOGIST,
    Role.GP,
    Role.CHILD_PROTECTION_LEADER,
    Role.CHILD_OFFICER,
)


def possible_holders(case: Case, now: dt.datetime) -> "QuerySet[Membership]":
    """People who can be offered the case: in the holder's own service; and, once the case may be shared, in services
    of the municipality (the coordinating unit among them) and in services that take part. Never the holder themself."""
    day = today(now)
    where = Q(service_id=case.holder.service_id)
    if case.may_be_shared:
        local = services_for(case.municipality, on=day).filter(organisation__kind=Organisation.Kind.MUNICIPALITY)
        partaking = Participant.objects.taking_part(day).filter(case=case).values("service_id")
        where |= Q(service_id__in=local.order_by().values("pk")) | Q(
            service_id__in=partaking, service__organisation__kind=Organisation.Kind.MUNICIPALITY
        )
    return (
        Membership.objects.current(day)
        .filter(where, role__in=HOLDER_ROLES)
        .exclude(pk=case.holder_id)
        .select_related("user", "service__organisation")
        .order_by("service__sort_key", "user__sort_key", "role", "pk")
    )


def possible_participants(case: Case, now: dt.datetime) -> "QuerySet[Service]":
    """Services that serve the child's municipality and do not take part yet."""
    partaking = Participant.objects.taking_part(today(now)).filter(case=case).values("service_id")
    administrative = ("secretariat", "portal_administration")
    return services_for(case.municipality, on=today(now)).exclude(pk__in=partaking).exclude(kind__in=administrative)
