"""Who decides, from what is recorded: care taken over, lack of capacity in part, verge and next of kin, by mandate."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from cases.actions.guardians import GuardianDetails, add_guardian, set_capacity, version_of
from cases.models import Case, Guardian
from cases.sharing import SharingFacts
from portal.answering import Invalid
from portal.timeframe import start_of, today
from tests.stories import a_case, fresh, guardians, holder_actor
from tests.world import World

DAY = dt.timedelta(days=1)
LACKS = {"lacks_capacity_reason": "Vurdert.", "lacks_capacity_assessed_by": "Lege, HABU"}


def born(years: int) -> dt.date:
    """A birth date of somebody who turned so old a month ago."""
    day = today() - 30 * DAY
    return day.replace(year=day.year - years)


def deciding(case: Case, category: str, now: dt.datetime | None = None) -> str:
    """The kind of those who decide."""
    return str(SharingFacts(fresh(case)).who_decides(category, now or timezone.now()).kind)


def put(case: Case, **facts: Any) -> None:
    """Records care and capacity."""
    given = {"care_taken_over_on": None, **facts}
    set_capacity(case=case, version=version_of(fresh(case).child), by=holder_actor(case), **given)


# Age, care taken over, lacking capacity in these (None: it is there), category → who decides.
TABLE = [
    (14, False, None, "health", "guardians"),
    (14, True, None, "health", "barnevern"),
    (15, True, None, "school", "youth"),
    (15, True, None, "health", "barnevern"),
    (15, False, ["school"], "school", "guardians"),
    (16, True, None, "health", "youth"),
    (17, True, [], "health", "barnevern"),
    (17, False, ["health"], "health", "guardians"),
    (17, False, ["health"], "social", "youth"),
    (18, True, None, "health", "adult"),
    (18, True, ["health"], "health", "verge"),
    (18, True, ["health"], "social", "adult"),
    (19, False, [], "health", "verge"),
    (19, False, [], "family", "next_of_kin"),
]


@pytest.mark.parametrize(("age", "care", "lacks", "category", "decides"), TABLE)
def test_situation(world: World, age: int, care: bool, lacks: list[str] | None, category: str, decides: str) -> None:
    """Given parents, and a verge with a mandate for health; then the one the table names decides."""
    case = a_case(world, level=1, birth_date=born(age))
    guardians(case)
    verge = GuardianDetails(name="Vera", relation=Guardian.Relation.LEGAL_GUARDIAN, mandate_categories=("health",))
    add_guardian(case=case, details=verge, by=holder_actor(case))
    lack = {} if lacks is None else {**LACKS, "lacks_capacity_on": today(), "lacks_capacity_categories": lacks}
    if care or lack:
        put(case, care_taken_over_on=today() if care else None, **lack)
    assert deciding(case, category) == decides


def test_a_mandate_has_a_first_and_a_last_day(world: World) -> None:
    """Given a verge from next week for a month; then the verge decides in that month alone, next of kin else."""
    case = a_case(world, level=1, birth_date=born(19))
    guardians(case, "Mor Fjord")
    put(case, lacks_capacity_on=today(), **LACKS)
    period = {"mandate_from": today() + 7 * DAY, "mandate_until": today() + 37 * DAY}
    verge = GuardianDetails(name="Vera", relation=Guardian.Relation.LEGAL_GUARDIAN, **period)
    add_guardian(case=case, details=verge, by=holder_actor(case))
    days = {6: "next_of_kin", 7: "verge", 37: "verge", 38: "next_of_kin"}
    for ahead, decides in days.items():
        assert deciding(case, "health", start_of(today() + ahead * DAY)) == decides


def test_what_cannot_be_is_refused(world: World) -> None:
    """Given a mandate that ends before it begins, and categories without an assessment; then both are refused."""
    case = a_case(world, level=1)
    period = {"mandate_from": today(), "mandate_until": today() - DAY}
    verge = GuardianDetails(name="Vera", relation=Guardian.Relation.LEGAL_GUARDIAN, **period)
    with pytest.raises(Invalid):
        add_guardian(case=case, details=verge, by=holder_actor(case))
    with pytest.raises(Invalid):
        put(case, lacks_capacity_categories=["health"])
