"""What the hospital came to is health information: who learns it, and what the others are told."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.participants import end_participation
from cases.inbox import tasks_for
from cases.listing import cases_listed
from cases.models import Child, Consent, Deadline, Notification, Participant, Task
from portal.context import Actor
from portal.models import Role
from referrals.actions.decide import read_outcome
from referrals.actions.finalise import withdraw_referral
from referrals.actions.information import answer_information
from referrals.actions.intake import change_urgency, receive
from referrals.forms.intake import ReasonedForm
from referrals.models import Referral
from tests.referral_stories import (
    a_referral,
    consented_case,
    fresh_contribution,
    fresh_referral,
    submitted,
)
from tests.referrals_assess.stories import collected, url
from tests.referrals_intake.stories import (
    a_question,
    a_sent_referral,
    clinician,
    decided,
    fresh_request,
    small_received_referral,
)
from tests.stories import a_case, consent, fresh, holder_actor, with_participants
from tests.world import World

ADVICE, REASON, FAMILY = (
    "Fortsett tilretteleggingen på skolen.",
    "Alvorlige vansker over tid.",
    "Dere får time hos oss.",
)
URGENT = "Ny opplysning om selvskading"


def _referral(world: World) -> Referral:
    """Received by BUP from a case where the school has its own theme alone, and the holder none."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt, world.gp)
    consent(case, [world.bup, world.gp, world.ppt])
    consent(case, [world.school], ["school"])
    referral = a_sent_referral(world, collected=collected(world, case=fresh(case)))
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    return fresh_referral(referral)


def _page(world: World, who: Actor, referral: Referral) -> str:
    return world.client(who).get(url("outcome", referral.pk)).content.decode()


def test_some_read_the_outcome_and_others_that_it_is_closed(world: World) -> None:
    """Given a decision, when each in the case looks, then the school is told that its part is done, and no more."""
    referral = _referral(world)
    change_urgency(referral=referral, urgency="urgent", reason=URGENT, by=world.intake)
    decided(world, referral)
    for who in (holder_actor(referral.case), world.doctor, world.actor(Role.CONTRIBUTOR, world.ppt)):
        html = _page(world, who, referral)
        for text in (ADVICE, REASON, FAMILY, URGENT):
            assert text in html
    html = _page(world, world.teacher, referral)
    for secret in (ADVICE, REASON, FAMILY, URGENT, "Rett til helsehjelp", "mener at barnet"):
        assert secret not in html
    assert "Henvisningen er avsluttet." in html
    assert "Delen deres av arbeidet er ferdig." in html
    assert "mens sykehuset vurderer" not in html


def test_why_it_was_withdrawn_is_for_those_who_read_outcomes(world: World) -> None:
    """Given it is withdrawn with a reason, when the school looks, then it learns that it was, and not why."""
    referral = _referral(world)
    withdraw_referral(referral=referral, reason="Mor er innlagt", by=world.doctor)
    for who, told in ((holder_actor(referral.case), True), (world.teacher, False)):
        section = world.client(who).get(url("section", referral.case_id)).content.decode()
        assert ("Mor er innlagt" in _page(world, who, referral)) == told
        assert ("Mor er innlagt" in section) == told


def test_the_gp_who_assessed_reads_the_outcome_from_outside_the_case(world: World) -> None:
    """Given the GP has left the case, when the hospital has decided, then outcome and advice are read, not the case."""
    referral = _referral(world)
    Referral.objects.filter(pk=referral.pk).update(referrer=holder_actor(referral.case).membership)
    end_participation(
        participant=Participant.objects.get(service=world.gp), reason="Byttet", by=holder_actor(referral.case)
    )
    decided(world, referral)
    assert ADVICE in _page(world, world.doctor, referral)
    assert read_outcome(referral=fresh_referral(referral), by=world.doctor) == 1
    assert world.client(world.doctor).get(url("document", referral.pk)).status_code in {403, 404}


