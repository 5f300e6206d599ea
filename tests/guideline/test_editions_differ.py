"""A second community differs in labels, days and checklists without a line of code."""

from guideline.deadlines import in_words
from guideline.keys import OBLIGATIONS
from guideline.loader import load_edition
from guideline.vocabulary import Basis
from portal.models import Role, ServiceKind

NORDRE = load_edition("nordre-trondelag")
SONDRE = load_edition("sondre-trondelag")


def test_labels_days_and_checklists_differ() -> None:
    assert (NORDRE.level_label(3), SONDRE.level_label(3)) == ("Nivå 3", "Rødt nivå")
    assert in_words(NORDRE.deadlines["level0_decision"]).startswith("14 dager")
    assert in_words(SONDRE.deadlines["level0_decision"]).startswith("10 virkedager")
    assert "sleep_screen" in SONDRE.checklists["bup"].items
    assert "school_report" not in SONDRE.checklists["bup"].items
    assert SONDRE.checklists["habu"] == NORDRE.checklists["habu"]
    assert SONDRE.draft
    assert not NORDRE.draft


def test_omitted_steps_are_gone_and_the_rest_is_inherited() -> None:
    assert "deputy" not in SONDRE.ladders["standard"].steps
    assert SONDRE.ladders["standard"].steps["before"].working_days == 5
    assert "stuck" not in {step.key for step in SONDRE.level_steps(3)}
    assert tuple(SONDRE.obligations) == OBLIGATIONS


def test_one_municipality_words_the_levels_in_its_own_way() -> None:
    assert NORDRE.level_label(2, "5047") == "Nivå B"
    assert NORDRE.level_label(2, "5006") == "Nivå 2"
    assert NORDRE.level_label(0, "5047") == "Nivå 0"
    assert NORDRE.level_steps(2, "5047")[0].key == "network_meeting"
    assert NORDRE.level_steps(1, "5047") == NORDRE.level_steps(1)
    assert NORDRE.local_levels["5047"].to_be_confirmed


def test_only_what_follows_from_law_is_binding_until_a_committee_has_adopted_more() -> None:
    for edition in (NORDRE, SONDRE):
        binding = {key for key, rule in edition.deadlines.items() if rule.basis.binding}
        assert binding == {"intake_assessment", "treatment_start_under_23", "treatment_right_date", "discharge_summary"}
        assert all(edition.deadlines[key].basis is Basis.LAW and edition.deadlines[key].legal for key in binding)


def test_every_kind_of_service_has_something_to_write_and_a_category() -> None:
    for kind in ServiceKind.values:
        assert NORDRE.template_for(kind).sections
        assert NORDRE.consent.categories_of(kind)
    assert NORDRE.template_for(ServiceKind.SCHOOL).key == "school"
    assert NORDRE.template_for(ServiceKind.ADULT_DEPARTMENT).key == "other"


def test_consent_ages_differ_by_category() -> None:
    assert NORDRE.consent.age_for("health") == 16
    assert NORDRE.consent.age_for("school") == 15


def test_who_may_refer_goes_by_role_or_profession() -> None:
    assert NORDRE.may_refer(Role.GP)
    assert NORDRE.may_refer(Role.CHILD_PROTECTION_LEADER)
    assert NORDRE.may_refer(Role.EMERGENCY_CLINIC, "doctor")
    assert not NORDRE.may_refer(Role.COORDINATOR)


def test_retired_codes_can_be_read_but_not_chosen() -> None:
    chosen = dict(NORDRE.choices("intake_outcome"))
    assert "need_without_right" not in chosen
    assert NORDRE.code("intake_outcome", "need_without_right").national == "4"
    assert NORDRE.code("intake_outcome", "from-another-century").label == "from-another-century"


def test_every_role_has_help_for_its_inbox() -> None:
    for role in Role.values:
        assert NORDRE.guidance_for(f"inbox.{role}"), role
    assert NORDRE.guidance_for("page.unknown") is None


def test_habu_asks_all_that_bup_asks_and_more() -> None:
    """Given «as above, and» of the guideline, when the two lists are compared, then HABU leaves out nothing of BUP's
    and asks for nothing of the case that no one can write."""
    bup, habu = NORDRE.checklists["bup"].items, NORDRE.checklists["habu"].items
    named_otherwise = {"questions": "goal", "earlier_illness": "development"}
    assert {named_otherwise.get(key, key) for key in bup} <= set(habu)
    sources = [source for row in NORDRE.checklists.values() for item in row.items.values() for source in item.sources]
    assert not [source for source in sources if (source.kind, source.key) == ("case", "siblings")]
