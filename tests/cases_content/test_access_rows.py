"""Consent becomes access rows exactly as the rules say, with the periods they have, and stops at once."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.access import viewer_of
from cases.actions.consent import record_consent, withdraw_consent
from cases.actions.participants import end_participation
from cases.admission import refresh_access
from cases.models import CaseAccess, Category, Consent
from portal.timeframe import end_of, start_of, today
from tests.cases_content.seeing import is_in, rows, sees
from tests.stories import a_case, consent, fresh, guardians, with_participants
from tests.world import World

ALL = set(Category.values)
pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_taking_part_alone_opens_nothing(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    now = timezone.now()
    assert not is_in(case, world.school, now)
    assert rows(case, world.school) == set()


def test_consent_opens_the_case_and_the_categories_it_names(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    until = today() + 100 * DAY
    consent(case, [world.school], ["health", "family"], valid_until=until)
    now = timezone.now()
    assert sees(case, world.school, now) == {"health", "family"}
    assert is_in(case, world.school, now)
    assert not is_in(case, world.ppt, now)
    assert rows(case, world.school) == {
        ("case", "participant", end_of(until)),
        ("items_health", "consent", end_of(until)),
        ("items_family", "consent", end_of(until)),
    }


def test_nothing_is_seen_from_the_midnight_after_the_last_day(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    until = today() + 10 * DAY
    consent(case, [world.school], ["health"], valid_until=until)
    last = end_of(until) - dt.timedelta(seconds=1)
    assert sees(case, world.school, last) == {"health"}
    assert sees(case, world.school, end_of(until)) == set()
    assert not is_in(case, world.school, end_of(until))


def test_the_holders_own_service_needs_consent_too(world: World) -> None:
    case = a_case(world, level=2)
    now = timezone.now()
    assert is_in(case, world.coordinating_unit, now)
    assert sees(case, world.coordinating_unit, now) == set()
    consent(case, [world.coordinating_unit], ["school"])
    assert sees(case, world.coordinating_unit, timezone.now()) == {"school"}


def test_consent_lets_nobody_in_who_does_not_take_part(world: World) -> None:
    case = a_case(world, level=2)
    consent(case, [world.ppt])
    assert rows(case, world.ppt) == set()
    with_participants(case, world.ppt)
    assert sees(case, world.ppt, timezone.now()) == ALL


def test_a_participants_period_bounds_what_it_sees(world: World) -> None:
    case = a_case(world, level=2)
    consent(case, [world.ppt], ["school"])
    first, last = today() + 5 * DAY, today() + 20 * DAY
    with_participants(case, world.ppt, valid_from=first, valid_until=last)
    assert not is_in(case, world.ppt, timezone.now())
    for scope_open, at in (
        (False, start_of(first) - dt.timedelta(seconds=1)),
        (True, start_of(first)),
        (True, end_of(last) - dt.timedelta(seconds=1)),
        (False, end_of(last)),
    ):
        assert (sees(case, world.ppt, at) == {"school"}) is scope_open
        assert is_in(case, world.ppt, at) is scope_open


def test_who_has_left_sees_nothing_more(world: World) -> None:
    case = a_case(world, level=2)
    (school,) = with_participants(case, world.school)
    consent(case, [world.school])
    end_participation(participant=school, reason="Byttet skole", by=world.coordinator)
    now = timezone.now()
    assert sees(case, world.school, now) == set()
    assert not is_in(case, world.school, now)


def test_both_guardians_are_needed(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    mother, father = guardians(case)
    consent(case, [world.school], ["health"], parties=[f"guardian:{mother.pk}"])
    assert sees(case, world.school, timezone.now()) == set()
    consent(case, [world.school], ["health"], parties=[f"guardian:{father.pk}"])
    assert sees(case, world.school, timezone.now()) == {"health"}


def test_one_guardian_is_enough_with_a_reason_unless_the_other_says_no(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    mother, father = guardians(case)
    consent(
        case,
        [world.school],
        ["health"],
        parties=[f"guardian:{mother.pk}"],
        one_guardian_reason="Far er ikke til å få tak i.",
    )
    assert sees(case, world.school, timezone.now()) == {"health"}
    consent(case, [], ["health"], parties=[f"guardian:{father.pk}"], decision=Consent.Decision.REFUSED)
    assert sees(case, world.school, timezone.now()) == set()


def test_a_refusal_without_services_covers_all(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    mother, _father = guardians(case)
    consent(case, [world.school, world.ppt], ["health"])
    consent(case, [], ["health"], parties=[f"guardian:{mother.pk}"], decision=Consent.Decision.REFUSED)
    now = timezone.now()
    assert sees(case, world.school, now) == sees(case, world.ppt, now) == set()


def test_withdrawal_works_the_same_second(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    given = timezone.now()
    row = consent(case, [world.school], ["health"], now=given)
    withdrawn = given + dt.timedelta(seconds=1)
    withdraw_consent(consent=row, by=world.coordinator, now=withdrawn)
    assert sees(case, world.school, withdrawn - dt.timedelta(microseconds=1)) == {"health"}
    assert sees(case, world.school, withdrawn) == set()
    assert not is_in(case, world.school, withdrawn)


def test_partial_withdrawal_leaves_the_rest(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    row = consent(case, [world.school, world.ppt], ["health"])
    withdraw_consent(consent=row, services=[world.school], by=world.coordinator)
    now = timezone.now()
    assert sees(case, world.school, now) == set()
    assert sees(case, world.ppt, now) == {"health"}
    row.refresh_from_db()
    assert row.withdrawn_at is None
    withdraw_consent(consent=row, services=[world.ppt], by=world.coordinator)
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_a_new_yes_after_a_withdrawal_counts_and_an_old_one_does_not(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    row = consent(case, [world.school], ["health"])
    withdraw_consent(consent=row, by=world.coordinator)
    consent(case, [world.school], ["health"], given_on=today() - DAY)
    assert sees(case, world.school, timezone.now()) == set()
    consent(case, [world.school], ["health"], note="Ny samtale")
    assert sees(case, world.school, timezone.now()) == {"health"}


@pytest.mark.parametrize(("category", "age"), [("school", 15), ("health", 16)])
def test_the_birthday_ends_the_parents_consent(world: World, category: str, age: int) -> None:
    birthday = today() + 30 * DAY
    born = birthday.replace(year=birthday.year - age)
    case = a_case(world, level=2, birth_date=born)
    with_participants(case, world.ppt)
    consent(case, [world.ppt], [category], valid_until=birthday + 300 * DAY)
    turning = start_of(birthday)
    assert sees(case, world.ppt, turning - dt.timedelta(seconds=1)) == {category}
    assert sees(case, world.ppt, turning) == set()


def test_a_youth_signs_ahead_and_nothing_closes_on_the_birthday(world: World) -> None:
    birthday = today() + 30 * DAY
    case = a_case(world, level=2, birth_date=birthday.replace(year=birthday.year - 16))
    with_participants(case, world.ppt)
    consent(case, [world.ppt], ["health"], valid_until=birthday + 300 * DAY)
    consent(case, [world.ppt], ["health"], parties=["youth"], valid_from=birthday, valid_until=birthday + 300 * DAY)
    for at in (timezone.now(), start_of(birthday) - dt.timedelta(seconds=1), start_of(birthday)):
        assert sees(case, world.ppt, at) == {"health"}
        assert is_in(case, world.ppt, at)
    assert rows(case, world.ppt) == {
        ("case", "participant", end_of(birthday + 300 * DAY)),
        ("items_health", "consent", end_of(birthday + 300 * DAY)),
    }


def test_a_gap_until_a_later_start_is_laid_out_ahead(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.ppt)
    first_end, second_start = today() + 10 * DAY, today() + 20 * DAY
    consent(case, [world.ppt], ["health"], valid_until=first_end)
    consent(case, [world.ppt], ["health"], valid_from=second_start, note="Neste periode")
    assert sees(case, world.ppt, end_of(first_end)) == set()
    assert not is_in(case, world.ppt, end_of(first_end))
    assert sees(case, world.ppt, start_of(second_start)) == {"health"}
    assert is_in(case, world.ppt, start_of(second_start))
    # The row that began by itself stays the same row when access is worked out later.
    before = CaseAccess.objects.filter(case=case).count()
    refresh_access(fresh(case), start_of(second_start) + DAY)
    assert CaseAccess.objects.filter(case=case).count() == before
    assert sees(case, world.ppt, start_of(second_start) + DAY) == {"health"}


def test_coming_of_age_with_the_own_consent_changes_nothing(world: World) -> None:
    birthday = today() + 30 * DAY
    case = a_case(world, level=2, birth_date=birthday.replace(year=birthday.year - 18))
    with_participants(case, world.ppt)
    consent(case, [world.ppt], ["health"], parties=["youth"], valid_until=birthday + 100 * DAY)
    assert sees(case, world.ppt, start_of(birthday) + DAY) == {"health"}


def test_a_child_of_twelve_may_ask_that_something_be_withheld(world: World) -> None:
    case = a_case(world, level=2, birth_date=today().replace(year=today().year - 13, day=1))
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt], ["health", "family"])
    wish = consent(case, [world.school], ["family"], parties=["youth"], decision=Consent.Decision.REFUSED)
    now = timezone.now()
    assert sees(case, world.school, now) == {"health"}
    assert sees(case, world.ppt, now) == {"health", "family"}
    withdraw_consent(consent=wish, by=world.coordinator)
    assert sees(case, world.school, timezone.now()) == {"health", "family"}


def test_refreshing_twice_changes_nothing(world: World) -> None:
    case = a_case(world, level=2, birth_date=today().replace(year=today().year - 14, day=1))
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt], valid_until=today() + 1000 * DAY)
    now = timezone.now()
    refresh_access(fresh(case), now)
    before = list(CaseAccess.objects.filter(case=case).order_by("pk").values())
    refresh_access(fresh(case), now)
    refresh_access(fresh(case), now + dt.timedelta(minutes=1))
    assert list(CaseAccess.objects.filter(case=case).order_by("pk").values()) == before


def test_level_zero_stays_inside_the_service_that_recorded_it(world: World) -> None:
    case = a_case(world, level=0, informed=False, by=world.teacher)
    guardians(case, by=world.teacher)
    open_rows = CaseAccess.objects.in_force(timezone.now()).filter(case=case)
    assert {row.principal_id for row in open_rows} == {world.school.pk}
    assert {row.scope for row in open_rows} == {"case"}


def test_the_viewer_follows_the_table(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    row = consent(case, [world.school], ["health"])
    viewer = viewer_of(world.teacher, case)
    assert viewer.sees(world.gp.pk, "health")
    assert not viewer.sees(world.gp.pk, "health", sealed=True)
    assert viewer.sees(world.school.pk, "school", sealed=True)
    withdraw_consent(consent=row, by=world.teacher)
    assert not viewer_of(world.teacher, case).scopes


def test_a_double_click_records_one_consent(world: World) -> None:
    case = a_case(world, level=2)
    (mother, father), now = guardians(case), timezone.now()
    keys = [f"guardian:{mother.pk}", f"guardian:{father.pk}"]
    words = {
        "case": case,
        "decision": "given",
        "services": [world.school],
        "categories": ["health"],
        "purpose": "Hjelp",
        "given_on": today(),
        "how": "oral",
        "by": world.coordinator,
    }
    first = record_consent(parties=keys, now=now, **words)
    second = record_consent(parties=keys[::-1], now=now + dt.timedelta(seconds=2), **words)
    assert first.pk == second.pk
    other = record_consent(parties=keys[:1], now=now + dt.timedelta(seconds=3), **words)
    assert other.pk != first.pk
