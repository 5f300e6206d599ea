"""Referrals on the desk of the one who assesses, made only through the actions."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from portal.context import Actor
from portal.models import Service
from referrals.actions.assess import complete_assessment, hand_over, save_assessment
from referrals.actions.emergency import answer_emergency
from referrals.actions.finalise import finalise_referral, save_overall
from referrals.actions.write import save_section, submit_contribution
from referrals.models import Contribution, GpAssessment, Referral, Snapshot
from tests.referral_stories import a_referral, consented_case, fresh_referral, writer_of
from tests.stories import a_case, consent, fresh, holder_actor, with_participants
from tests.world import World

OVERALL = "Barnet bør utredes. Skolen og helsestasjonen har prøvd det de kan."
SOMATIC = "Syn og hørsel undersøkt uten funn."


def collected(
    world: World, *services: Service, receiver: Service | None = None, case: Case | None = None, **case_facts: Any
) -> Referral:
    """A referral whose asked services (the school) have each written one section and submitted."""
    services = services or (world.school,)
    case = case or consented_case(world, *services, world.gp, **case_facts)
    referral = a_referral(world, case, *services, receiver=receiver or world.bup)
    for contribution in Contribution.objects.filter(referral=referral).select_related("service", "referral__case"):
        section = contribution.sections.order_by("position").first()
        assert section is not None
        section.contribution, writer = contribution, writer_of(world, contribution)
        words = f"{contribution.service.name} ser at Ada strever."
        save_section(section=section, text=words, version=section.version, by=writer)
        submit_contribution(contribution=contribution, by=writer)
    return fresh_referral(referral)


def case_hidden_from_bup(world: World) -> Case:
    """A case where BUP may have the child's health, and nothing from the school."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.gp)
    consent(case, [world.school, world.gp, case.holder.service])
    consent(case, [world.bup], ["health"])
    return fresh(case)


def on_the_desk(world: World, *, referral: Referral | None = None) -> Referral:
    """A collected referral handed over to the GP."""
    referral = referral or collected(world)
    assert world.doctor.membership is not None
    hand_over(referral=referral, referrer=world.doctor.membership, by=holder_actor(referral.case))
    return fresh_referral(referral)


def answered_no(world: World, referral: Referral, by: Actor | None = None) -> Referral:
    """The emergency question answered with no."""
    answer_emergency(case=referral.case, referral=referral, is_emergency=False, by=by or world.doctor)
    return fresh_referral(referral)


def gp_assessed(world: World, referral: Referral) -> GpAssessment:
    """The GP's assessment, written and completed."""
    texts = {"presenting": "Tristhet og uro.", "somatic": SOMATIC, "risk": "Ingen selvmordstanker."}
    save_assessment(referral=referral, sections=texts, version=0, by=world.doctor)
    return complete_assessment(referral=referral, by=world.doctor)


def ready(world: World, *, gp: bool = True, referral: Referral | None = None) -> Referral:
    """Everything in place: only the sending remains."""
    referral = answered_no(world, on_the_desk(world, referral=referral))
    if gp:
        gp_assessed(world, referral)
    save_overall(referral=referral, text=OVERALL, version=referral.assessment_version, by=world.doctor)
    return fresh_referral(referral)


def sent(world: World, *, channel: str = "portal") -> Snapshot:
    """A referral finalised by the GP."""
    return finalise_referral(referral=ready(world), by=world.doctor, channel=channel)


def url(name: str, *args: object) -> str:
    """An address of the referrals."""
    return reverse(f"referrals:{name}", args=args)


def minutes_ago(minutes: int) -> dt.datetime:
    """An instant in the recent past."""
    return timezone.now() - dt.timedelta(minutes=minutes)
