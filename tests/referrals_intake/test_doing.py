"""Assigning, asking, sending on, urgency: what each changes, and what it never stops."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.models import CaseAccess, Consent, Deadline, Notification, Scope, Task
from guideline.editions import current_edition
from guideline.workdays import add_working_days
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.information import answer_information, ask_for_information
from referrals.actions.intake import assign_reviewer, change_urgency, redirect_referral
from referrals.models import ContributionSection, InformationRequest, Receipt, Snapshot, UrgencyChange
from referrals.snapshot import build
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import (
    a_question,
    a_received_referral,
    clinician,
    contribution_of,
    days_pass,
    decided,
    fresh_request,
)
from tests.stories import consent, holder_actor
from tests.world import World


def test_the_reviewer_gets_the_task(world: World) -> None:
    referral = a_received_referral(world)
    reviewer = clinician(world, "Berit Behandler")
    leader = world.actor(Role.SERVICE_LEADER, world.bup)
    assign_reviewer(referral=referral, reviewer=reviewer.membership, by=leader)
    task = Task.objects.get(kind="intake.decide", subject_id=referral.pk, closed_at__isnull=True)
    assert task.user == reviewer.user
    assert Notification.objects.filter(kind="intake.assigned", user=reviewer.user).count() == 1
    assign_reviewer(referral=fresh_referral(referral), reviewer=None, by=world.intake)
    task.refresh_from_db()
    assert task.user is None
    for stranger in (world.doctor, world.actor(Role.CLINICIAN, world.habu)):
        with pytest.raises(Invalid):
            assign_reviewer(referral=fresh_referral(referral), reviewer=stranger.membership, by=world.intake)


def test_a_question_goes_to_the_exact_contributor_and_the_clock_goes_on(world: World) -> None:
    referral = a_received_referral(world)
    due = Deadline.objects.get(subject_id=referral.pk, rule="intake_assessment").due_on
    question = a_question(world, referral)
    assert (question.asked_service, question.due_on) == (world.school, add_working_days(timezone.localdate(), 5))
    assert list(ContributionSection.objects.filter(reopened=True).values_list("key", flat=True)) == [
        question.section_key
    ]
    task = Task.objects.get(kind="information.answer", closed_at__isnull=True)
    assert (task.service, task.subject_id, task.url_name) == (
        world.school,
        question.pk,
        "referrals:information_request",
    )
    assert "Ada" not in task.detail
    deadline = Deadline.objects.get(subject_id=referral.pk, rule="intake_assessment")
    assert (deadline.due_on, deadline.state) == (due, "open")
    assert a_question(world, referral) == question
    assert InformationRequest.objects.count() == 1


def test_one_asks_only_what_was_sent(world: World) -> None:
    referral = a_received_referral(world)
    school = contribution_of(referral, world.school)
    for target in ({"contribution": school, "section_key": "finnes-ikke"}, {"contribution": None, "section_key": "x"}):
        with pytest.raises(Invalid) as refused:
            ask_for_information(referral=referral, question="Hva?", by=world.intake, **target)
        assert set(refused.value.errors) == {"target"}
    past = timezone.localdate() - dt.timedelta(days=1)
    with pytest.raises(Invalid):
        ask_for_information(referral=referral, question="Hva?", due_on=past, by=world.intake)
    with pytest.raises(Denied):
        ask_for_information(referral=referral, question="Hva?", by=world.doctor)


def test_an_answer_is_what_was_sent_with_the_answer_added(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    first = Snapshot.objects.get(referral=referral)
    answer_information(request=question, answer="To dager i uka.", by=world.teacher)
    second = Snapshot.objects.get(referral=referral, version=2)
    assert second.change_reason == "Svar fra Fjordvik skole på spørsmål fra inntaket"
    school = next(row for row in second.content["contributions"] if row["service"] == "Fjordvik skole")
    added = [part for part in school["sections"] if "To dager i uka." in part["text"]]
    assert len(added) == 1
    assert added[0]["key"] == question.section_key
    school["sections"].remove(added[0])
    for name in ("contributions", "measures", "overall", "child", "guardians", "gp", "attachments", "concerns"):
        assert second.content[name] == first.content[name], name
    assert [row["version"] for row in second.content["versions"]] == [1, 2]
    assert not Task.objects.filter(kind="information.answer", closed_at__isnull=True).exists()
    assert not ContributionSection.objects.filter(reopened=True).exists()
    assert Notification.objects.filter(kind="information.answered", user=world.intake.user).count() == 1
    again = answer_information(request=fresh_request(question), answer="Noe annet.", by=world.teacher)
    assert again.answer == "To dager i uka."
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    with pytest.raises(MovedOn, match="allerede besvart"):
        answer_information(request=fresh_request(question), answer="Noe annet.", by=colleague)


def test_the_referrer_can_be_asked_too(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral, to_referrer=True)
    assert question.asked_service == world.gp
    assert Task.objects.get(kind="information.answer").user == world.doctor.user
    page = world.client(world.doctor).get(f"/sporsmal/{question.pk}/")
    assert page.status_code == 200
    answer_information(request=question, answer="Blodprøver er normale.", by=world.doctor)
    newest = Snapshot.objects.get(referral=referral, version=2)
    row = newest.content["contributions"][-1]
    assert (row["service"], row["author"]) == ("Fjordvik legesenter", world.doctor.name)
    assert "Blodprøver er normale." in row["sections"][0]["text"]


def test_an_answer_the_consent_no_longer_covers_is_not_sent(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    yes = Consent.objects.filter(case=referral.case, decision="given").first()
    assert yes is not None
    withdraw_consent(consent=yes, by=world.coordinator)
    with pytest.raises(MovedOn, match="Samtykket dekker ikke lenger"):
        answer_information(request=fresh_request(question), answer="To dager.", by=world.teacher)
    assert Snapshot.objects.filter(referral=referral).count() == 1


def test_an_answer_after_the_decision_is_not_needed(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    decided(world, referral)
    with pytest.raises(MovedOn, match="ikke svaret lenger"):
        answer_information(request=fresh_request(question), answer="To dager.", by=world.teacher)


def test_a_redirect_keeps_the_first_date_and_ends_the_first_departments_access(world: World) -> None:
    referral = days_pass(a_received_referral(world), 7)
    first = referral.first_received_on
    question = a_question(world, referral)
    assert redirect_referral(referral=referral, to=world.habu, reason="Utvikling.", by=world.intake) is True
    referral = fresh_referral(referral)
    assert (referral.receiver, referral.first_received_on, referral.received_on) == (
        world.habu,
        first,
        timezone.localdate(),
    )
    now = timezone.now()
    rows = CaseAccess.objects.in_force(now).filter(case=referral.case, scope=Scope.REFERRAL)
    services = set(rows.values_list("principal_id", flat=True))
    assert world.habu.pk in services
    assert world.bup.pk not in services
    task = Task.objects.get(kind="intake.decide", subject_id=referral.pk, closed_at__isnull=True)
    assert task.service == world.habu
    deadline = Deadline.objects.get(subject_id=referral.pk, rule="intake_assessment", service=world.habu)
    assert deadline.state == "open"
    stays = list(Receipt.objects.filter(referral=referral).values_list("service", "redirected_to"))
    assert stays == [(world.bup.pk, world.habu.pk), (world.habu.pk, None)]
    assert redirect_referral(referral=referral, to=world.habu, reason="Utvikling.", by=world.intake) is False
    assert Receipt.objects.filter(referral=referral).count() == 2
    # What the first department asked is answered to the next, though consent named only the first.
    answer_information(request=fresh_request(question), answer="To dager i uka.", by=world.teacher)
    newest = Snapshot.objects.get(referral=referral, version=2)
    assert "To dager i uka." in str(newest.content["contributions"])


def test_a_redirect_needs_another_department_and_a_reason(world: World) -> None:
    referral = a_received_referral(world)
    for to, reason, field in ((world.habu, " ", "reason"), (world.bup, "x", "to"), (world.school, "x", "to")):
        with pytest.raises(Invalid) as refused:
            redirect_referral(referral=referral, to=to, reason=reason, by=world.intake)
        assert set(refused.value.errors) == {field}


def test_urgency_changes_with_a_reason_and_is_told(world: World) -> None:
    referral = a_received_referral(world)
    changed = change_urgency(referral=referral, urgency="urgent", reason="Spiser ikke.", by=world.intake)
    change_urgency(referral=fresh_referral(referral), urgency="urgent", reason="Spiser ikke.", by=world.intake)
    assert changed.urgency == "urgent"
    assert UrgencyChange.objects.get().reason == "Spiser ikke."
    people = set(Notification.objects.filter(kind="referral.urgency").values_list("user", flat=True))
    assert people == {world.coordinator.user.pk, world.doctor.user.pk}
    with pytest.raises(Invalid):
        change_urgency(referral=fresh_referral(referral), urgency="ordinary", reason=" ", by=world.intake)


def test_a_redirect_does_not_go_past_a_no_to_the_next_department(world: World) -> None:
    """Given a yes to BUP and a no to HABU, when BUP sends it on to HABU, then it stays; and a no that comes after the
    redirect keeps the next version from HABU."""
    referral = a_received_referral(world)
    no = consent(referral.case, [world.habu], decision="refused")
    with pytest.raises(Invalid) as told:
        redirect_referral(referral=referral, to=world.habu, reason="Utvikling.", by=world.intake)
    assert "sagt nei" in str(told.value.errors["to"])
    assert fresh_referral(referral).receiver_id == world.bup.pk
    withdraw_consent(consent=no, by=holder_actor(referral.case))
    redirect_referral(referral=referral, to=world.habu, reason="Utvikling.", by=world.intake)
    referral = fresh_referral(referral)
    assert build(referral, referral.case, edition=current_edition(referral.case.community))["contributions"]
    consent(referral.case, [world.habu], decision="refused")
    content = build(referral, referral.case, edition=current_edition(referral.case.community))
    assert (content["contributions"], content["overall"], content["worry"]) == ([], None, "")