def test_an_answer_to_a_sealed_contribution_stays_sealed(world: World) -> None:
    """Given a sealed contribution was asked about, when it is answered, then only referrer and receiver read it."""
    referral = a_referral(world, consented_case(world), world.school, world.ppt)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.school)), "Forseglet", sealed=True)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.ppt)))
    referral = a_sent_referral(world, collected=fresh_referral(referral))
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    question = a_question(world, referral)
    # Nothing of the contribution stands in what was sent last: the answer makes a row of its own.
    answer_information(request=fresh_request(question), answer="Hemmelig svar", by=world.teacher)
    for page in ("outcome", "document"):
        html = world.client(holder_actor(referral.case)).get(url(page, referral.pk)).content.decode()
        assert "Hemmelig svar" not in html, page
    assert "Hemmelig svar" in world.client(world.doctor).get(url("document", referral.pk)).content.decode()
    assert "Hemmelig svar" in world.client(world.intake).get(url("document", referral.pk)).content.decode()


def test_a_question_tells_no_name_when_the_consent_has_ended(world: World) -> None:
    """Given the school was asked, when its consent is withdrawn, then it reads its own text and not of whom."""
    referral = _referral(world)
    question = a_question(world, referral)
    client = world.client(world.teacher)
    assert "Ada Fjord" in client.get(url("information_request", question.pk)).content.decode()
    for row in Consent.objects.filter(covered__service=world.school):
        withdraw_consent(consent=row, by=holder_actor(referral.case))
    html = client.get(url("information_request", question.pk)).content.decode()
    assert "Ada Fjord" not in html
    assert question.question not in html
    assert "ser at Ada strever" in html


def test_a_question_to_a_service_that_left_is_told_to_those_who_wait(world: World) -> None:
    """Given intake asked the school, when the school leaves the case, then intake and the referrer learn it."""
    referral = small_received_referral(world, "Ada Fjord")
    a_question(world, referral)
    participant = Participant.objects.get(case=referral.case, service=world.school, ended_at=None)
    end_participation(participant=participant, reason="Byttet skole", by=holder_actor(referral.case))
    told = Notification.objects.filter(kind="information.cancelled")
    assert {world.intake.user, world.doctor.user} <= {row.user for row in told}


def test_a_question_about_a_protected_child_names_no_department(world: World) -> None:
    """Given a protected child, when intake asks, then neither task nor notice names the hospital."""
    referral = small_received_referral(world, "Ada Fjord")
    Child.objects.filter(pk=referral.case.child_id).update(address_protection="confidential")
    a_question(world, fresh_referral(referral))
    assert set(Task.objects.filter(kind="information.answer").values_list("detail", flat=True)) == {""}
    assert set(Notification.objects.filter(kind="information.asked").values_list("detail", flat=True)) == {""}


def test_a_clinician_is_not_given_what_only_intake_may_do(world: World) -> None:
    """Given a referral that arrived, when a clinician looks, then registering the receipt is intake's alone."""
    a_sent_referral(world, world.school)
    assert tasks_for(world.intake).filter(kind="intake.receive").exists()
    assert not tasks_for(clinician(world)).filter(kind="intake.receive").exists()


def test_another_reason_needs_words() -> None:
    """Given an edition with «Annen grunn», when it is chosen alone, then words are asked for."""
    edition = SimpleNamespace(choices=lambda listed: [("other", "Annen grunn"), ("age", "Alder")])
    assert "note" in ReasonedForm({"code": "other", "note": " "}, edition=edition, listed="redirected").errors
    assert ReasonedForm({"code": "other", "note": "Fordi"}, edition=edition, listed="redirected").is_valid()
    assert ReasonedForm({"code": "age", "note": ""}, edition=edition, listed="redirected").is_valid()


def test_a_date_that_only_a_right_gives_is_shown_to_those_who_may_know(world: World) -> None:
    """Given a right to treatment, when each looks at the case and the list, then its date tells only those who read
    the outcome."""
    referral = _referral(world)
    Deadline.objects.filter(case=referral.case).exclude(rule="intake_assessment").delete()
    decided(world, referral)
    path = f"/saker/{referral.case_id}/"
    starts = {d.due_on: d for d in Deadline.objects.filter(case=referral.case, state="open", rule__startswith="treat")}
    for who in (holder_actor(referral.case), world.doctor, world.actor(Role.CONTRIBUTOR, world.ppt)):
        shown = world.client(who).get(path).context["deadlines"]
        assert {row["due_on"] for row in shown} >= set(starts)
    assert world.client(world.teacher).get(path).context["deadlines"] == []
    assert next_due(holder_actor(referral.case)) == min(starts)
    assert next_due(world.teacher) is None


def next_due(who: Actor) -> dt.date | None:
    """The next deadline that the list shows for the one case there is."""
    return cases_listed(who, scope="alle", closed=False, now=timezone.now()).get().next_due
