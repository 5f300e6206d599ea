"""Withdrawing before a decision, and sending again in the same thread."""

import uuid

import pytest

from cases.models import Deadline, Notification, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.states import MovedOn
from referrals.actions.finalise import withdraw_referral
from referrals.models import Referral
from tests.referral_stories import a_referral, consented_case, fresh_referral
from tests.referrals_assess.stories import sent, url
from tests.stories import holder_actor
from tests.world import World


def test_everything_that_waited_ends_and_the_department_is_told(world: World) -> None:
    intake = world.intake
    referral = fresh_referral(sent(world).referral)
    client = world.client(holder_actor(referral.case))
    page = url("withdraw", referral.pk)
    assert "BUP Fjordvik får beskjed" in client.get(page).content.decode()
    assert client.post(page, {"code": "tull", "reason": "x"}).status_code == 422
    assert client.post(page, {"code": "better", "reason": ""}).status_code == 422
    answer = client.post(page, {"code": "better", "reason": "Ada har det bedre."})
    assert answer.headers["Location"] == url("section", referral.case_id)
    referral = fresh_referral(referral)
    assert (referral.state, referral.withdraw_code) == ("withdrawn", "better")
    assert not Task.objects.filter(subject_id=referral.pk, closed_at=None).exists()
    assert not Deadline.objects.filter(subject_id=referral.pk, state="open").exists()
    assert Notification.objects.filter(kind="referral.withdrawn", user=intake.user).count() == 1
    # A double click is harmless.
    again = {"referral": referral, "code": "better", "reason": "Ada har det bedre.", "by": holder_actor(referral.case)}
    assert withdraw_referral(**again) is False


def test_contributors_need_not_write_any_more(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school, world.gp), world.school)
    assert Task.objects.filter(kind="contribution.write", closed_at=None).exists()
    withdraw_referral(referral=referral, reason="Feil", by=holder_actor(referral.case))
    assert not Task.objects.filter(kind="contribution.write", closed_at=None).exists()


def test_who_may_and_what_is_refused(world: World) -> None:
    referral = fresh_referral(sent(world).referral)
    for actor in (world.teacher, world.intake):
        with pytest.raises(Denied):
            withdraw_referral(referral=referral, reason="x", by=actor)
    with pytest.raises(Invalid):
        withdraw_referral(referral=referral, reason=" ", by=world.doctor)
    assert withdraw_referral(referral=referral, reason="Familien ønsker det", by=world.doctor)
    with pytest.raises(MovedOn):
        withdraw_referral(referral=fresh_referral(referral), reason="x", by=world.coordinator)


def test_sent_again_it_keeps_the_thread_and_what_was_written(world: World) -> None:
    referral = fresh_referral(sent(world).referral)
    holder = holder_actor(referral.case)
    client = world.client(holder)
    page = url("resubmit", referral.pk)
    form = {"receiver": str(world.bup.pk), "token": str(uuid.uuid4())}
    assert client.post(page, form).status_code == 422  # not ended yet
    withdraw_referral(referral=referral, reason="Mangler noe", by=holder)
    assert client.post(page, {"receiver": str(world.school.pk)}).status_code == 422
    answer = client.post(page, form)
    again = client.post(page, form)  # double click
    assert answer.headers["Location"] == again.headers["Location"]
    made = Referral.objects.get(previous=referral)
    assert [c.state for c in made.contributions.all()] == ["submitted"]
    assert made.worry == referral.worry
