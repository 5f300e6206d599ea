"""Giving and taking access: two people, nobody for themselves, nothing left without anyone."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from portal import leaving
from portal.access import Denied
from portal.actions.invitation import send_again
from portal.actions.memberships import approve, end, invite, mark_reviewed, move
from portal.actions.people import correct_person, first_administrator
from portal.answering import Invalid
from portal.context import Actor, system_actor
from portal.leaving import Standing, StillStanding
from portal.models import AuditEvent, Membership, Profession, Role, User
from portal.states import MovedOn
from tests.world import World


def admin(world: World, name: str = "") -> Actor:
    return world.actor(Role.USER_ADMINISTRATOR, world.administration, name)


def leader(world: World) -> Actor:
    return world.actor(Role.SERVICE_LEADER, world.school)


def invited(world: World, by: Actor, **changes: object) -> Membership:
    values = {
        "email": "Ny.Person@eksempel.invalid",
        "name": "Ny Åsen",
        "service": world.school,
        "role": Role.CONTRIBUTOR,
    }
    return invite(by=by, **{**values, **changes})


@pytest.fixture
def two_cases_stand() -> Iterator[None]:
    """An app above has registered that two cases stand on every membership."""
    before = list(leaving._CHECKS)
    leaving._CHECKS[:] = [lambda membership: Standing(2, "2 saker der personen er stafettholder", "/saker/", "Overfør")]
    yield
    leaving._CHECKS[:] = before


def test_invited_by_one_approved_by_another(world: World) -> None:
    membership = invited(world, admin(world))
    assert not Membership.objects.current(timezone.localdate()).filter(pk=membership.pk).exists()
    approve(membership=membership, by=leader(world))
    assert Membership.objects.current(timezone.localdate()).filter(pk=membership.pk).exists()
    assert membership.user.email == "ny.person@eksempel.invalid"
    assert membership.user.sort_key == "}sen ny"
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"membership.invited", "membership.invitation_sent", "membership.approved"} <= verbs


def test_the_inviter_cannot_approve(world: World) -> None:
    membership = invited(world, admin(world))
    with pytest.raises(Denied, match="Den som inviterte"):
        approve(membership=membership, by=admin(world))


def test_the_database_knows_two_people_are_needed(world: World) -> None:
    membership = invited(world, admin(world))
    with pytest.raises(IntegrityError, match="membership_two_people"), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(
            approved_at=timezone.now(), approved_by=membership.invited_by
        )


def test_nobody_approves_themselves(world: World) -> None:
    other = admin(world, "Annen Administrator")
    membership = invite(
        email=other.user.email,
        name="x", service=world.coordinating_unit, role=Role.COORDINATOR, by=admin(world),
    )  # fmt: skip
    with pytest.raises(Denied):
        approve(membership=membership, by=other)


def test_nobody_invites_themselves(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        invited(world, admin(world), email=admin(world).user.email)
    assert "deg selv" in caught.value.errors["email"]


@pytest.mark.parametrize("role", [Role.SERVICE_LEADER])
def test_a_leader_does_not_make_leaders(world: World, role: Role) -> None:
    with pytest.raises(Denied, match="brukeradministrator"):
        invited(world, leader(world), role=role)
    membership = invited(world, admin(world), role=role)
    with pytest.raises(Denied):
        approve(membership=membership, by=leader(world))
    approve(membership=membership, by=admin(world, "Annen"))


def test_a_leader_stays_in_the_own_service(world: World) -> None:
    with pytest.raises(Denied):
        invited(world, leader(world), service=world.kindergarten)
    elsewhere = invited(world, admin(world), service=world.kindergarten)
    with pytest.raises(Denied):
        approve(membership=elsewhere, by=leader(world))
    with pytest.raises(Denied):
        end(membership=elsewhere, reason="x", by=leader(world))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.USER_ADMINISTRATOR, Role.SERVICE_LEADER, Role.DEPUTY}))
def test_other_roles_administer_nobody(world: World, role: str) -> None:
    with pytest.raises(Denied):
        invited(world, world.actor(role, world.school))


@pytest.mark.parametrize(
    ("service", "role"),
    [("school", Role.INTAKE), ("bup", Role.GP), ("school", Role.USER_ADMINISTRATOR), ("administration", Role.INTAKE),
     ("gp", Role.SECRETARIAT), ("secretariat", Role.COORDINATOR)],
)  # fmt: skip
def test_a_role_must_make_sense_in_the_service(world: World, service: str, role: Role) -> None:
    with pytest.raises(Invalid) as caught:
        invited(world, admin(world), service=getattr(world, service), role=role)
    assert "role" in caught.value.errors


def test_a_gp_is_a_doctor_with_an_hpr_number(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        invited(world, admin(world), service=world.gp, role=Role.GP)
    assert "lege" in caught.value.errors["profession"]
    with pytest.raises(Invalid) as caught:
        invited(world, admin(world), service=world.gp, role=Role.GP, profession=Profession.DOCTOR)
    assert "hpr_number" in caught.value.errors
    invited(world, admin(world), service=world.gp, role=Role.GP, profession=Profession.DOCTOR, hpr_number="900000001")


def test_the_letter(world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        membership = invited(world, admin(world))
    (letter,) = mail.outbox
    assert letter.to == ["ny.person@eksempel.invalid"]
    assert "Fjordvik skole" in letter.body
    assert "/konto/password/reset/key/" in letter.body
    with django_capture_on_commit_callbacks(execute=True):
        membership.user.set_password("et-langt-passord-2")
        membership.user.save()
        send_again(membership=membership, by=admin(world))
    assert "/konto/password/reset/key/" not in mail.outbox[1].body
    assert "Logg inn som vanlig" in mail.outbox[1].body


def test_a_person_who_has_a_user_keeps_it(world: World) -> None:
    teacher = world.teacher.user
    assert teacher is not None
    membership = invited(world, admin(world), email=teacher.email.upper(), service=world.kindergarten, name="Noe annet")
    assert membership.user == teacher
    assert User.objects.get(pk=teacher.pk).name == teacher.name


def test_the_same_role_twice(world: World) -> None:
    membership = invited(world, admin(world))
    assert invited(world, admin(world)) == membership
    with pytest.raises(Invalid, match="ugyldig") as caught:
        invited(world, admin(world, "Annen"))
    assert "allerede denne rollen" in caught.value.errors["email"]


def test_ending_works_at_once_and_a_repeat_is_harmless(world: World) -> None:
    teacher = world.teacher.membership
    assert teacher is not None
    ended = end(membership=teacher, reason="Har sluttet", by=leader(world))
    assert end(membership=teacher, reason="Noe annet", by=admin(world)).end_reason == "Har sluttet"
    assert ended.ended_by == leader(world).user
    assert not Membership.objects.current(timezone.localdate()).filter(pk=teacher.pk).exists()


def test_nobody_ends_or_reviews_themselves(world: World) -> None:
    own = leader(world).membership
    assert own is not None
    with pytest.raises(Denied):
        end(membership=own, reason="x", by=leader(world))
    with pytest.raises(Denied):
        mark_reviewed(membership=own, by=leader(world))


@pytest.mark.usefixtures("two_cases_stand")
def test_a_membership_that_holds_cases_does_not_end(world: World) -> None:
    teacher = world.teacher.membership
    assert teacher is not None
    with pytest.raises(StillStanding, match="2 saker der personen er stafettholder"):
        end(membership=teacher, reason="Har sluttet", by=leader(world))
    with pytest.raises(StillStanding):
        move(membership=teacher, service=world.ppt, role=Role.CONTRIBUTOR, by=admin(world))
    teacher.refresh_from_db()
    assert teacher.ended_at is None


def test_moving_keeps_the_old_access_until_the_new_is_approved(world: World) -> None:
    old = world.teacher.membership
    assert old is not None
    new = move(membership=old, service=world.ppt, role=Role.CONTRIBUTOR, by=admin(world))
    old.refresh_from_db()
    assert old.ended_at is None
    with pytest.raises(Denied):
        approve(membership=new, by=admin(world))
    approve(membership=new, by=admin(world, "Annen"))
    old.refresh_from_db()
    assert old.end_reason == "Flyttet til PPT Fjordvik"
    current = Membership.objects.current(timezone.localdate()).filter(user=old.user)
    assert [membership.service for membership in current] == [world.ppt]


def test_approving_what_was_taken_back(world: World) -> None:
    membership = invited(world, admin(world))
    end(membership=membership, reason="Feil person", by=admin(world))
    with pytest.raises(MovedOn, match="trukket tilbake"):
        approve(membership=membership, by=leader(world))


def test_review(world: World) -> None:
    teacher = world.teacher.membership
    assert teacher is not None
    at = timezone.now() - dt.timedelta(days=3)
    reviewed = mark_reviewed(membership=teacher, by=leader(world), now=at)
    assert (reviewed.reviewed_at, reviewed.reviewed_by) == (at, leader(world).user)


def test_correcting_a_person(world: World) -> None:
    teacher = world.teacher.user
    assert teacher is not None
    values = {"name": "Kari Ås", "title": "Rektor", "profession": "", "hpr_number": ""}
    correct_person(user=teacher, by=admin(world), **values)
    teacher.refresh_from_db()
    assert (teacher.name, teacher.sort_key) == ("Kari Ås", "}s kari")
    with pytest.raises(Denied):
        correct_person(user=admin(world).user, by=admin(world), **values)
    with pytest.raises(Denied):
        correct_person(user=teacher, by=leader(world), **values)
    assert AuditEvent.objects.get(verb="person.corrected").detail == {"fields": ["name", "sort_key", "title"]}


def test_only_the_system_makes_the_first_administrator(world: World) -> None:
    values = {"email": "forste@eksempel.invalid", "name": "Første", "service": world.administration}
    with pytest.raises(Denied):
        first_administrator(by=admin(world), **values)
    with pytest.raises(Invalid):
        first_administrator(by=system_actor("t"), **{**values, "service": world.school})
    made = first_administrator(by=system_actor("t"), **values)
    assert first_administrator(by=system_actor("t"), **values) == made
    assert made.role == Role.USER_ADMINISTRATOR
