"""Asking again ahead of a birthday that changes who decides: 15, 16 and 18, and where there is no birth date."""

import datetime as dt

import pytest

from cases.actions.child import change_child, version_of
from cases.actions.closing import close_case
from cases.actions.consent import withdraw_consent
from cases.actions.guardians import GuardianDetails, add_guardian, set_capacity
from cases.actions.guardians import version_of as capacity_version
from cases.inbox import tasks_for
from cases.models import Case, Deadline, Guardian, Task
from cases.renewals import keep_renewals
from portal.timeframe import start_of, today
from tests.stories import a_case, consent, fresh, holder_actor, with_participants
from tests.world import World

DAY = dt.timedelta(days=1)


def turning(world: World, age: int, days: int = 50) -> Case:
    """A case of a child that turns so old in so many days, with the school in it."""
    birthday = today() + days * DAY
    case = a_case(world, level=2, birth_date=birthday.replace(year=birthday.year - age))
    with_participants(case, world.school)
    return case


def waiting(case: Case) -> Task | None:
    """The open task of asking again."""
    return Task.objects.filter(kind="consent.ask_again", case=case, closed_at__isnull=True).first()


@pytest.mark.parametrize(
    ("age", "category", "label"), [(15, "school", "Barnehage, skole og PPT"), (16, "health", "Helse")]
)
def test_the_holder_is_asked_ahead_until_the_young_person_has_answered(
    world: World, age: int, category: str, label: str
) -> None:
    """Given parents' yes; when the birthday nears; then the holder is asked, ahead, till the young person has said."""
    case = turning(world, age)
    row = consent(case, [world.school], [category], valid_until=today() + 300 * DAY)
    birthday = today() + 50 * DAY
    task, deadline = waiting(case), Deadline.objects.get(rule="decider_changes", case=case)
    assert task is not None
    assert (task.detail, task.due_on, deadline.anchor_on) == (label, today(), birthday)
    assert not Task.objects.filter(kind="consent.renew", due_on=birthday).exists()
    assert task in tasks_for(world.coordinator)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/samtykke/").content.decode()
    assert f"#samtykke-{row.pk}" in page
    assert f"Ada Fjord selv må svare om {label}" in page
    consent(fresh(case), [world.school], [category], parties=["youth"], valid_from=birthday)
    task.refresh_from_db()
    deadline.refresh_from_db()
    assert (task.close_reason, deadline.state) == ("done", "met")


def test_a_far_birthday_is_in_no_inbox_and_a_no_is_an_answer(world: World) -> None:
    """Given a birthday in a year; then nobody is bothered yet; when the young person says no at 16; then it is done."""
    case = turning(world, 16, days=300)
    consent(case, [world.school], ["health"])
    task = waiting(case)
    assert task is not None
    assert task.due_on == today() + 240 * DAY
    assert task not in tasks_for(world.coordinator)
    later = start_of(today() + 300 * DAY)
    consent(fresh(case), [], ["health"], parties=["youth"], decision="refused", now=later)
    task.refresh_from_db()
    assert task.close_reason == "done"


def test_what_was_not_asked_in_time_still_waits_and_then_comes_the_next_birthday(world: World) -> None:
    """Given 15 gone by unasked; then school still waits; when that is answered; then 16 has its own task and date."""
    case = turning(world, 15)
    consent(case, [world.school], ["school", "health"])
    after = start_of(today() + 60 * DAY)
    keep_renewals(fresh(case), by=world.coordinator, now=after)
    first = waiting(case)
    assert first is not None
    assert first.detail == "Barnehage, skole og PPT"
    consent(fresh(case), [world.school], ["school"], parties=["youth"], now=after)
    second = waiting(case)
    assert second is not None
    assert (second.pk != first.pk, second.detail) == (True, "Helse")
    states = Deadline.objects.filter(case=case, rule="decider_changes").order_by("anchor_on")
    assert [row.state for row in states] == ["met", "open"]
    assert [row.anchor_on.year - today().year for row in states] in ([0, 1], [1, 2])


def test_who_lacks_capacity_is_decided_for_by_others_at_18_but_not_at_16(world: World) -> None:
    """Given a youth of 17 who lacks capacity; when 18 nears; then the verge is named, for what the mandate covers."""
    case = turning(world, 18)
    by = holder_actor(case)
    set_capacity(
        case=case,
        version=capacity_version(case.child),
        care_taken_over_on=None,
        lacks_capacity_reason="Psykisk utviklingshemming.",
        lacks_capacity_assessed_by="Lege, HABU",
        lacks_capacity_on=today(),
        by=by,
    )
    consent(fresh(case), [world.school], ["health", "social"])
    verge = GuardianDetails(
        name="Vera Verge", relation=Guardian.Relation.LEGAL_GUARDIAN, mandate_categories=("health",)
    )
    add_guardian(case=fresh(case), details=verge, by=by)
    assert waiting(case) is not None
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/samtykke/").content.decode()
    assert "Vera Verge (verge) må svare om Helse" in page
    assert (
        "Far Fjord (far), nærmeste pårørende, Mor Fjord (mor), nærmeste pårørende må svare om Sosiale forhold" in page
    )


def test_nothing_to_ask_about_is_no_task(world: World) -> None:
    """Given an unborn child, a consent withdrawn, a case closed; then nobody is asked; when born, the date is known."""
    case = a_case(world, level=2, birth_date=None, due_date=today() + 30 * DAY)
    with_participants(case, world.school)
    consent(case, [world.school], ["health"])
    assert waiting(case) is None
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/samtykke/").content.decode()
    assert "Fødselsdatoen er ikke registrert" in page
    change_child(case=case, version=version_of(fresh(case).child), birth_date=today(), by=world.coordinator)
    assert waiting(case) is not None
    other = turning(world, 16)
    withdraw_consent(consent=consent(other, [world.school], ["health"]), by=world.coordinator)
    assert waiting(other) is None
    assert Deadline.objects.get(rule="decider_changes", case=other).state == "cancelled"
    third = turning(world, 16)
    consent(third, [world.school], ["health"])
    close_case(case=fresh(third), code="no_concern", reason="Ferdig.", by=world.coordinator)
    assert waiting(third) is None
