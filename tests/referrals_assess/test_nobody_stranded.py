"""Nobody stands before a closed door: who lost the place, who came in by a reason, whose call was recorded wrongly."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.casework import case_work
from cases.models import Consent, Deadline, Notification, Task
from portal.answering import Invalid
from portal.context import system_actor
from portal.models import Role
from portal.states import MovedOn
from portal.timeframe import today
from referrals.actions.emergency import answer_emergency, mark_emergency_wrong, record_call
from referrals.actions.finalise import finalise_referral, give_reasons, save_overall
from referrals.missing import missing_for_finalising
from referrals.models import EmergencyAssessment, Referral
from referrals.settling import settle
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import OVERALL, answered_no, on_the_desk, url
from tests.stories import fresh, holder_actor
from tests.world import World


def consents_end(referral: Referral) -> Referral:
    """Every consent of the case is withdrawn."""
    for consent in Consent.objects.filter(case=referral.case, withdrawn_at=None):
        withdraw_consent(consent=consent, by=holder_actor(referral.case))
    return fresh_referral(referral)


def by_reason(world: World, referral: Referral) -> Referral:
    """The doctor has written why consent is missing, and everything but the emergency question."""
    reasons = {"gp_code": "no_gp", "gp_reason": "Ingen fastlege.", "consent_code": "unreachable"}
    reasons |= {"consent_basis": "weighty_reasons", "consent_reason": "Foresatte svarer ikke."}
    give_reasons(referral=referral, by=world.doctor, **reasons)
    save_overall(referral=referral, text=OVERALL, version=referral.assessment_version, by=world.doctor)
    return fresh_referral(referral)


def test_a_referral_goes_back_when_its_referrer_has_no_place_any_more(world: World) -> None:
    """Given a referral with the GP, when consent ends, then the GP's task goes and the holder is asked for another."""
    referral = on_the_desk(world)
    assert Task.objects.filter(kind="referral.assess", closed_at=None).count() == 1
    by_another = world.actor(Role.COORDINATOR, referral.case.holder.service, "Kollega")
    for consent in Consent.objects.filter(case=referral.case):
        withdraw_consent(consent=consent, by=by_another)
    referral = fresh_referral(referral)
    assert referral.state == "collecting"
    assert not Task.objects.filter(kind="referral.assess", closed_at=None).exists()
    assert Task.objects.get(kind="referral.assess").close_reason == "moved"
    assert Task.objects.get(kind="referral.replace", closed_at=None).user_id == referral.case.holder.user_id
    assert not Deadline.objects.filter(rule="gp_assessment_due", state="open").exists()
    assert Notification.objects.filter(kind="referral.referrer_lost", user=referral.case.holder.user).exists()
    assert world.client(world.doctor).get(url("assess", referral.pk)).status_code == 404
    assert world.client(world.coordinator).get(url("assemble", referral.pk)).status_code == 200


def test_the_gp_who_registers_the_withdrawal_loses_the_place_by_it(world: World) -> None:
    """Given a GP with a referral, when the GP records that consent ends, then the referral is the holder's."""
    referral = on_the_desk(world)
    consent = Consent.objects.get(case=referral.case)
    services = [str(pk) for pk in consent.covered.values_list("service_id", flat=True)]
    page = reverse("cases:consent_withdraw", args=[consent.pk])
    assert (
        world.client(world.doctor).post(page, {"services": services, "categories": consent.categories}).status_code
        == 303
    )
    assert fresh_referral(referral).state == "collecting"


def test_a_consent_that_ran_out_by_itself_is_settled_by_the_clock(world: World) -> None:
    """Given a referral with the GP, when the consent's last day has passed, then the clock gives it back, once."""
    referral = on_the_desk(world)
    job = system_actor("prøve")
    assert settle(by=job).done == 0
    Consent.objects.filter(case=referral.case).update(valid_until=today() + dt.timedelta(days=3))
    with case_work(referral.case_id, by=job, now=timezone.now()):
        pass
    after = timezone.now() + dt.timedelta(days=5)
    assert fresh_referral(referral).state == "for_assessment"
    assert settle(by=job, now=after).done == 1
    assert fresh_referral(referral).state == "collecting"
    assert settle(by=job, now=after).done == 0


def test_consent_that_goes_on_changes_nothing(world: World) -> None:
    """Given a referral with the GP, when the case is worked with, then it stays with the GP."""
    referral = answered_no(world, on_the_desk(world))
    give_reasons(referral=referral, by=world.doctor, gp_code="no_gp", gp_reason="Ingen fastlege.")
    assert fresh_referral(referral).state == "for_assessment"
    assert Task.objects.filter(kind="referral.assess", closed_at=None).exists()


def test_a_referrer_let_in_by_a_reason_answers_the_emergency_question_and_sends(world: World) -> None:
    """Given consent that ended after the reason was written, when the GP goes on, then the referral can be sent."""
    referral = by_reason(world, on_the_desk(world))
    referral = consents_end(referral)
    assert referral.state == "for_assessment"
    client = world.client(world.doctor)
    assert "emergency-no" in client.get(url("assess", referral.pk)).content.decode()
    assert client.post(url("assess_emergency", referral.pk), {"answer": "no"}).status_code == 303
    assert not EmergencyAssessment.objects.get().is_emergency
    assert not [
        m for m in missing_for_finalising(referral, fresh(referral.case), timezone.now()) if m.key == "emergency"
    ]
    # The page where an answer is marked as wrong is one of the case, which the reason does not open.
    assert "Feilregistrert?" not in client.get(url("assess", referral.pk)).content.decode()
    stranger = world.client(world.actor(Role.GP, world.other_school))
    assert stranger.post(url("assess_emergency", referral.pk), {"answer": "no"}).status_code == 404


def test_a_wrong_call_is_marked_and_the_question_is_open_again(world: World) -> None:
    """Given a call recorded on the wrong child, when it is marked, then it counts no more and can be answered anew."""
    referral = on_the_desk(world)
    yes = answer_emergency(case=referral.case, referral=referral, is_emergency=True, by=world.doctor)
    record_call(emergency=yes, called=None, phone="113", spoke_with="Vakt", called_on=timezone.now(), by=world.doctor)
    client = world.client(world.doctor)
    wrong = url("emergency_wrong", yes.pk)
    assert wrong in client.get(url("assess", referral.pk)).content.decode()
    assert wrong in client.get(url("emergency", referral.case_id)).content.decode()
    assert client.post(wrong, {"reason": ""}).status_code == 422
    assert client.post(wrong, {"reason": "Feil barn"}).status_code == 303
    yes.refresh_from_db()
    assert yes.error_reason == "Feil barn"
    assert Notification.objects.filter(kind="emergency.wrong").count() == 1
    assert "emergency-no" in client.get(url("assess", referral.pk)).content.decode()
    assert mark_emergency_wrong(emergency=yes, reason="Feil barn", by=world.doctor).in_error
    with pytest.raises(MovedOn):
        mark_emergency_wrong(emergency=yes, reason="Noe annet", by=world.doctor)
    with pytest.raises(Invalid):
        finalise_referral(referral=fresh_referral(referral), by=world.doctor)


def test_the_school_does_not_mark_the_doctors_answer(world: World) -> None:
    """Given the doctor's answer, when the school opens the page to mark it, then it is refused."""
    referral = answered_no(world, on_the_desk(world))
    found = EmergencyAssessment.objects.get(referral=referral)
    assert world.client(world.teacher).get(url("emergency_wrong", found.pk)).status_code == 403
