"""Receipt: the date, the clock, and being first."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import Deadline, Notification, Task
from guideline.workdays import add_working_days
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.finalise import withdraw_referral
from referrals.actions.intake import receive
from referrals.models import Receipt, Referral
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import a_received_referral, a_sent_referral
from tests.world import World


def test_receipt_starts_the_legal_clock(world: World) -> None:
    referral = a_received_referral(world)
    assert (referral.state, referral.first_received_on) == (Referral.State.RECEIVED, timezone.localdate())
    deadline = Deadline.objects.get(subject_id=referral.pk, rule="intake_assessment")
    assert deadline.due_on == add_working_days(timezone.localdate(), 10)
    assert (deadline.basis, deadline.service) == ("law", world.bup)
    task = Task.objects.get(subject_id=referral.pk, closed_at__isnull=True)
    assert (task.kind, task.due_on, task.service) == ("intake.decide", deadline.due_on, world.bup)


def test_holder_and_referrer_are_told(world: World) -> None:
    referral = a_received_referral(world)
    told = Notification.objects.filter(kind="referral.received", subject_id=referral.pk)
    assert set(told.values_list("user", flat=True)) == {world.coordinator.user.pk, world.doctor.user.pk}
    assert set(told.values_list("url_name", flat=True)) == {"referrals:outcome"}


def test_double_click_is_harmless(world: World) -> None:
    referral = a_received_referral(world)
    assert receive(referral=referral, received_on=timezone.localdate(), by=world.intake) is False
    assert Receipt.objects.filter(referral=referral).count() == 1


def test_the_second_nurse_hears_who_was_first(world: World) -> None:
    sent = a_sent_referral(world)
    other = world.actor(Role.INTAKE, world.bup, "Nora Inntak")
    receive(referral=sent, received_on=timezone.localdate(), by=other)
    with pytest.raises(MovedOn, match="Nora Inntak"):
        receive(referral=fresh_referral(sent), received_on=timezone.localdate(), by=world.intake)
    assert Receipt.objects.filter(referral=sent).count() == 1


def test_dates_are_sensible(world: World) -> None:
    referral = a_sent_referral(world)
    for day in (timezone.localdate() + dt.timedelta(days=1), timezone.localdate() - dt.timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            receive(referral=referral, received_on=day, by=world.intake)
        assert set(refused.value.errors) == {"received_on"}


def test_a_withdrawn_referral_is_not_received(world: World) -> None:
    referral = a_sent_referral(world)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    with pytest.raises(MovedOn, match="trukket av"):
        receive(referral=fresh_referral(referral), received_on=timezone.localdate(), by=world.intake)


@pytest.mark.parametrize("who", ["teacher", "doctor", "coordinator"])
def test_only_the_departments_intake_receives(world: World, who: str) -> None:
    referral = a_sent_referral(world)
    with pytest.raises(Denied):
        receive(referral=referral, received_on=timezone.localdate(), by=getattr(world, who))
    with pytest.raises(Denied):
        receive(referral=referral, received_on=timezone.localdate(), by=world.actor(Role.INTAKE, world.habu))
