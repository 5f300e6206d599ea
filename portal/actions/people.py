"""Corrections to what is known of a user, and the first user administrator of an installation."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.access import Denied
from portal.actions.invitation import send_invitation
from portal.actions.memberships import sort_key_of
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Membership, Role, Service, ServiceKind, User
from portal.rights import check
from portal.states import lock
from portal.timeframe import today


def correct_person(
    *,
    user: User,
    name: str,
    title: str,
    profession: str,
    hpr_number: str,
    by: Actor,
    now: dt.datetime | None = None,
) -> User:
    """Corrects name, title, profession and HPR number of another person in the administrator's community.

    Profession decides who may refer, so nobody changes their own.
    """
    now = now or timezone.now()
    check(by, "people.correct", user)
    locked: User = lock(user)
    values = {
        "name": name,
        "sort_key": sort_key_of(name),
        "title": title,
        "profession": profession,
        "hpr_number": hpr_number,
    }
    changed = sorted(field for field, value in values.items() if getattr(locked, field) != value)
    if not changed:
        return locked
    for field in changed:
        setattr(locked, field, values[field])
    locked.save(update_fields=changed)
    audit.record(by, "person.corrected", locked, now=now, detail={"fields": changed})
    return locked


def first_administrator(
    *,
    email: str,
    name: str,
    service: Service,
    by: Actor,
    title: str = "",
    letter: bool = True,
    now: dt.datetime | None = None,
) -> Membership:
    """Makes a user administrator without an inviter: only the system does this, from the command line.

    Everybody else is invited by one person and approved by another, so an installation needs two of these; the
    database knows the exception by the missing inviter. A repeat returns the existing membership.
    """
    now = now or timezone.now()
    if by.user is not None or not by.system:
        raise Denied(_("Bare systemet selv kan opprette en brukeradministrator uten invitasjon."))
    if service.kind != ServiceKind.PORTAL_ADMINISTRATION:
        raise Invalid(service=_("Tjenesten må være en portaladministrasjon."))
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), name=name, sort_key=sort_key_of(name), title=title)
    membership = Membership.objects.filter(
        user=user, service=service, role=Role.USER_ADMINISTRATOR, ended_at__isnull=True
    ).first()
    if membership is not None:
        return membership
    community = service.organisation.communities.order_by("pk").first()
    if community is None:
        raise Invalid(service=_("Virksomheten er ikke medlem av noe helsefellesskap."))
    membership = Membership.objects.create(
        user=user,
        service=service,
        community=community,
        role=Role.USER_ADMINISTRATOR,
        valid_from=today(now),
        approved_at=now,
        approved_by=user,
    )
    audit.record(by, "membership.bootstrapped", membership, now=now)
    if letter:
        send_invitation(membership=membership, by=by, now=now, new=False)
    return membership
