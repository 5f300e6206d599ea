"""Handing over to the one entitled to refer, and back (6.1.2)."""

import pytest

from cases.models import Deadline, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from referrals.actions.assess import asked_for, hand_over, return_for_more
from referrals.models import Referral
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import collected, on_the_desk, url
from tests.stories import holder_actor
from tests.world import World


def test_the_task_and_the_date_go_to_the_one_who_was_asked(world: World) -> None:
    referral = on_the_desk(world)
    assert referral.state == Referral.State.FOR_ASSESSMENT
    task = Task.objects.get(kind="referral.assess", closed_at=None)
    assert (task.user_id, task.service_id) == (world.doctor.user.pk, world.gp.pk)
    assert task.due_on == Deadline.objects.get(rule="gp_assessment_due", state="open").due_on
    assert not Task.objects.filter(kind="referral.assemble", closed_at=None).exists()


def test_the_same_again_changes_nothing_and_another_takes_the_task_over(world: World) -> None:
    referral = on_the_desk(world)
    holder = holder_actor(referral.case)
    assert hand_over(referral=referral, referrer=world.doctor.membership, by=holder) is False
    other = world.actor(Role.GP, world.gp, "Lege Nummer To")
    assert hand_over(referral=referral, referrer=other.membership, by=holder)
    open_tasks = Task.objects.filter(kind="referral.assess", closed_at=None)
    assert [task.user_id for task in open_tasks] == [other.user.pk]
    assert Deadline.objects.filter(rule="gp_assessment_due", state="open").count() == 1


def test_only_someone_entitled_whose_service_may_share(world: World) -> None:
    referral = collected(world)
    holder = holder_actor(referral.case)
    with pytest.raises(Invalid) as refused:
        hand_over(referral=referral, referrer=world.teacher.membership, by=holder)
    assert "lege, psykolog eller barnevernsleder" in refused.value.errors["referrer"]
    leader = world.actor(Role.CHILD_PROTECTION_LEADER, world.child_protection)
    with pytest.raises(Invalid) as refused:
        hand_over(referral=referral, referrer=leader.membership, by=holder)
    assert "Registrer samtykke" in refused.value.errors["referrer"]
    with pytest.raises(Denied):
        hand_over(referral=referral, referrer=world.doctor.membership, by=world.teacher)


def test_sent_back_it_waits_for_the_holder_who_reads_what_is_missing(world: World) -> None:
    referral = on_the_desk(world)
    with pytest.raises(Invalid):
        return_for_more(referral=referral, message="  ", by=world.doctor)
    client = world.client(world.doctor)
    answer = client.post(url("hand_back", referral.pk), {"message": "Hva har PPT prøvd?"})
    assert answer.status_code == 303
    referral = fresh_referral(referral)
    assert referral.state == Referral.State.COLLECTING
    assert asked_for(referral) == "Hva har PPT prøvd?"
    assert Task.objects.get(kind="referral.complete", closed_at=None).service_id == referral.case.holder.service_id
    assert not Deadline.objects.filter(rule="gp_assessment_due", state="open").exists()
    # The one who asked still has the page, and the text written so far.
    assert client.get(url("assess", referral.pk)).status_code == 200
