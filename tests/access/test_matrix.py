"""The code does what docs/access.md says: every cell from the right place, and a no from every wrong one."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from cases.models import CaseHolder, EmergencyAccess, Task
from cases.role_scopes import NEVER_IN_CASES
from cases.unusual import Finding
from portal import rights
from portal.context import Actor, actor_for
from portal.ids import uuid7
from portal.models import Membership, Profession, Role, Service
from portal.rights import can
from tests.access.matrix import BY_PROFESSION, NO, YES, Row, places, roles, rows
from tests.access.rich import Rich
from tests.world import World

pytestmark = pytest.mark.django_db
ROWS = rows()
EVERYWHERE = "hvor som helst"


def right_service(place: str, world: World) -> Service:
    """Where a place is."""
    return {
        EVERYWHERE: world.school,
        "tjeneste nær barnet": world.school,
        "i saken": world.gp,
        "stafettholderens tjeneste": world.coordinating_unit,
        "tjenesten som skrev det": world.ppt,
        "den som er spurt": world.school,
        "henviser": world.gp,
        "følger henvisningen": world.school,
        "har skrevet fastlegens vurdering": world.gp,
        "bedt om bidraget": world.school,
        "spurt av inntaket": world.school,
        "spurt avdeling": world.bup,
        "tjenesten som spurte": world.coordinating_unit,
        "drøfting uten sak": world.bup,
        "avdeling med inntak": world.bup,
        "mottaker": world.bup,
        "egen tjeneste": world.school,
        "tjeneste som tar imot øyeblikkelig hjelp": world.emergency_clinic,
        "åpnet saken i nød": world.emergency_clinic,
    }[place]


def wrong_service(place: str, world: World) -> Service:
    """Somewhere else: a service of another municipality, or another department where a department is meant."""
    department = {"spurt avdeling", "mottaker"}
    return world.habu if place in department or place == "tjeneste nær barnet" else world.other_school


def subject_for(row: Row, rich: Rich, actor: Actor) -> Any:
    """What a verb is tried on. Things of the rich world, never saved with changes."""
    area, _doing = row.verb.split(".")
    special: dict[str, Callable[[], Any]] = {
        "case.open": lambda: None,
        "case.search": lambda: None,
        "case.emergency_access": lambda: None,
        "case.end_emergency_access": lambda: opened_by(rich, actor, row),
        "case.review_emergency_access": lambda: opened_by(rich, actor, row),
        "intake.list": lambda: None,
        "consultation.register": lambda: None,
        "people.read": lambda: None,
        "statistics.read": lambda: None,
        "case.answer_offer": lambda: offer_to(rich, actor),
        "case.evaluate_measure": lambda: rich.measure,
        "case.mark_error": lambda: rich.measure,
        "case.reserve": lambda: rich.measure,
        "referral.mark_assessment_wrong": lambda: written_by(rich),
        "referral.correct_assessment": lambda: rich.assessment,
        "referral.emergency": lambda: rich.case,
        "referral.start": lambda: rich.case,
        "referral.outcome": lambda: rich.sent,
        "consultation.ask": lambda: rich.case,
        "consultation.attach": lambda: rich.named,
        "request.answer": lambda: rich.request,
        "unusual.read": lambda: None,
        "unusual.look_at": lambda: finding(rich.world.school),
        "task.reassign": lambda: Task(service=rich.world.school),
        "people.invite": lambda: rich.world.school,
        "people.approve": lambda: rich.invited,
        "people.correct": lambda: rich.invited.user,
        "people.reset_login": lambda: rich.invited.user,
    }
    if row.place == "drøfting uten sak":
        return without_case(rich)
    if row.verb in special:
        return special[row.verb]()
    by_area = {
        "case": rich.case,
        "referral": rich.assessed,
        "contribution": rich.contribution,
        "consultation": rich.named,
        "intake": rich.sent,
        "people": another_in_school(rich, actor),
    }
    return by_area[area]


def opened_by(rich: Rich, actor: Actor, row: Row) -> EmergencyAccess:
    """An emergency access that this very person opened, where the row is about that."""
    made = copy.copy(rich.emergency_access)
    if row.place == "åpnet saken i nød" and actor.service_id == rich.world.emergency_clinic.pk:
        made.opened_by = actor.person
    return made


def finding(service: Service) -> Finding:
    """What somebody in a service did."""
    now = timezone.now()
    return Finding("hours", service.pk, uuid7(), "Noen", now.date(), now, now, 1, (uuid7(),))


def offer_to(rich: Rich, actor: Actor) -> CaseHolder:
    """An offer to this very person in the school."""
    there = rich.world.actor(actor.role, rich.world.school)
    mine = actor.membership if actor.service_id == rich.world.school.pk else there.membership
    return CaseHolder(case=rich.case, membership=mine)


def without_case(rich: Rich) -> Any:
    """A consultation that the department recorded for a municipality, without a case."""
    made = copy.copy(rich.named)
    made.case, made.case_id = None, None
    return made


def written_by(rich: Rich) -> Any:
    """An assessment that PPT registered."""
    made = copy.copy(rich.assessment)
    made.service = rich.world.ppt
    return made


def another_in_school(rich: Rich, actor: Actor) -> Membership:
    """Somebody else's everyday access in the school."""
    return rich.world.actor(
        Role.CHILD_OFFICER if actor.role != Role.CHILD_OFFICER else Role.GP, rich.world.school
    ).membership


