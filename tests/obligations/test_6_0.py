"""6.0: the child and the family take part."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases.actions.errors import mark_error
from cases.actions.level import change_level
from cases.actions.voice import record_voice
from cases.actions.waive import reopen_obligation, waive_obligation
from cases.models import Case, ChildVoice
from guideline.compliance import Display
from referrals.actions.finalise import withdraw_referral
from tests.obligations.reading import seen, stands, state_of
from tests.referral_stories import a_referral
from tests.stories import a_case, fresh
from tests.world import World

KEY = "6.0"


def spoken(world: World, case: Case, **given: Any) -> ChildVoice:
    said = {
        "words": "Jeg vil ha noen å være sammen med.",
        "how_obtained": "Samtale med barnet alene",
        "obtained_on": timezone.localdate(),
    }
    words: dict[str, Any] = given or said
    return record_voice(case=fresh(case), by=world.coordinator, **words)


def phase(world: World, case: Case) -> str:
    page = world.client(world.coordinator).get(reverse("cases:case", args=[case.pk]))
    (text,) = [str(entry["text"]) for entry in page.context["phases"] if entry["number"] == "6.1"]
    return text


def test_not_relevant_while_one_only_wonders(world: World) -> None:
    assert state_of(a_case(world), KEY) == "not_relevant"


def test_open_from_level_one_and_said_where(world: World) -> None:
    case = a_case(world, level=1)
    row = stands(case, KEY)
    assert (row.state, row.url_name, row.url_id) == ("open", "cases:voices", case.pk)
    assert "egne ord" in row.gap


def test_met_by_their_own_words(world: World) -> None:
    case = a_case(world, level=1)
    spoken(world, case)
    row = stands(case, KEY)
    assert (row.state, row.evidence, row.gap) == ("met", ["Egne ord er skrevet ned."], "")
    assert row.met_on is not None


def test_alone_it_does_not_make_a_phase_done(world: World) -> None:
    """Given the child's words and no referral, when the case is opened, then the referral's phase has not begun; with
    a referral it asks for something."""
    case = a_case(world, level=2)
    spoken(world, case)
    assert "Ikke startet" in phase(world, case)
    a_referral(world, fresh(case))
    assert "gjenstår" in phase(world, case)


def test_met_by_a_reason_why_not(world: World) -> None:
    case = a_case(world, level=1)
    spoken(world, case, not_obtained_reason="Barnet ville ikke.")
    assert state_of(case, KEY) == "met"


def test_never_late_since_no_date_is_set(world: World) -> None:
    assert seen(KEY, a_case(world, level=1)) is Display.OPEN


def test_waived_with_reason_and_person_and_taken_up_again(world: World) -> None:
    case = a_case(world, level=1)
    given: dict[str, Any] = {"case": case, "key": KEY, "subject_id": case.pk, "by": world.coordinator}
    waive_obligation(**given, reason="Barnet er nyfødt.")
    row = stands(case, KEY)
    assert (row.state, row.gap) == ("waived", "")
    reopen_obligation(**given)
    assert state_of(case, KEY) == "open"


def test_reopened_when_the_words_were_entered_in_error(world: World) -> None:
    case = a_case(world, level=1)
    voice = spoken(world, case)
    mark_error(entry=voice, reason="Gjaldt et annet barn.", by=world.coordinator)
    assert state_of(case, KEY) == "open"


def test_the_level_brings_it(world: World) -> None:
    case = a_case(world)
    change_level(case=case, to_level=2, reason="Flere må med.", by=world.coordinator)
    assert state_of(case, KEY) == "open"


def test_asked_for_on_level_0_once_a_referral_is_made(world: World) -> None:
    """Given a case on level 0, when a referral is begun all the same, then the child's words are asked for, until it is
    withdrawn unsent."""
    case = a_case(world)
    referral = a_referral(world, case)
    assert state_of(case, KEY) == "open"
    withdraw_referral(referral=referral, reason="Ventes med.", by=world.coordinator)
    assert state_of(case, KEY) == "not_relevant"
