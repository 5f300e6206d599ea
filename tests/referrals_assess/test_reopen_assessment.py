"""A GP's assessment is written on by its own office; one that is complete, or another's, only once it is opened."""

import pytest

from cases.models import ObligationStatus
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.assess import reopen_assessment, save_assessment
from referrals.models import GpAssessment
from tests.referrals_assess.stories import SOMATIC, answered_no, gp_assessed, on_the_desk, url
from tests.world import World


def test_an_autosave_never_uncompletes(world: World) -> None:
    """Given a completed assessment, when an open page saves itself, then it stays complete until it is opened."""
    referral = answered_no(world, on_the_desk(world))
    done = gp_assessed(world, referral)
    with pytest.raises(MovedOn, match="fullført"):
        save_assessment(referral=referral, sections={"risk": "Høy"}, version=done.version, by=world.doctor)
    assert GpAssessment.objects.get(pk=done.pk).completed_at is not None
    client = world.client(world.doctor)
    html = client.get(url("assess", referral.pk)).content.decode()
    assert "Åpne igjen" in html
    assert 'id="gp-form"' not in html
    client.post(url("reopen_gp", referral.pk))
    found = GpAssessment.objects.get(pk=done.pk)
    assert found.completed_at is None
    assert found.sections["somatic"] == SOMATIC
    assert ObligationStatus.objects.get(key="6.1.3").state == "open"
    assert 'id="gp-form"' in client.get(url("assess", referral.pk)).content.decode()
    save_assessment(referral=referral, sections={"risk": "Høy"}, version=found.version, by=world.doctor)
    assert reopen_assessment(referral=referral, by=world.doctor).sections["risk"] == "Høy"


def test_another_office_takes_over_openly_or_not_at_all(world: World) -> None:
    """Given a draft of the GP's, when the emergency clinic writes, then it must open it, and have it to read."""
    referral = answered_no(world, on_the_desk(world))
    draft = save_assessment(referral=referral, sections={"risk": "Lav"}, version=0, by=world.doctor)
    clinic = world.actor(Role.EMERGENCY_CLINIC, world.emergency_clinic)
    GpAssessment.objects.filter(pk=draft.pk).update(service=world.emergency_clinic, recorded_by=clinic.person)
    with pytest.raises(MovedOn, match="Åpne den igjen"):
        save_assessment(referral=referral, sections={"risk": "Høy"}, version=draft.version, by=world.doctor)
    opened = reopen_assessment(referral=referral, by=world.doctor)
    assert (opened.service, opened.sections["risk"]) == (world.gp, "Lav")


def test_there_must_be_something_to_open(world: World) -> None:
    """Given nothing is written, when it is opened, then one is told so."""
    referral = answered_no(world, on_the_desk(world))
    with pytest.raises(MovedOn):
        reopen_assessment(referral=referral, by=world.doctor)
