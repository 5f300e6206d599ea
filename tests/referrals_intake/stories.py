"""Referrals at the hospital, for tests: made only through the actions. Each helper gives the thing as it is now."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.models import Deadline
from guideline.workdays import add_working_days
from portal.context import Actor
from portal.models import Role, Service
from referrals.actions.decide import decide
from referrals.actions.finalise import finalise_referral, save_overall
from referrals.actions.information import ask_for_information
from referrals.actions.intake import receive
from referrals.models import Contribution, InformationRequest, IntakeDecision, Referral
from tests.referral_stories import a_collected_referral, a_referral, consented_case, fresh_referral, submitted
from tests.referrals_assess.stories import answered_no, gp_assessed, on_the_desk
from tests.world import World


def a_sent_referral(world: World, *services: Service, collected: Referral | None = None) -> Referral:
    """Contributions in, the GP has assessed and finalised, and BUP has it."""
    collected = collected or a_collected_referral(world, *services)
    referral = answered_no(world, on_the_desk(world, referral=collected))
    gp_assessed(world, referral)
    overall = "Samlet: vansker over tid."
    save_overall(referral=referral, text=overall, version=referral.assessment_version, by=world.doctor)
    finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    return fresh_referral(referral)


def a_received_referral(world: World, *services: Service, **given: Any) -> Referral:
    """Received today by BUP."""
    referral = a_sent_referral(world, *services, **given)
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    return fresh_referral(referral)


def small_received_referral(world: World, name: str) -> Referral:
    """A referral with one contribution, received: quicker where many are wanted."""
    case = consented_case(world, world.school, world.gp, name=name)
    referral = a_referral(world, case, world.school)
    submitted(world, Contribution.objects.select_related("service").get(referral=referral))
    referral = a_sent_referral(world, collected=fresh_referral(referral))
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    return fresh_referral(referral)


def a_question(world: World, referral: Referral, service: Service | None = None, **given: Any) -> InformationRequest:
    """BUP asks the school about one section (or the referrer, with ``service=None`` and ``to_referrer``)."""
    if given.pop("to_referrer", False):
        target: dict[str, Any] = {}
    else:
        contribution = contribution_of(referral, service or world.school)
        target = {"contribution": contribution, "section_key": first_key(contribution)}
    words = {"question": "Hvor stort er fraværet?", **given}
    made = ask_for_information(referral=fresh_referral(referral), by=world.intake, **target, **words)
    return fresh_request(made)


def contribution_of(referral: Referral, service: Service) -> Contribution:
    """The service's contribution."""
    return Contribution.objects.select_related("service").get(referral=referral, service=service)


def first_key(contribution: Contribution) -> str:
    """The key of its first section."""
    return str(contribution.sections.order_by("position").values_list("key", flat=True)[0])


def fresh_request(request: InformationRequest) -> InformationRequest:
    """The question as it is now, with what actions look at."""
    found = InformationRequest.objects.select_related("asked_service", "contribution").get(pk=request.pk)
    found.referral = fresh_referral(found.referral)
    return found


def decided(world: World, referral: Referral | None = None, outcome: str = "right", **given: Any) -> IntakeDecision:
    """BUP decides: a right within 60 days unless told otherwise."""
    referral = referral or a_received_referral(world)
    words: dict[str, Any] = {
        "reason": "Alvorlige vansker over tid.",
        "advice": "Fortsett tilretteleggingen på skolen.",
        "family_message": "Dere får time hos oss.",
    }
    if outcome == "right":
        words["treatment_deadline"] = timezone.localdate() + dt.timedelta(days=60)
    return decide(**{"by": world.intake, "outcome": outcome, **words, **given}, referral=fresh_referral(referral))


def days_pass(referral: Referral, days: int) -> Referral:
    """Everything about the referral happened so many days earlier."""
    earlier = dt.timedelta(days=days)
    found = Referral.objects.get(pk=referral.pk)
    for deadline in Deadline.objects.filter(subject_id=referral.pk, rule="intake_assessment"):
        deadline.anchor_on -= earlier
        deadline.due_on = add_working_days(deadline.anchor_on, 10)
        deadline.save(update_fields=["anchor_on", "due_on"])
    Referral.objects.filter(pk=referral.pk).update(
        sent_at=found.sent_at - earlier if found.sent_at else None,
        received_on=found.received_on - earlier if found.received_on else None,
        first_received_on=found.first_received_on - earlier if found.first_received_on else None,
    )
    return fresh_referral(referral)


def clinician(world: World, name: str = "") -> Actor:
    """Someone who reviews at BUP."""
    return world.actor(Role.CLINICIAN, world.bup, name)
