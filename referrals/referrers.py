"""Who can be asked to assess and finalise: people entitled to refer in the municipality, or taking part (6.1.2)."""

import datetime as dt

from django.db.models import Q, QuerySet

from cases.models import Case, Participant
from guideline.editions import current_edition
from portal.directory.lookup import services_for
from portal.models import Membership, Organisation
from portal.timeframe import today


def referrers_for(case: Case, now: dt.datetime | None = None) -> "QuerySet[Membership]":
    """Memberships entitled to refer, by role or profession as the edition says, in services of the child's municipality
    or in services that take part. Those who take part come first. One statement when read."""
    day = today(now)
    referrers = current_edition(case.community).referrers.values()
    entitled = Q(role__in={role for item in referrers for role in item.roles}) | Q(
        user__profession__in={profession for item in referrers for profession in item.professions}
    )
    local = services_for(case.municipality, on=day).filter(organisation__kind=Organisation.Kind.MUNICIPALITY)
    partaking = Participant.objects.taking_part(day).filter(case=case).values("service_id")
    return (
        Membership.objects.current(day)
        .filter(entitled, Q(service_id__in=local.order_by().values("pk")) | Q(service_id__in=partaking))
        .select_related("user", "service")
        .order_by("service__sort_key", "user__sort_key", "pk")
    )
