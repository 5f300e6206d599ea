"""The demo's story: what pages have to show is there in a fresh demo, made through the actions people use."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.models import Case, Measure
from portal.models import Role
from referrals.demo.crew import Crew
from referrals.demo.plot import tell
from referrals.demo.tale import CHILDREN
from referrals.intake_reading import RECENT
from referrals.models import Contribution, IntakeDecision, TreatmentStart

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(db: None) -> Crew:
    """The demo's people."""
    for command in ("load_directory", "load_editions", "load_demo_people"):
        call_command(command, verbosity=0)
    return Crew()


def told(crew: Crew, *stages: str) -> list[Case]:
    """The first child of each stage, taken as far as the stage says."""
    numbers = {spec["stage"]: number for number, spec in reversed(list(enumerate(CHILDREN, start=1)))}
    for stage in stages:
        assert tell(numbers[stage], CHILDREN[numbers[stage] - 1], crew)
    return list(Case.objects.order_by("opened_at"))


def test_pages_about_what_went_otherwise_have_something_to_show(crew: Crew) -> None:
    """Given a fresh demo, then there is a reopened case, a stopped measure and one entered wrongly, two cases merged,
    and a request for a contribution that was taken back."""
    told(crew, "reopened", "merged", "cancelled")
    assert Measure.objects.filter(state=Measure.State.STOPPED, case__state=Case.State.OPEN).exists()
    assert Measure.objects.filter(error_at__isnull=False).exists()
    assert Case.objects.filter(merged_into__isnull=False).count() == 1
    assert Contribution.objects.filter(state=Contribution.State.CANCELLED).exists()


def test_intake_has_decided_something_lately(crew: Crew) -> None:
    """Given a fresh demo, then the list of recent decisions is not empty."""
    told(crew, "no_right")
    assert timezone.now() - IntakeDecision.objects.get().decided_at < RECENT


def test_one_of_seventeen_goes_to_upper_secondary_school(crew: Crew) -> None:
    """Given a child of sixteen or more, then its school is the county's, and its people contribute."""
    number = next(n for n, spec in enumerate(CHILDREN, start=1) if spec["age"] >= 17)
    assert tell(number, CHILDREN[number - 1], crew)
    school = crew.actor(Role.CONTRIBUTOR, "videregaende-midtre-namdal").unit
    assert Contribution.objects.filter(service=school, state=Contribution.State.SUBMITTED).exists()


def test_a_letter_is_registered_and_a_treatment_has_begun(crew: Crew) -> None:
    """Given a fresh demo, then one service without users has written by letter, and one child has begun treatment."""
    told(crew, "ready", "right")
    assert Contribution.objects.filter(external_from__gt="", state=Contribution.State.SUBMITTED).exists()
    assert TreatmentStart.objects.exists()
