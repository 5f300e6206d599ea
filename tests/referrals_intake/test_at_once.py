"""Two at once at intake, each in a transaction of its own."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from portal.context import Actor, portal_context
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.decide import decide
from referrals.actions.intake import receive
from referrals.models import IntakeDecision, Receipt
from tests.at_once import together
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import a_received_referral, a_sent_referral
from tests.world import World


def in_own_transaction(by: Actor, job: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with portal_context(by):
            return job()

    return run


def test_of_two_deciders_the_second_moves_on(lasting: World) -> None:
    referral = a_received_referral(lasting)
    people = [lasting.intake, lasting.actor(Role.CLINICIAN, lasting.bup, "Berit Behandler")]
    read = [fresh_referral(referral) for _person in people]

    def job(number: int) -> Callable[[], object]:
        by = people[number]
        words = {"reason": "Grunn.", "treatment_deadline": timezone.localdate() + dt.timedelta(days=30)}
        return in_own_transaction(by, lambda: decide(referral=read[number], outcome="right", by=by, **words))

    results = together(job(0), job(1))
    assert sorted(type(result).__name__ for result in results) == ["IntakeDecision", "MovedOn"], results
    made = IntakeDecision.objects.get(referral=referral)
    late = next(result for result in results if isinstance(result, MovedOn))
    assert made.decided_by.name in late.message


def test_of_two_receivers_the_second_moves_on(lasting: World) -> None:
    referral = a_sent_referral(lasting)
    people = [lasting.intake, lasting.actor(Role.INTAKE, lasting.bup, "Nora Inntak")]
    read = [fresh_referral(referral) for _person in people]

    def job(number: int) -> Callable[[], object]:
        by = people[number]
        return in_own_transaction(by, lambda: receive(referral=read[number], received_on=timezone.localdate(), by=by))

    results = together(job(0), job(1))
    assert sorted(type(result).__name__ for result in results) == ["MovedOn", "bool"], results
    assert Receipt.objects.filter(referral=referral).count() == 1
