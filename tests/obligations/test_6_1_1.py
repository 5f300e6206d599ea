"""6.1.1: one coordinated referral to which everyone who knows the child contributes."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.participants import add_participant, end_participation
from cases.actions.waive import reopen_obligation, waive_obligation
from cases.models import Consent
from guideline.compliance import Display
from guideline.vocabulary import Basis
from referrals.actions.ask import ask_contribution
from referrals.actions.assess import hand_over
from referrals.actions.finalise import withdraw_referral
from referrals.actions.write import decline_contribution, reopen_contribution
from referrals.models import Contribution
from tests.obligations.reading import seen, stands, state_of
from tests.referral_stories import (
    a_collected_referral,
    a_referral,
    consented_case,
    fresh_contribution,
    fresh_referral,
    submitted,
    writer_of,
)
from tests.referrals_intake.stories import a_sent_referral
from tests.stories import consent
from tests.world import World

KEY = "6.1.1"


def test_open_names_who_was_not_asked(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school))
    row = stands(referral.case, KEY)
    assert (row.state, row.due_on, row.gap) == ("open", None, "Ikke spurt: Fjordvik skole.")
    assert (row.url_name, row.url_id) == ("referrals:assemble", referral.pk)


def test_open_names_who_owes_what_and_the_soonest_date(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school, world.ppt), world.school, world.ppt)
    row = stands(referral.case, KEY)
    due = min(Contribution.objects.filter(referral=referral).values_list("due_on", flat=True))
    assert (row.state, row.due_on, row.due_basis) == ("open", due, "suggested")
    assert "Fjordvik skole" in row.gap
    assert "PPT Fjordvik" in row.gap


def test_met_when_each_has_contributed_or_declined(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school, world.ppt), world.school, world.ppt)
    school, ppt = (Contribution.objects.get(referral=referral, service=s) for s in (world.school, world.ppt))
    submitted(world, fresh_contribution(school))
    assert state_of(referral.case, KEY) == "open"
    ppt = fresh_contribution(ppt)
    decline_contribution(contribution=ppt, code="does_not_know_child", by=writer_of(world, ppt))
    row = stands(referral.case, KEY)
    assert (row.state, row.gap) == ("met", "")
    assert row.evidence == ["1 tjeneste har bidratt.", "PPT Fjordvik bidrar ikke, med grunn."]
    assert row.met_on is not None


def test_a_suggested_date_reminds_and_an_adopted_one_makes_it_late(world: World) -> None:
    referral = a_referral(world, None, world.school)
    assert seen(KEY, referral, rule="contribution_due") is Display.REMINDER
    assert seen(KEY, referral, rule="contribution_due", basis=Basis.ADOPTED) is Display.LATE
    assert seen(KEY, referral, rule="contribution_due", basis=Basis.LAW) is Display.LATE


def test_waived_and_taken_up_again(world: World) -> None:
    referral = a_referral(world, None, world.school)
    given: dict[str, Any] = {"case": referral.case, "key": KEY, "subject_id": referral.pk, "by": world.coordinator}
    waive_obligation(**given, reason="Skolen er stengt.")
    assert (stands(referral.case, KEY).state, stands(referral.case, KEY).gap) == ("waived", "")
    reopen_obligation(**given)
    assert state_of(referral.case, KEY) == "open"


def test_not_relevant_once_withdrawn(world: World) -> None:
    referral = a_referral(world, None, world.school)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    assert state_of(referral.case, KEY) == "not_relevant"


def test_reopened_by_a_service_that_joins_or_takes_its_text_back(world: World) -> None:
    referral = a_collected_referral(world, world.school)
    assert state_of(referral.case, KEY) == "open"  # The GP takes part and has not been asked yet.
    ask_contribution(referral=referral, service=world.gp, by=world.coordinator)
    gp = fresh_contribution(Contribution.objects.get(referral=referral, service=world.gp))
    decline_contribution(contribution=gp, code="nothing_new", by=world.doctor)
    assert state_of(referral.case, KEY) == "met"
    add_participant(case=referral.case, service=world.ppt, purpose="Kjenner barnet", by=world.coordinator)
    assert stands(referral.case, KEY).gap == "Ikke spurt: PPT Fjordvik."
    school = fresh_contribution(Contribution.objects.get(referral=referral, service=world.school))
    reopen_contribution(contribution=school, by=world.teacher)
    assert "Venter på: Fjordvik skole." in stands(referral.case, KEY).gap


def test_a_service_that_joins_after_sending_was_not_forgotten(world: World) -> None:
    referral = a_sent_referral(world)
    assert state_of(referral.case, KEY) == "met"
    add_participant(case=referral.case, service=world.kindergarten, purpose="Søsken", by=world.coordinator)
    assert state_of(referral.case, KEY) == "met"
    assert fresh_referral(referral).state == "sent"


def test_a_service_the_family_said_no_to_is_answered_with_that(world: World) -> None:
    """Given a participant the family has said no to, when the others have contributed, then nothing is left to ask."""
    referral = a_referral(world, consented_case(world, world.school, world.ppt), world.school)
    case = referral.case
    submitted(world, fresh_contribution(Contribution.objects.get(referral=referral)))
    assert stands(case, KEY).gap == "Ikke spurt: PPT Fjordvik."
    no = consent(case, [world.ppt], decision="refused")
    row = stands(case, KEY)
    assert row.state == "met"
    assert row.evidence[-1] == "PPT Fjordvik er ikke spurt: det er sagt nei til deling."
    withdraw_consent(consent=no, by=world.coordinator)
    consent(case, [world.ppt])
    assert stands(case, KEY).gap == "Ikke spurt: PPT Fjordvik."


def test_no_answer_is_awaited_from_a_service_whose_consent_is_taken_back(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school, world.ppt), world.school, world.ppt)
    submitted(world, fresh_contribution(Contribution.objects.get(referral=referral, service=world.school)))
    assert stands(referral.case, KEY).gap == "Venter på: PPT Fjordvik."
    given = Consent.objects.get(case=referral.case)
    withdraw_consent(consent=given, services=[world.ppt], by=world.coordinator)
    row = stands(referral.case, KEY)
    assert (row.state, row.evidence[-1]) == ("met", "PPT Fjordvik bidrar ikke: det er sagt nei til deling.")


def test_one_late_answer_is_late_also_where_another_was_early(world: World) -> None:
    """Given two answers, one long before its late date and one after its early date, then the late one is judged."""
    referral = a_collected_referral(world, world.school, world.ppt)
    day = timezone.localdate()
    of = Contribution.objects.filter(referral=referral)
    of.filter(service=world.school).update(due_on=day + dt.timedelta(days=90))
    of.filter(service=world.ppt).update(due_on=day - dt.timedelta(days=3))
    end_participation(participant=referral.case.participants.get(service=world.gp), reason="x", by=world.coordinator)
    row = stands(referral.case, KEY)
    assert (row.state, row.met_on, row.due_on) == ("met", day, day - dt.timedelta(days=3))


def test_met_where_nobody_else_knows_the_child(world: World) -> None:
    """Given a case with only its holder and the one who refers, when the referral is handed over, then nobody is left
    to ask."""
    referral = a_referral(world, consented_case(world, world.gp))
    assert state_of(referral.case, KEY) == "open"
    hand_over(referral=referral, referrer=world.doctor.membership, by=world.coordinator)
    row = stands(referral.case, KEY)
    assert (row.state, row.evidence) == ("met", ["Ingen andre tjenester i saken kjenner barnet eller familien."])
