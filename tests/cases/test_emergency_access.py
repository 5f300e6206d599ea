"""Emergency access: for helpers in an emergency, alone, for some hours, with a reason, and in the open."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.access import viewer_of
from cases.actions.closing import close_case
from cases.actions.emergency_access import LASTS, end_emergency_access, open_in_emergency, review_emergency_access
from cases.actions.measures import add_measure
from cases.actions.participants import end_participation
from cases.models import Case, CaseAccess, EmergencyAccess, Measure, Notification, Scope, Task
from cases.national_number import read
from portal.access import Denied
from portal.answering import Invalid
from portal.context import Actor
from portal.identity.fnr import synthetic
from portal.models import AuditEvent, Role
from portal.timeframe import today
from tests.stories import BORN, a_case, consent, fresh, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db
WHY = "Bevisstløs etter fall, på vei inn i ambulanse."
NUMBER = synthetic(BORN)


@pytest.fixture
def clinic(world: World) -> Actor:
    return world.actor(Role.EMERGENCY_CLINIC, world.emergency_clinic)


@pytest.fixture
def case(world: World) -> Case:
    return a_case(world, level=1, number=read(NUMBER))


def page(client: Client, **given: Any) -> Any:
    return client.post(reverse("cases:emergency_access"), {"reason": WHY, **given})


def test_the_case_opens_to_the_person_alone_for_some_hours(world: World, case: Case, clinic: Actor) -> None:
    """Given a case the legevakt has nothing to do with; when one there opens it by the child's number; then she reads
    it, her colleague does not, and it ends by itself."""
    client = world.client(clinic)
    assert client.get(reverse("cases:case", args=[case.pk])).status_code == 404
    answer = page(client, number=NUMBER)
    assert answer["Location"] == reverse("cases:case", args=[case.pk])
    shown = client.get(answer["Location"])
    assert shown.status_code == 200
    assert "Du er her med nødtilgang" in shown.content.decode()
    colleague = world.client(world.actor(Role.EMERGENCY_CLINIC, world.emergency_clinic, "to"))
    assert colleague.get(answer["Location"]).status_code == 404
    access = EmergencyAccess.objects.get()
    assert access.until - access.opened_at == LASTS
    over = viewer_of(clinic, case, now=access.until + dt.timedelta(seconds=1))
    assert over.scopes == frozenset()


def test_holder_and_leaders_are_told_at_once_and_the_log_says_why(world: World, case: Case, clinic: Actor) -> None:
    """Given leaders on both sides; when the case is opened; then all are told, the holder has it to look at, and each
    page she reads stands in the log as emergency access."""
    ours = world.actor(Role.SERVICE_LEADER, world.emergency_clinic)
    theirs = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    access = open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    told = set(Notification.objects.filter(kind="emergency_access.opened").values_list("user_id", flat=True))
    assert told == {case.holder.user_id, ours.person.pk, theirs.person.pk}
    task = Task.objects.get(kind="emergency_access.review", closed_at__isnull=True)
    assert (task.service_id, task.user_id) == (case.holder.service_id, case.holder.user_id)
    world.client(clinic).get(reverse("cases:case", args=[case.pk]))
    assert AuditEvent.objects.get(verb="case.overview", user_id=clinic.person.pk).basis == "emergency"
    for leader in (ours, theirs):
        shown = world.client(leader).get(reverse("cases:emergency_review", args=[access.pk])).content.decode()
        assert WHY in shown
        assert "Ada Fjord" not in shown


def test_it_is_for_reading_only(world: World, case: Case, clinic: Actor) -> None:
    """Given emergency access; then nothing in the case can be written by it."""
    open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    with pytest.raises(Denied):
        add_measure(case=case, service=clinic.unit, title="Observasjon", started_on=today(), by=clinic)
    shown = world.client(clinic).get(reverse("cases:measures", args=[case.pk])).content.decode()
    assert "Nytt tiltak" not in shown


def test_it_opens_what_concerns_health_family_and_protection(world: World, case: Case, clinic: Actor) -> None:
    open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    scopes = set(CaseAccess.objects.filter(principal_id=clinic.person.pk).values_list("scope", flat=True))
    assert scopes == {Scope.CASE, Scope.ITEMS_HEALTH, Scope.ITEMS_FAMILY, Scope.ITEMS_CHILD_PROTECTION}


def test_a_closed_case_opens_too(world: World, case: Case, clinic: Actor) -> None:
    """Given a case that is closed; then what it tells may still be what saves the child."""
    close_case(case=fresh(case), code="goal_reached", reason="Målene er nådd.", by=world.coordinator)
    open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    assert world.client(clinic).get(reverse("cases:case", args=[case.pk])).status_code == 200


def test_the_child_must_be_known_and_one(world: World, case: Case, clinic: Actor) -> None:
    """Given a name and a birth date that fit two children, or none; then nothing opens, and the search is logged."""
    client = world.client(clinic)
    born = f"{BORN:%d.%m.%Y}"
    assert "Fant ingen sak" in page(client, name="Ingen Slik", birth_date=born).content.decode()
    assert "Oppgi fødselsnummer" in page(client, name="Ada Fjord").content.decode()
    assert page(client, name="Ada Fjord", birth_date=born).status_code in {302, 303}
    a_case(world, level=1)
    another = page(world.client(world.actor(Role.CLINICIAN, world.bup)), name="Ada Fjord", birth_date=born)
    assert "Flere barn har samme navn" in another.content.decode()
    searches = AuditEvent.objects.filter(verb="case.emergency_search", kind=AuditEvent.Kind.SEARCH)
    assert sorted(event.detail["children"] for event in searches) == [0, 1, 2]
    assert all(event.case_id is None for event in searches)


def test_a_reason_is_needed_and_a_double_click_is_one(world: World, case: Case, clinic: Actor) -> None:
    with pytest.raises(Invalid):
        open_in_emergency(case_id=case.pk, reason=" ", by=clinic)
    first = open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    assert open_in_emergency(case_id=case.pk, reason=WHY, by=clinic) == first


@pytest.mark.parametrize(("role", "where"), [(Role.CONTRIBUTOR, "school"), (Role.INTAKE, "bup"), (Role.GP, "gp")])
def test_it_is_not_for_everyone(world: World, case: Case, role: str, where: str) -> None:
    who = world.actor(role, getattr(world, where))
    with pytest.raises(Denied):
        open_in_emergency(case_id=case.pk, reason=WHY, by=who)
    assert page(world.client(who), number=NUMBER).status_code == 403


def test_either_side_ends_it_and_the_holder_looks_at_it(world: World, case: Case, clinic: Actor) -> None:
    """Given emergency access; when the holder ends it; then the pages close; and what the holder's side came to closes
    its task and is read there alone."""
    access = open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    end_emergency_access(access=access, by=world.coordinator)
    assert world.client(clinic).get(reverse("cases:case", args=[case.pk])).status_code == 404
    holder = world.client(world.coordinator)
    url = reverse("cases:emergency_review", args=[access.pk])
    assert holder.post(url, {"note": "Riktig å åpne."}).status_code in {302, 303}
    assert not Task.objects.filter(kind="emergency_access.review", closed_at__isnull=True).exists()
    assert "Riktig å åpne." in holder.get(url).content.decode()
    assert "Riktig å åpne." not in world.client(clinic).get(url).content.decode()
    with pytest.raises(Denied):
        review_emergency_access(access=fresh_access(access), note="Selv ok", by=clinic)


def test_a_number_decides_alone_and_finds_the_open_case(world: World, case: Case, clinic: Actor) -> None:
    """Given an earlier case of the same child, and a name that fits another; when the number is given; then the open
    case of the number's child is the one that opens."""
    close_case(case=fresh(case), code="goal_reached", reason="Målene er nådd.", by=world.coordinator)
    newer = a_case(world, level=1, number=read(NUMBER))
    other = a_case(world, level=1, name="Bo Vik")
    answer = page(world.client(clinic), number=NUMBER, name="Bo Vik", birth_date=f"{BORN:%d.%m.%Y}")
    assert answer["Location"] == reverse("cases:case", args=[newer.pk])
    assert not EmergencyAccess.objects.filter(case=other).exists()


