"""Giving and taking access: invite, approve, end, move, review. Two people for every access that is given."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.access import Denied
from portal.actions.invitation import send_invitation
from portal.actions.sessions import delete_sessions
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.identity.sortkey import person_sort_key
from portal.leaving import refuse_if_standing
from portal.models import Membership, Profession, Service, User
from portal.rights import check
from portal.roles import AUTHORISED, PROFESSION_OF, fits
from portal.states import MovedOn, lock
from portal.timeframe import today
from portal.user_rights import may_give


def invite(
    *,
    email: str,
    name: str,
    service: Service,
    role: str,
    by: Actor,
    title: str = "",
    profession: str = "",
    hpr_number: str = "",
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    letter: bool = True,
    now: dt.datetime | None = None,
) -> Membership:
    """Invites a person to a role in a service; makes the user when the address is new, and sends the letter.

    The access holds when somebody else has approved it. A person who already has a user keeps name and profession as
    they are. Raises ``Invalid`` for what does not fit, ``Denied`` for a service out of reach.
    """
    now = now or timezone.now()
    check(by, "people.invite", service)
    _check_role(by, service, role)
    user = User.objects.filter(email=email.strip().lower()).first()
    _check_profession(role, user.profession if user else profession, user.hpr_number if user else hpr_number)
    if by.user is not None and user == by.user:
        raise Invalid(email=_("Du kan ikke invitere deg selv."))
    if user is not None and not user.is_active:
        raise Invalid(email=_("Denne brukeren er sperret. Bare den som drifter portalen, kan åpne den igjen."))
    if user is not None and (same := _standing_membership(user, service, role)):
        if same.approved_at is None and by.user and same.invited_by_id == by.user.pk:
            return same
        raise Invalid(email=_("Personen har allerede denne rollen i tjenesten."))
    new = user is None
    if user is None:
        user = User.objects.create_user(
            email.strip(),
            name=name,
            sort_key=sort_key_of(name),
            title=title,
            profession=profession,
            hpr_number=hpr_number,
        )
    membership = _create(
        user, service, role, by, now, valid_from=valid_from or today(now), valid_until=valid_until, replaces=None
    )
    if letter:
        send_invitation(membership=membership, by=by, now=now, new=new)
    return membership


def approve(*, membership: Membership, by: Actor, now: dt.datetime | None = None) -> Membership:
    """Approves an invitation: from now the access holds. A membership it replaces ends in the same transaction.

    Raises ``Denied`` for the inviter, the person, and a leader where only an administrator may; ``MovedOn`` when it
    is ended already, ``StillStanding`` when work stands on what it replaces.
    """
    now = now or timezone.now()
    check(by, "people.approve", membership)
    locked: Membership = lock(membership)
    if locked.ended_at is not None:
        raise MovedOn(_("Invitasjonen er trukket tilbake eller avsluttet, og kan ikke godkjennes."))
    if locked.approved_at is not None:
        return locked
    if locked.replaces is not None and locked.replaces.ended_at is None:
        _end(locked.replaces, _("Flyttet til %(service)s") % {"service": locked.service.name}, by, now)
    locked.approved_at, locked.approved_by = now, by.user
    locked.save(update_fields=["approved_at", "approved_by"])
    audit.record(by, "membership.approved", locked, now=now, detail={"role": locked.role})
    return locked


def end(*, membership: Membership, reason: str, by: Actor, now: dt.datetime | None = None) -> Membership:
    """Ends an access, or takes an invitation back, at once.

    Refused with ``StillStanding`` while cases stand on it: a case is never ownerless. A repeat is harmless.
    """
    now = now or timezone.now()
    check(by, "people.end", membership)
    return _end(membership, reason, by, now)


def move(
    *, membership: Membership, service: Service, role: str, by: Actor, now: dt.datetime | None = None
) -> Membership:
    """Moves a person to another service or role: a new invitation that, when approved by another, ends this access.

    Refused while cases stand on it, so that whoever moves a person finds out now and not at the approval.
    """
    now = now or timezone.now()
    check(by, "people.end", membership)
    check(by, "people.invite", service)
    _check_role(by, service, role)
    _check_profession(role, membership.user.profession, membership.user.hpr_number)
    locked: Membership = lock(membership)
    if locked.ended_at is not None:
        raise MovedOn(_("Tilgangen er allerede avsluttet."))
    if _standing_membership(locked.user, service, role):
        raise Invalid(role=_("Personen har allerede denne rollen i tjenesten."))
    refuse_if_standing(locked)
    return _create(
        locked.user, service, role, by, now, valid_from=today(now), valid_until=locked.valid_until, replaces=locked
    )


def mark_reviewed(*, membership: Membership, by: Actor, now: dt.datetime | None = None) -> Membership:
    """A leader has looked at an access and found that it is still needed (Normen: regular review)."""
    now = now or timezone.now()
    check(by, "people.review", membership)
    locked: Membership = lock(membership)
    if locked.ended_at is not None:
        raise MovedOn(_("Tilgangen er allerede avsluttet."))
    locked.reviewed_at, locked.reviewed_by = now, by.user
    locked.save(update_fields=["reviewed_at", "reviewed_by"])
    audit.record(by, "membership.reviewed", locked, now=now)
    return locked


def sort_key_of(name: str) -> str:
    """Norwegian order of people: the last word is the family name."""
    given, _space, family = name.strip().rpartition(" ")
    return person_sort_key(family, given)


def _create(
    user: User,
    service: Service,
    role: str,
    by: Actor,
    now: dt.datetime,
    *,
    valid_from: dt.date,
    valid_until: dt.date | None,
    replaces: Membership | None,
) -> Membership:
    assert by.membership is not None
    membership = Membership.objects.create(
        user=user,
        service=service,
        community=by.membership.community,
        role=role,
        valid_from=valid_from,
        valid_until=valid_until,
        invited_at=now,
        invited_by=by.user,
        replaces=replaces,
    )
    audit.record(by, "membership.invited", membership, now=now, detail={"role": role, "service": str(service.pk)})
    return membership


def _end(membership: Membership, reason: str, by: Actor, now: dt.datetime) -> Membership:
    locked: Membership = lock(membership)
    if locked.ended_at is not None:
        return locked
    refuse_if_standing(locked)
    locked.ended_at, locked.ended_by, locked.end_reason = now, by.user, reason
    locked.save(update_fields=["ended_at", "ended_by", "end_reason"])
    audit.record(by, "membership.ended", locked, now=now)
    # Another's sessions, ended without being seen. Who still has a role goes on in it.
    with as_job():
        if not Membership.objects.current(today(now)).filter(user=locked.user).exists():
            delete_sessions(locked.user)
    return locked


def _standing_membership(user: User, service: Service, role: str) -> Membership | None:
    return Membership.objects.filter(user=user, service=service, role=role, ended_at__isnull=True).first()


def _check_role(by: Actor, service: Service, role: str) -> None:
    if not fits(service.kind, role):
        raise Invalid(role=_("Denne rollen finnes ikke i denne typen tjeneste."))
    if not may_give(by, role):
        raise Denied(_("Bare en brukeradministrator kan gi denne rollen."))


def _check_profession(role: str, profession: str, hpr_number: str) -> None:
    needed = PROFESSION_OF.get(role)
    if needed is not None and profession != needed:
        raise Invalid(
            profession=_("Rollen krever at personen er %(profession)s.")
            % {"profession": Profession(needed).label.lower()}
        )
    if profession in AUTHORISED and needed is not None and not hpr_number:
        raise Invalid(hpr_number=_("Skriv HPR-nummeret: rollen bygger på autorisasjonen."))
