"""A family that does not know, and a guardian who must see nothing: whoever receives the referral learns it first."""

from django.urls import reverse

from cases.access import viewer_of
from cases.actions.inform import inform_guardians, record_not_informed
from cases.actions.participants import end_participation
from cases.models import Case, Guardian, Participant
from guideline.editions import current_edition
from referrals.actions.finalise import withdraw_referral
from referrals.actions.information import answer_information
from referrals.models import Referral
from referrals.plain_text import as_text
from referrals.snapshot import build
from tests.pdf.conftest import html_of
from tests.referral_stories import a_referral, consent_to, consented_case, fresh_referral, submitted
from tests.referrals_assess.stories import on_the_desk
from tests.referrals_intake.stories import a_question, a_received_referral, contribution_of, decided
from tests.stories import a_case, fresh, with_participants
from tests.world import World

DO_NOT_CALL = "Ikke ta kontakt med familien, og ikke send noe hjem, før dere har snakket med"
WHY = "Barnet fortalte om slag."


def hidden_case(world: World) -> Case:
    """A case hidden from the family, with a father who must see nothing."""
    case = a_case(world, informed=False)
    record_not_informed(case=case, code="violence", reason=WHY, by=world.coordinator)
    with_participants(fresh(case), world.school, world.gp)
    consent_to(world, case, world.school, world.gp)
    Guardian.objects.filter(child=case.child, relation="father").update(blocked=True, email="far@fjord.example")
    return fresh(case)


def a_collected(world: World, case: Case) -> Referral:
    """A referral with the school's contribution in."""
    referral = a_referral(world, case, world.school)
    submitted(world, contribution_of(referral, world.school))
    return fresh_referral(referral)


def decide_page(referral: Referral) -> str:
    """Where intake says that there is no right."""
    return reverse("referrals:intake_decide", args=[referral.pk]) + "?utfall=no_right"


def content_of(referral: Referral, viewer: object = None) -> dict[str, object]:
    case = referral.case
    return build(referral, case, edition=current_edition(case.community), viewer=viewer)


def test_the_document_says_it_first_and_gives_no_way_to_reach_who_must_not_know(world: World) -> None:
    """Given a hidden case and a blocked father, when it is printed, then both stand on page and in text, and the
    mother alone can be reached."""
    referral = a_referral(world, hidden_case(world), world.school)
    content = content_of(referral)
    assert content["family"]["informed"] == "no"
    mother, father = content["guardians"]
    assert (father["blocked"], father["contact"], mother["contact"]["phone"]) == (True, None, "99 99 99 99")
    for told in (html_of(content), as_text(content, current_edition(referral.case.community))):
        told = " ".join(told.split())
        assert DO_NOT_CALL in told
        assert "ikke ha innsyn: far fjord" in told.lower()
        assert WHY in told
        assert "far@fjord.example" not in told
        assert told.count("99 99 99 99") == 1


def test_why_is_for_the_holder_the_referrer_and_the_receiver(world: World) -> None:
    """Given a hidden case, when the school previews, then it reads that it is hidden, and not why."""
    referral = a_referral(world, hidden_case(world), world.school)
    holder = content_of(referral, viewer_of(world.coordinator, referral.case))
    school = content_of(referral, viewer_of(world.teacher, referral.case))
    assert WHY in holder["family"]["reason"]
    assert (school["family"]["informed"], school["family"]["reason"]) == ("no", "")
    known = content_of(a_referral(world, consented_case(world, world.school, name="Bo Bru")))
    assert (known["family"]["informed"], known["family"]["blocked"]) == ("yes", [])
    assert DO_NOT_CALL not in html_of(known)


def test_intake_is_warned_is_given_no_words_to_the_family_and_can_decide(world: World) -> None:
    """Given the hospital has a referral of a hidden case, when intake reads and decides, then it is warned all the way
    and the outcome is not to be told on."""
    referral = a_received_referral(world, collected=a_collected(world, hidden_case(world)))
    client = world.client(world.intake)
    outcomes = reverse("referrals:intake_decide", args=[referral.pk])
    for address in (reverse("referrals:intake_referral", args=[referral.pk]), outcomes, decide_page(referral)):
        page = client.get(address).content.decode()
        assert "Familien er ikke informert" in page
        assert "Skal ikke ha innsyn: Far Fjord" in page
        assert "har ikke rett til hjelp på sykehuset nå" not in page
    decided(world, referral, family_message="Vi har lest henvisningen.")
    page = world.client(world.coordinator).get(reverse("referrals:outcome", args=[referral.pk])).content.decode()
    assert "Ikke gi meldingen videre før det er avklart." in page
    assert "Gi meldingen videre til familien, slik den står." not in page


def test_the_usual_family_still_gets_its_words(world: World) -> None:
    """Given a family that knows, when intake decides, then the message is suggested and nothing warns."""
    referral = a_received_referral(world)
    page = world.client(world.intake).get(decide_page(referral)).content.decode()
    assert "har ikke rett til hjelp på sykehuset nå" in page
    assert "Familien er ikke informert" not in page


def test_a_version_with_an_answer_tells_what_protects_the_child_now(world: World) -> None:
    """Given the father was marked after sending, when an answer makes a new version, then his number is gone there."""
    referral = a_received_referral(world)
    Guardian.objects.filter(child=referral.case.child, relation="father").update(blocked=True)
    question = a_question(world, referral)
    answer_information(request=question, answer="Tolv dager.", by=world.teacher)
    newest = fresh_referral(referral).snapshots.latest("version").content
    father = next(row for row in newest["guardians"] if row["relation"] == "far")
    assert (father["blocked"], father["contact"], newest["family"]["blocked"]) == (True, None, ["Far Fjord"])


def test_who_learns_only_that_it_is_withdrawn_reads_nothing_of_the_family(world: World) -> None:
    """Given a hidden case withdrawn before it was sent, when the GP who has lost the place in the case reads that, then
    the father is not named; the holder still reads it."""
    referral = on_the_desk(world, referral=a_collected(world, hidden_case(world)))
    withdraw_referral(referral=referral, reason="Feil barn", by=world.coordinator)
    outcome, gp = reverse("referrals:outcome", args=[referral.pk]), Participant.objects.get(service=world.gp)
    assert "Far Fjord" in world.client(world.doctor).get(outcome).content.decode()
    end_participation(participant=gp, reason="Byttet", by=world.coordinator)
    page = world.client(world.doctor).get(outcome).content.decode()
    assert "Henvisningen er trukket." in page
    assert "Far Fjord" not in page
    assert "Familien er ikke informert" not in page
    assert "Far Fjord" in world.client(world.coordinator).get(outcome).content.decode()


def test_once_informed_nothing_is_hidden(world: World) -> None:
    """Given the family has been informed since, when the hospital decides, then the page warns of nothing."""
    case = hidden_case(world)
    Guardian.objects.filter(child=case.child).update(blocked=False)
    referral = a_received_referral(world, collected=a_collected(world, case))
    inform_guardians(case=fresh(case), on=case.opened_at.date(), how="samtale", by=world.coordinator)
    page = world.client(world.intake).get(decide_page(referral)).content.decode()
    assert "Familien er ikke informert" not in page