def test_closing_the_case_rids_nobody_of_looking_at_it(world: World, case: Case, clinic: Actor) -> None:
    open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    close_case(case=fresh(case), code="goal_reached", reason="Målene er nådd.", by=world.coordinator)
    assert Task.objects.filter(kind="emergency_access.review", closed_at__isnull=True).exists()


def test_what_the_service_wrote_once_is_not_changed_in_an_emergency(world: World, case: Case) -> None:
    """Given a department that took part, wrote a measure and left; when its clinician opens the case in an emergency;
    then the measure is not theirs to mark as wrong."""
    clinician = world.actor(Role.CLINICIAN, world.bup)
    (taking_part,) = with_participants(case, world.bup)
    consent(case, [world.bup])
    add_measure(case=fresh(case), service=world.bup, title="Samtaler", started_on=today(), by=clinician)
    end_participation(participant=taking_part, reason="Ferdig.", by=world.coordinator)
    open_in_emergency(case_id=case.pk, reason=WHY, by=clinician)
    measure = Measure.objects.get(case=case)
    url = reverse("cases:mark_error", args=["tiltak", measure.pk])
    assert world.client(clinician).post(url, {"reason": "Feil"}).status_code == 403


def test_nobody_reviews_their_own(world: World, case: Case, clinic: Actor) -> None:
    """Given somebody who is also a coordinator in the holder's service; then a colleague looks at it."""
    access = open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    EmergencyAccess.objects.filter(pk=access.pk).update(opened_by=world.coordinator.person)
    with pytest.raises(Denied):
        review_emergency_access(access=fresh_access(access), note="Ok.", by=world.coordinator)