def with_profession(actor: Actor, profession: str) -> Actor:
    """The same person with a profession."""
    user = copy.copy(actor.user)
    assert user is not None
    user.profession = profession
    return Actor(user=user, membership=actor.membership)


def test_the_document_and_the_code_have_the_same_verbs() -> None:
    assert {row.verb for row in ROWS} == set(rights.table())


def test_the_document_has_every_role_and_explains_every_place() -> None:
    assert set(roles().values()) == set(Role.values)
    assert {row.place for row in ROWS} == places()
    assert {value for row in ROWS for value in (*row.cells.values(), row.holder)} == {YES, NO, BY_PROFESSION}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_from_the_right_place(rich: Rich, row: Row) -> None:
    wrong = {}
    for role, cell in row.cells.items():
        actor = rich.world.actor(role, right_service(row.place, rich.world))
        subject = subject_for(row, rich, actor)
        plain = can(with_profession(actor, Profession.NONE), row.verb, subject)
        doctor = can(with_profession(actor, Profession.DOCTOR), row.verb, subject)
        fits = {
            YES: can(actor, row.verb, subject) and doctor,
            BY_PROFESSION: not plain and doctor,
            # A no is a no, whatever the profession.
            NO: not plain and not doctor,
        }[cell]
        if not fits:
            wrong[role] = cell
    assert not wrong, "koden er uenig med docs/access.md"


@pytest.mark.parametrize("row", [row for row in ROWS if row.place != EVERYWHERE], ids=str)
def test_no_role_from_a_wrong_place(rich: Rich, row: Row) -> None:
    allowed = set()
    for role in Role:
        actor = rich.world.actor(role, wrong_service(row.place, rich.world))
        # A user administrator reaches the whole community: elsewhere is another community.
        if row.verb.startswith("people.") and role == Role.USER_ADMINISTRATOR:
            actor = in_another_community(actor)
        if can(with_profession(actor, Profession.DOCTOR), row.verb, subject_for(row, rich, actor)):
            allowed.add(role)
    assert not allowed


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_holder_in_person(rich: Rich, row: Row) -> None:
    """Whatever professional role the holder has; never a role that meets no children."""
    if row.holder == NO:
        assert rights.table()[row.verb].in_person is None
        return
    for role in Role:
        actor = rich.world.actor(role, rich.world.coordinating_unit)
        subject = held_by(actor, subject_for(row, rich, actor), rich)
        expected = role not in NEVER_IN_CASES
        assert can(actor, row.verb, subject) == expected, role


def held_by(actor: Actor, subject: Any, rich: Rich) -> Any:
    """The subject, in a case that this person holds."""
    case = copy.copy(rich.case)
    case.holder = actor.membership
    if subject == rich.case:
        return case
    held = copy.copy(subject)
    held._state = copy.copy(subject._state)
    held._state.fields_cache = {**subject._state.fields_cache, "case": case}
    return held


def in_another_community(actor: Actor) -> Actor:
    """The same role in a community of which nothing here is part."""
    from portal.models import HealthCommunity

    elsewhere, _made = HealthCommunity.objects.get_or_create(slug="annet", defaults={"name": "Annet", "prefix": "AN"})
    membership = copy.copy(actor.membership)
    assert membership is not None
    membership._state = copy.copy(membership._state)
    membership._state.fields_cache = {**membership._state.fields_cache, "community": elsewhere}
    membership.community_id = elsewhere.pk
    return Actor(user=actor.user, membership=membership)


def test_an_ended_access_opens_nothing(rich: Rich) -> None:
    """Acting in a membership goes through ``actor_for`` or the middleware, and both ask for those that hold."""
    membership = rich.world.teacher.membership
    assert actor_for(membership.pk).service_id == rich.world.school.pk
    Membership.objects.filter(pk=membership.pk).update(valid_until=membership.valid_from)
    with pytest.raises(Membership.DoesNotExist):
        actor_for(membership.pk)
    nobody = Actor(user=rich.world.teacher.user, membership=None)
    for row in ROWS:
        assert not can(nobody, row.verb, subject_for(row, rich, rich.world.teacher))


def test_an_assessment_is_corrected_by_whoever_wrote_it_and_by_no_other_in_the_case(rich: Rich) -> None:
    for role in (Role.GP, Role.EMERGENCY_CLINIC):
        for service in (rich.world.school, rich.world.coordinating_unit):
            actor = rich.world.actor(role, service)
            assert can(actor, "referral.assess", rich.assessed)
            assert not can(actor, "referral.correct_assessment", rich.assessment)


def test_nobody_acts_on_their_own_access(rich: Rich) -> None:
    for role in Role:
        actor = rich.world.actor(role, rich.world.school)
        for verb in ("people.approve", "people.end", "people.review"):
            assert not can(actor, verb, actor.membership)
        assert not can(actor, "people.correct", actor.user)
        assert not can(actor, "people.reset_login", actor.user)
