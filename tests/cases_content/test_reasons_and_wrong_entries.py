"""Reasons and notes are for few eyes; a wrong entry is struck through by one rule; a measure follows its author."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from cases.access import viewer_of
from cases.actions.concern import record_concern
from cases.actions.errors import mark_error
from cases.actions.inform import record_not_informed
from cases.actions.level import change_level, mark_step
from cases.actions.measures import evaluate_measure
from cases.actions.statutory import record_statutory_basis
from cases.actions.waive import waive_obligation
from cases.content import measures_of
from cases.models import Case, LevelStepDone, ObligationStatus
from guideline.editions import current_edition
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from tests.cases_content.family import a_measure, a_voice, an_upload
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db
SECRET = "Mor er redd for far"


@pytest.fixture
def case(world: World) -> Case:
    """School, PPT and child protection take part; all but the health visitor's words are shared among them."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt, world.child_protection)
    consent(case, [world.school, world.ppt, world.child_protection, world.coordinating_unit], note=SECRET)
    return fresh(case)


def ppt(world: World) -> Any:
    return world.actor(Role.CONTRIBUTOR, world.ppt)


def read(world: World, who: Any, case: Case, page: str) -> str:
    answer = world.client(who).get(f"/saker/{case.pk}/{page}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_why_the_law_opens_is_for_the_holder_and_the_service_named(world: World, case: Case) -> None:
    """Given a duty to notify with its reason; when others in the case look; then they see the basis, not the reason."""
    record_statutory_basis(
        case=case, service=world.child_protection, code="duty_to_notify", categories=["family"], reason="Slått hjemme",
        by=world.coordinator,
    )  # fmt: skip
    barnevern = world.actor(Role.CHILD_PROTECTION_LEADER, world.child_protection)
    seen = {who.service.name: read(world, who, case, "samtykke/") for who in (world.coordinator, barnevern, ppt(world))}
    assert [("Meldeplikt" in page, "Slått hjemme" in page) for page in seen.values()] == [
        (True, True),
        (True, True),
        (True, False),
    ]


def test_a_note_to_a_no_is_not_for_the_service_it_keeps_out(world: World, case: Case) -> None:
    """Given a yes to PPT with a note, and then a no with one; when PPT looks; then it reads the first alone."""
    assert SECRET in read(world, ppt(world), case, "samtykke/")
    consent(case, [world.ppt], ["family"], decision="refused", note="PPT kjenner far")
    page = read(world, ppt(world), case, "samtykke/")
    assert "Nektet" in page
    assert "PPT kjenner far" not in page
    assert "PPT kjenner far" in read(world, world.coordinator, case, "samtykke/")


def test_reasons_for_levels_and_notes_to_steps(world: World, case: Case) -> None:
    """Given a level with its reason, and a step with a note; when PPT looks; then only that it is done shows."""
    change_level(case=case, to_level=3, reason="Vold i familien", by=world.coordinator)
    number = case.municipality.municipality_number or ""
    step = current_edition(case.community).level_steps(3, number)[0].key
    mark_step(case=fresh(case), level=3, step=step, note="Ringte krisesenteret", by=world.teacher)
    assert LevelStepDone.objects.get().service == world.school
    for page in ("niva/", "tidslinje/", ""):
        told = read(world, ppt(world), case, page)
        assert "Vold i familien" not in told
        assert "Ringte krisesenteret" not in told
    assert "Vold i familien" in read(world, world.coordinator, case, "tidslinje/")
    assert "Ringte krisesenteret" in read(world, world.coordinator, case, "niva/")
    assert "Ringte krisesenteret" in read(world, world.teacher, case, "niva/")


def test_why_a_duty_was_set_aside(world: World, case: Case) -> None:
    """Given a duty set aside with a reason; when a participant looks; then only the holder reads the reason."""
    status = ObligationStatus.objects.filter(case=case, state="open").first()
    assert status is not None
    given = {"case": case, "key": status.key, "subject_id": status.subject_id}
    waive_obligation(**given, reason="Mor vil ikke", by=world.coordinator)
    assert ObligationStatus.objects.get(pk=status.pk).gap == ""
    for page in ("plikter/", f"plikter/{status.key}/"):
        assert "Mor vil ikke" not in read(world, ppt(world), case, page)
        assert "Mor vil ikke" in read(world, world.coordinator, case, page)


def test_why_guardians_are_not_informed_is_shown_to_the_holder(world: World) -> None:
    """Given a case hidden from the guardians; when the holder looks; then it says why, to a participant not."""
    case = a_case(world, informed=False)
    record_not_informed(case=case, code="abuse", reason="Fare for represalier", by=world.coordinator)
    change_level(case=fresh(case), to_level=1, reason="x", by=world.coordinator)
    with_participants(case, world.child_protection)
    record_statutory_basis(
        case=fresh(case), service=world.child_protection, code="duty_to_notify", categories=["family"], reason="x",
        by=world.coordinator,
    )  # fmt: skip
    barnevern = world.actor(Role.CHILD_PROTECTION_LEADER, world.child_protection)
    assert "Fare for represalier" in read(world, world.coordinator, case, "")
    page = read(world, barnevern, case, "")
    assert "Saken er skjult for foresatte" in page
    assert "Fare for represalier" not in page


def an_undring(case: Case, by: Any) -> Model:
    return record_concern(case=case, seen_and_heard=SECRET, how_long="uker", shared_with="ingen", by=by)


@pytest.mark.parametrize(
    ("make", "page"),
    [
        (lambda case, by: a_measure(case, by, title=SECRET), "tiltak/"),
        (lambda case, by: a_voice(case, by, words=SECRET), "barnets-stemme/"),
        (lambda case, by: an_upload(case, by, title=SECRET), "dokumenter/"),
        (an_undring, ""),
    ],
    ids=["tiltak", "stemme", "dokument", "undring"],
)
def test_a_wrong_entry_is_struck_through_by_one_rule(
    world: World, case: Case, make: Callable[[Case, Any], Any], page: str
) -> None:
    """Given an entry that all see; when it is marked as wrong; then its words are for the author's service and the
    holder's side, and all others see who, when and why."""
    entry = make(case, world.teacher)
    assert SECRET in read(world, ppt(world), case, page)
    mark_error(entry=entry, reason="Feil barn", by=world.teacher)
    told = {who.service_id: read(world, who, case, page) for who in (world.teacher, world.coordinator, ppt(world))}
    assert all("Feil barn" in text for text in told.values())
    assert SECRET in told[world.school.pk]
    assert SECRET in told[world.coordinating_unit.pk]
    assert SECRET not in told[world.ppt.pk]


def test_a_measure_for_another_service_is_its_authors(world: World) -> None:
    """Given a measure the school writes for PPT; when PPT has no consent to such words; then it sees nothing."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt], ["health"])
    measure = a_measure(case, world.teacher, service=world.ppt)
    assert measure.recorded_in == world.school
    rows = {who.service_id: measures_of(viewer_of(who, fresh(case))).rows for who in (world.teacher, ppt(world))}
    assert (len(rows[world.school.pk]), len(rows[world.ppt.pk])) == (1, 0)
    assert world.client(ppt(world)).get(f"/tiltak/{measure.pk}/evaluer/").status_code == 404
    with pytest.raises(Denied):
        evaluate_measure(measure=measure, effect="good", effect_text="", by=ppt(world), now=timezone.now())


def test_a_measure_is_for_a_service_in_the_case(world: World, case: Case) -> None:
    """Given a service that is not in the case; when a measure is written for it; then the field says so."""
    with pytest.raises(Invalid) as refused:
        a_measure(case, world.teacher, service=world.other_school)
    assert list(refused.value.errors) == ["service"]
