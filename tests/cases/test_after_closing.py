"""A closed case is for the holder's side; and who is turned away from a page has not read it."""

import pytest
from django.utils import timezone

from cases.actions.closing import close_case, reopen_case
from cases.actions.duplicates import dismiss_duplicate
from cases.actions.open import open_case
from cases.models import CaseAccess, Task
from portal.ids import uuid7
from portal.models import AuditEvent, Role
from tests.cases_content.family import a_measure, an_upload
from tests.stories import BORN, a_case, consent, fresh, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db


def test_closing_ends_all_access_but_the_holders(world: World) -> None:
    """Given a participant with consent; when the case is closed; then it is out until the case is opened again."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    consent(case, [world.school, world.coordinating_unit], ["school"])
    url = f"/saker/{case.pk}/"
    assert world.client(world.teacher).get(url).status_code == 200
    close_case(case=fresh(case), code="goal_reached", reason="Bra nå", by=world.coordinator)
    assert world.client(world.teacher).get(url).status_code == 404
    assert world.client(world.coordinator).get(url).status_code == 200
    standing = CaseAccess.objects.in_force(timezone.now()).filter(case=case)
    assert set(standing.values_list("principal_id", flat=True)) == {world.coordinating_unit.pk}
    assert set(standing.values_list("scope", flat=True)) == {"case", "items_school"}
    reopen_case(case=fresh(case), reason="Nytt", by=world.coordinator)
    assert world.client(world.teacher).get(url).status_code == 200


def test_what_one_has_written_is_still_ones_own(world: World) -> None:
    """Given words and a document of the school, and a measure of PPT; when the case is closed; then each reads its own
    from the list of cases, and nothing of the others."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt, world.coordinating_unit])
    ppt = world.actor(Role.CONTRIBUTOR, world.ppt)
    document = an_upload(case, world.teacher)
    a_measure(case, world.teacher, title="Liten gruppe")
    a_measure(case, ppt, title="Testing")
    client = world.client(world.teacher)
    own = f"/saker/{case.pk}/eget/"
    assert client.get(own).status_code == 404
    close_case(case=fresh(case), code="goal_reached", reason="Bra nå", by=world.coordinator)
    assert own in client.get("/saker/?vis=alle&avsluttede=1").content.decode()
    page = client.get(own).content.decode()
    assert "Liten gruppe" in page
    assert "Pedagogisk rapport" in page
    assert "Testing" not in page
    assert client.get(f"/dokumenter/{document.pk}/").status_code == 200
    assert world.client(ppt).get(f"/dokumenter/{document.pk}/").status_code == 404
    assert client.get(f"/saker/{case.pk}/tiltak/").status_code == 404
    assert AuditEvent.objects.filter(verb="case.own", basis="author", user_id=world.teacher.person.pk).exists()


def test_who_is_turned_away_is_no_reader(world: World) -> None:
    """Given a participant; when it asks for the log and the child's number; then the log tells of refusals alone."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    consent(case, [world.school], ["school"])
    client = world.client(world.teacher)
    for page in ("logg", "barnet"):
        assert client.get(f"/saker/{case.pk}/{page}/").status_code == 403
    mine = AuditEvent.objects.filter(case_id=case.pk, user_id=world.teacher.person.pk)
    assert set(mine.values_list("kind", "verb")) == {("refused", "case.read_log"), ("refused", "case.change_child")}


def test_another_child_closes_only_the_warning_of_this_case(world: World) -> None:
    """Given warnings in two cases; when a holder answers for the own; then that of the other still stands."""
    mine = a_case(world, level=1)
    leader = world.actor(Role.COORDINATOR, world.health_visitor)
    theirs = a_case(world, level=1, by=leader)
    Task.objects.update(closed_at=timezone.now())
    third = open_case(
        case_id=uuid7(), child_name="Ada Fjord", birth_date=BORN, seen_and_heard="x", how_long="x", shared_with="x",
        by=world.teacher,
    )  # fmt: skip
    warnings = Task.objects.filter(kind="duplicate.look", subject_id=third.pk, closed_at__isnull=True)
    assert set(warnings.values_list("case", flat=True)) == {mine.pk, theirs.pk}
    assert dismiss_duplicate(case=mine, other_id=third.pk, by=world.coordinator) == 1
    assert [task.case for task in warnings.all()] == [theirs]
    assert dismiss_duplicate(case=mine, other_id=third.pk, by=world.coordinator) == 0