def test_what_only_the_emergency_opens_is_read_on_its_basis(world: World, case: Case) -> None:
    """Given a department that takes part with consent for school matters alone; when its clinician opens the case in an
    emergency; then the log says so, and she keeps what she could do."""
    clinician = world.actor(Role.CLINICIAN, world.bup)
    with_participants(case, world.bup)
    consent(case, [world.bup], ["school"])
    open_in_emergency(case_id=case.pk, reason=WHY, by=clinician)
    viewer = viewer_of(clinician, fresh(case))
    assert (viewer.basis, viewer.in_emergency) == ("emergency", False)


def test_a_stranger_learns_nothing_of_it(world: World, case: Case, clinic: Actor) -> None:
    access = open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    outsider = world.client(world.actor(Role.COORDINATOR, world.other_school))
    assert outsider.get(reverse("cases:emergency_review", args=[access.pk])).status_code == 404
    assert AuditEvent.objects.filter(kind="refused", case_id=case.pk).count() == 1


def test_what_ran_out_gives_nothing_back(world: World, case: Case, clinic: Actor) -> None:
    """Given access that ran out yesterday; when the case is worked in today; then no new row opens."""
    then = timezone.now() + dt.timedelta(days=1)
    access = open_in_emergency(case_id=case.pk, reason=WHY, by=clinic)
    add_measure(case=case, service=case.holder.service, title="Samtale", started_on=today(), by=world.coordinator,
                now=then)  # fmt: skip
    rows = CaseAccess.objects.in_force(then).filter(principal_id=clinic.person.pk)
    assert not rows.exists()
    assert fresh_access(access).ended_at is None


def fresh_access(access: EmergencyAccess) -> EmergencyAccess:
    return EmergencyAccess.objects.select_related("case__holder").get(pk=access.pk)
