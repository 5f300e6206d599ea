"""The printed consent form: who signs, in which words, and what never stands on it."""

import datetime as dt
import io

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from cases.actions.child import change_child, version_of
from cases.actions.guardians import GuardianDetails, add_guardian, set_capacity
from cases.actions.guardians import version_of as capacity_version
from cases.consent_paper import TEMPLATE, filled_paper, render, signers
from cases.models import AddressProtection, Case, Guardian
from cases.sharing import SharingFacts
from portal.models import AuditEvent, Role
from portal.timeframe import today
from tests.stories import BORN, a_case, fresh, guardians, holder_actor, with_participants
from tests.world import World

ALL = ["health", "school", "child_protection", "social", "family"]


def born(years: int) -> dt.date:
    """A birth date of somebody who turned so old a month ago."""
    day = today() - dt.timedelta(days=30)
    return day.replace(year=day.year - years)


def lines(case: Case, language: str = "nb", categories: list[str] = ALL) -> list[tuple[str, str, str]]:
    """Name, capacity and categories of each line to sign on."""
    facts = SharingFacts(fresh(case))
    form = facts.edition.consent_forms[language]
    return [(row.name, row.role, row.decides) for row in signers(facts, form, categories, timezone.now())]


def test_both_guardians_have_a_line_and_one_who_must_see_nothing_has_none(world: World) -> None:
    """Given mother, father, and one blocked; when the form is made; then the two sign, and the third is not named."""
    case = a_case(world, level=1)
    guardians(case)
    guardians(case, "Skjult Person", blocked=True)
    assert lines(case) == [("Mor Fjord", "har foreldreansvar", ""), ("Far Fjord", "har foreldreansvar", "")]
    assert lines(case, "en")[0] == ("Mor Fjord", "has parental responsibility", "")


def test_a_youth_of_15_signs_for_school_and_the_parents_for_the_rest(world: World) -> None:
    """Given a child of 15; when the form is made in nynorsk; then each line says what it is about."""
    case = a_case(world, level=1, birth_date=born(15))
    guardians(case, "Mor Fjord")
    rest = "Helse, Barnevern, Sosiale forhold, Familie"
    assert lines(case, "nn") == [
        ("Mor Fjord", "har foreldreansvar", rest),
        ("Ada Fjord", "avgjer sjølv", "Barnehage, skule og PPT"),
    ]
    assert lines(a_case(world, level=1, birth_date=born(16))) == [("Ada Fjord", "bestemmer selv", "")]


def test_barnevern_and_the_verge_sign_where_they_decide(world: World) -> None:
    """Given care taken over, and a grown-up who lacks capacity; then barnevernet signs, then verge and next of kin."""
    case = a_case(world, level=1)
    guardians(case)
    taken = {"care_taken_over_on": today(), "version": capacity_version(case.child), "by": holder_actor(case)}
    set_capacity(case=case, **taken)
    assert lines(case) == [("", "for barnevernet, som har omsorgen", "")]
    grown = a_case(world, level=1, birth_date=born(19))
    guardians(grown, "Mor Fjord")
    by = holder_actor(grown)
    verge = GuardianDetails(
        name="Vera Verge", relation=Guardian.Relation.LEGAL_GUARDIAN, mandate_categories=("health",)
    )
    add_guardian(case=grown, details=verge, by=by)
    lack = dict(zip(("lacks_capacity_reason", "lacks_capacity_assessed_by"), ("Vurdert.", "Lege"), strict=True))
    set_capacity(
        case=grown,
        version=capacity_version(grown.child),
        care_taken_over_on=None,
        lacks_capacity_on=today(),
        by=by,
        **lack,
    )
    assert lines(grown, categories=["health", "social"]) == [
        ("Vera Verge", "verge", "Helse"),
        ("Mor Fjord", "nærmeste pårørende", "Sosiale forhold"),
    ]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_form_is_an_archival_pdf_in_its_language(world: World, language: str) -> None:
    """Given a case; when the form is fetched in a language; then it is PDF/A in that language, and an export."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    guardians(case)
    said = {"language": language, "services": [world.school.pk], "categories": ["health"], "purpose": "Hjelp"}
    answer = world.client(world.coordinator).post(f"/saker/{case.pk}/samtykke/skjema/pdf/", said)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert (str(pdf.Root.Lang), pdf.open_metadata().pdfa_status) == (language, "3A")
    event = AuditEvent.objects.get(verb="consent.form_printed")
    assert (event.kind, event.child_id, event.detail) == (
        "export",
        case.child_id,
        {"language": language, "blank": False},
    )


def test_the_blank_form_tells_nothing_of_anyone(world: World) -> None:
    """Given a case; when the blank form is fetched; then no name or reference of the case stands in the file."""
    case = a_case(world, level=2)
    guardians(case)
    said = {"language": "en", "blank": "on"}
    answer = world.client(world.coordinator).post(f"/saker/{case.pk}/samtykke/skjema/pdf/", said)
    assert answer.status_code == 200
    assert case.reference not in answer["Content-Disposition"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        title = str(pdf.docinfo.Title)
    assert title == "Consent to share information"


def test_a_protected_childs_form_says_what_kind_of_service_not_which(world: World) -> None:
    """Given address protection; when the form is made; then the school's name, which tells the place, is not on it."""
    case = a_case(world, level=2)
    guardians(case)
    change_child(
        case=case,
        version=version_of(fresh(case).child),
        address_protection=AddressProtection.CONFIDENTIAL,
        by=world.coordinator,
    )
    facts = SharingFacts(fresh(case))
    form = facts.edition.consent_forms["nb"]
    content = filled_paper(
        facts, form, services=[world.school, world.gp], categories=["health"], purpose="Hjelp", now=timezone.now()
    )
    html = render_to_string(TEMPLATE, {"p": content, "f": form})
    assert "Fjordvik" not in html.replace(world.community.name, "")
    assert "Skolen" in html
    assert "Fastlegen" in html
    assert render(content).warnings == ()


def test_the_page_asks_what_is_missing_and_is_the_holders_alone(world: World) -> None:
    """Given nothing chosen; then the page says what to choose; and a teacher in the case has no right to it."""
    case = a_case(world, level=2, birth_date=BORN)
    with_participants(case, world.school)
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/samtykke/skjema/"
    assert "Skriv ut samtykkeskjema" in client.get(url).content.decode()
    answer = client.post(f"{url}pdf/", {"language": "nb"})
    assert (answer.status_code, "Velg minst én tjeneste, eller et tomt skjema." in answer.content.decode()) == (
        422,
        True,
    )
    teacher = world.client(world.actor(Role.CONTRIBUTOR, world.school))
    assert teacher.post(f"{url}pdf/", {"language": "nb", "blank": "on"}).status_code in {403, 404}
