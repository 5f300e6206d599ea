"""Feilregistrert at the department: a decision or a receipt is marked, stays as history, and is to be done again."""

import pytest
from django.utils import timezone

from cases.models import Deadline, Notification, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.correct import mark_decision_wrong, mark_receipt_wrong
from referrals.actions.decide import decide
from referrals.actions.finalise import finalise_referral
from referrals.actions.intake import receive, redirect_referral
from referrals.models import ContributionSection, InformationRequest, IntakeDecision, Receipt
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import a_question, a_received_referral, decided
from tests.stories import holder_actor
from tests.world import World


def test_a_wrong_decision_opens_what_it_closed(world: World) -> None:
    """Given a decision with a question that fell away, when it is marked, then clock, task and question go on."""
    referral = a_received_referral(world)
    question = a_question(world, referral)
    decided(world, referral)
    mark_decision_wrong(referral=fresh_referral(referral), reason="Feil barn", by=world.intake)
    referral = fresh_referral(referral)
    assert referral.state == "received"
    open_now = dict(Deadline.objects.filter(case=referral.case, state="open").values_list("rule", "subject_id"))
    assert open_now["intake_assessment"] == referral.pk
    assert open_now["information_answer"] == question.pk
    assert not {"treatment_right_date", "treatment_start_under_23"} & set(open_now)
    open_tasks = set(Task.objects.filter(closed_at=None, case=referral.case).values_list("kind", flat=True))
    assert {"intake.decide", "information.answer"} <= open_tasks
    assert "outcome.read" not in open_tasks
    assert InformationRequest.objects.get(pk=question.pk).cancelled_at is None
    assert ContributionSection.objects.filter(reopened=True).exists()
    told = set(Notification.objects.filter(kind="referral.decision_wrong").values_list("user__name", flat=True))
    assert {world.doctor.name, holder_actor(referral.case).name, world.teacher.name} <= told
    # A double click is harmless.
    assert mark_decision_wrong(referral=referral, reason="igjen", by=world.intake) is False
    again = decided(world, referral, outcome="no_right")
    assert IntakeDecision.objects.filter(referral=referral).count() == 2
    for who, page in (
        (world.intake, f"/inntak/{referral.pk}/"),
        (world.doctor, f"/henvisninger/{referral.pk}/utfall/"),
    ):
        html = world.client(who).get(page).content.decode()
        assert "<s>" in html
        assert "Feil barn" in html
        assert str(again.get_outcome_display()) in html


def test_a_wrong_receipt_is_registered_again_with_the_right_date(world: World) -> None:
    """Given the wrong date was registered, when it is marked, then it can be received anew and the clock follows."""
    referral = a_received_referral(world)
    client = world.client(world.intake)
    page = f"/inntak/{referral.pk}/feil/mottak/"
    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "Feil dato"})
    referral = fresh_referral(referral)
    assert (referral.state, referral.first_received_on) == ("sent", None)
    assert not Deadline.objects.filter(subject_id=referral.pk, rule="intake_assessment", state="open").exists()
    assert Task.objects.filter(kind="intake.receive", subject_id=referral.pk, closed_at=None).exists()
    assert receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    assert Receipt.objects.filter(referral=referral, error_at=None).count() == 1
    assert Deadline.objects.get(subject_id=referral.pk, rule="intake_assessment", state="open")
    assert "Feil dato" in client.get(f"/inntak/{referral.pk}/").content.decode()


def test_what_cannot_be_marked_is_told(world: World) -> None:
    """Given a referral without receipt, redirected or decided, when it is marked, then each says why not."""
    referral = a_received_referral(world)
    with pytest.raises(Denied):
        mark_decision_wrong(referral=referral, reason="x", by=world.doctor)
    with pytest.raises(Invalid):
        mark_receipt_wrong(referral=referral, reason=" ", by=world.intake)
    with pytest.raises(MovedOn, match="ikke avgjort"):
        mark_decision_wrong(referral=referral, reason="x", by=world.intake)
    redirect_referral(referral=referral, to=world.habu, reason="Utvikling", by=world.intake)
    habu = world.actor(Role.INTAKE, world.habu)
    with pytest.raises(MovedOn, match="sendt videre"):
        mark_receipt_wrong(referral=fresh_referral(referral), reason="x", by=habu)
    decide(referral=fresh_referral(referral), outcome="no_right", reason="Kommunen", by=habu)
    with pytest.raises(MovedOn, match="avgjørelsen"):
        mark_receipt_wrong(referral=fresh_referral(referral), reason="x", by=habu)


def test_what_is_sent_is_not_sent_once_more_after_it_was_received(world: World) -> None:
    """Given the table lets a receipt be taken back, when someone finalises a received referral, then it is refused."""
    referral = a_received_referral(world)
    with pytest.raises(MovedOn):
        finalise_referral(referral=referral, by=world.doctor)
    assert fresh_referral(referral).state == "received"
