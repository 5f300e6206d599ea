"""Who may administer people. Nobody acts on their own membership, and nobody approves an own invitation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.context import Actor
from portal.directory.lookup import services_in
from portal.models import Membership, Role, Service, User
from portal.rights import define
from portal.roles import ADMINISTRATOR_GIVES, LEADERS

ADMINISTERS = LEADERS | {Role.USER_ADMINISTRATOR}


def within_reach(actor: Actor, subject: Any) -> bool:
    """The service or membership is in the administrator's community, or in the leader's own service."""
    if actor.community is None:
        return False
    if actor.role == Role.USER_ADMINISTRATOR:
        if isinstance(subject, Service):
            return services_in(actor.community).filter(pk=subject.pk).exists()
        return bool(subject.community_id == actor.community.pk)
    service_id = subject.pk if isinstance(subject, Service) else subject.service_id
    return bool(service_id == actor.service_id)


def of_another(actor: Actor, subject: Membership) -> bool:
    """Within reach, and another person's."""
    return actor.user is not None and subject.user_id != actor.user.pk and within_reach(actor, subject)


def second_person(actor: Actor, subject: Membership) -> bool:
    """Another person's, invited by somebody else, in a role the actor may give."""
    if actor.user is None or subject.invited_by_id == actor.user.pk or not may_give(actor, subject.role):
        return False
    return of_another(actor, subject)


def may_give(actor: Actor, role: str) -> bool:
    """Leaders give everyday roles; leading and administering roles are given by a user administrator."""
    return actor.role == Role.USER_ADMINISTRATOR or (actor.role in LEADERS and role not in ADMINISTRATOR_GIVES)


def endable(actor: Actor, subject: Membership) -> bool:
    """A leader does not end the membership of a fellow leader."""
    return of_another(actor, subject) and may_give(actor, subject.role)


def known_here(actor: Actor, subject: User) -> bool:
    """Another person who has, or has had, a role in the administrator's community."""
    if actor.user is None or actor.community is None or subject.pk == actor.user.pk:
        return False
    return Membership.objects.filter(user=subject, community=actor.community).exists()


define("people.read", roles=ADMINISTERS, message=_("Bare brukeradministrator og tjenesteledere ser brukerlisten."))
define(
    "people.invite",
    roles=ADMINISTERS,
    position=within_reach,
    message=_("Du kan bare invitere til tjenester du administrerer."),
)
define(
    "people.approve",
    roles=ADMINISTERS,
    position=second_person,
    message=_(
        "Du kan ikke godkjenne dette. Den som inviterte, kan ikke også godkjenne, ingen godkjenner seg selv, og bare "
        "en brukeradministrator godkjenner ledere og administratorer."
    ),
)
define(
    "people.end",
    roles=ADMINISTERS,
    position=endable,
    message=_("Du kan ikke avslutte denne tilgangen. Brukeradministratoren kan."),
)
define(
    "people.review",
    roles=ADMINISTERS,
    position=of_another,
    message=_("Du kan ikke gjennomgå din egen tilgang, eller tilgang i andres tjenester."),
)
define(
    "people.correct",
    roles={Role.USER_ADMINISTRATOR},
    position=known_here,
    message=_("Bare en brukeradministrator kan rette opplysninger om en bruker, og aldri om seg selv."),
)
define(
    "people.reset_login",
    roles={Role.USER_ADMINISTRATOR},
    position=known_here,
    message=_("Bare en brukeradministrator kan nullstille innloggingen til en bruker, og aldri sin egen."),
)
