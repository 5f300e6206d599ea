"""Reads of user administration: administrators see the people of the community, leaders of the service."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from portal.access import Refusal, Stranger
from portal.context import Actor
from portal.directory.lookup import services_in
from portal.models import Membership, Role, Service, User
from portal.rights import check
from portal.roles import ADMINISTRATOR_GIVES
from portal.timeframe import start_of, today

# How often a leader looks through who has access (Normen asks for it regularly; the number is ours).
REVIEW_DAYS = 182


@dataclass(frozen=True)
class Filters:
    """What the list of users is narrowed to."""

    text: str = ""
    role: str = ""
    service_id: uuid.UUID | None = None
    state: str = ""


def memberships_for(actor: Actor) -> QuerySet[Membership]:
    """The memberships an administrator or leader administers, past ones included."""
    if actor.membership is None:
        return Membership.objects.none()
    if actor.role == Role.USER_ADMINISTRATOR:
        mine = Membership.objects.filter(community=actor.membership.community_id)
    else:
        mine = Membership.objects.filter(service=actor.service_id)
    return mine.select_related(
        "user", "service__organisation", "community", "invited_by", "approved_by", "ended_by", "reviewed_by", "replaces"
    )


def awaiting_my_approval(actor: Actor) -> QuerySet[Membership]:
    """Invitations that this actor may approve: another's, invited by somebody else."""
    waiting = memberships_for(actor).filter(approved_at__isnull=True, ended_at__isnull=True)
    if actor.user is None:
        return waiting.none()
    waiting = waiting.exclude(user=actor.user).exclude(invited_by=actor.user)
    if actor.role != Role.USER_ADMINISTRATOR:
        waiting = waiting.exclude(role__in=ADMINISTRATOR_GIVES)
    return waiting.order_by("invited_at", "pk")


def awaiting_others(actor: Actor) -> QuerySet[Membership]:
    """Invitations that wait for somebody else: those the actor sent, or may not approve."""
    waiting = memberships_for(actor).filter(approved_at__isnull=True, ended_at__isnull=True)
    return waiting.exclude(pk__in=awaiting_my_approval(actor).values("pk")).order_by("invited_at", "pk")


def users_for(actor: Actor, filters: Filters, on: dt.date | None = None) -> QuerySet[User]:
    """The users behind those memberships, each with ``shown``: the memberships that have not ended."""
    check(actor, "people.read")
    on = on or today()
    mine = memberships_for(actor)
    if filters.role:
        mine = mine.filter(role=filters.role)
    if filters.service_id:
        mine = mine.filter(service=filters.service_id)
    active = Q(ended_at__isnull=True) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    if filters.state == "waiting":
        mine = mine.filter(approved_at__isnull=True, ended_at__isnull=True)
    elif filters.state == "ended":
        mine = mine.exclude(user__in=memberships_for(actor).filter(active).values("user"))
    elif filters.state != "all":
        mine = mine.filter(active)
    users = User.objects.filter(pk__in=mine.values("user"))
    if filters.text:
        users = users.filter(
            Q(name__icontains=filters.text) | Q(email__icontains=filters.text) | Q(hpr_number=filters.text)
        )
    shown = memberships_for(actor).filter(active).order_by("service__sort_key", "role")
    return users.order_by("sort_key", "pk").prefetch_related(Prefetch("memberships", shown, to_attr="shown"))


def open_person(actor: Actor, user_id: uuid.UUID) -> tuple[User, list[Membership]]:
    """A user and the memberships the actor administers, newest first. Raises ``Stranger`` outside reach."""
    check(actor, "people.read")
    memberships = list(memberships_for(actor).filter(user=user_id).order_by("-valid_from", "-pk"))
    if not memberships:
        raise Stranger(Refusal("people.read", "portal.user", user_id))
    return memberships[0].user, memberships


def open_membership(actor: Actor, membership_id: uuid.UUID) -> Membership:
    """One membership the actor administers. Raises ``Stranger`` outside reach."""
    check(actor, "people.read")
    membership = memberships_for(actor).filter(pk=membership_id).first()
    if membership is None:
        raise Stranger(Refusal("people.read", "portal.membership", membership_id))
    return membership


def review_list(actor: Actor, on: dt.date | None = None) -> QuerySet[Membership]:
    """Those who have access in the leader's service now, the longest unreviewed first."""
    check(actor, "people.read")
    return (
        Membership.objects.current(on or today())
        .filter(pk__in=memberships_for(actor).values("pk"))
        .select_related("user", "service", "reviewed_by")
        .order_by("reviewed_at", "user__sort_key", "pk")
    )


def review_due(membership: Membership, on: dt.date) -> bool:
    """Whether an access has stood unreviewed for half a year, counted from the approval the first time."""
    last = membership.reviewed_at or membership.approved_at
    return last is not None and last < start_of(on - dt.timedelta(days=REVIEW_DAYS))


def services_of(actor: Actor, on: dt.date | None = None) -> QuerySet[Service]:
    """The services the actor administers people in."""
    if actor.community is None:
        return Service.objects.none()
    services = services_in(actor.community, on)
    return services if actor.role == Role.USER_ADMINISTRATOR else services.filter(pk__in=[actor.service_id])


def services_with_counts(
    actor: Actor, *, text: str = "", only_empty: bool = False, on: dt.date | None = None
) -> QuerySet[Service]:
    """Those services, each with how many have access now, how many lead it, and how many are due for review."""
    on = on or today()
    holds = Q(
        memberships__approved_at__isnull=False, memberships__ended_at__isnull=True, memberships__valid_from__lte=on
    ) & (Q(memberships__valid_until__isnull=True) | Q(memberships__valid_until__gte=on))
    long_ago = start_of(on - dt.timedelta(days=REVIEW_DAYS))
    unreviewed = Q(memberships__reviewed_at__lt=long_ago) | Q(
        memberships__reviewed_at__isnull=True, memberships__approved_at__lt=long_ago
    )
    found = (
        services_of(actor, on)
        .filter(name__icontains=text)
        .annotate(
            people=Count("memberships", filter=holds, distinct=True),
            leaders=Count("memberships", filter=holds & Q(memberships__role=Role.SERVICE_LEADER), distinct=True),
            due=Count("memberships", filter=holds & unreviewed, distinct=True),
        )
    )
    return found.filter(people=0) if only_empty else found


def own_waiting(user: Any) -> list[Membership]:
    """A person's own invitations that nobody has approved yet."""
    if not isinstance(user, User):
        return []
    waiting = Membership.objects.awaiting_approval().filter(user=user)
    return list(waiting.select_related("service").order_by("invited_at", "pk"))
