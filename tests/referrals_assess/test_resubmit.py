"""Sent again in the same thread: what is carried, what is not, and what the page says about it."""

import pytest

from portal.states import MovedOn
from referrals.actions.consult import Talk, attach_consultation, record_as_department, record_consultation
from referrals.actions.finalise import finalise_referral, withdraw_referral
from referrals.actions.intake import change_urgency
from referrals.actions.start import resubmit
from referrals.models import Consultation, Referral
from tests.referral_stories import a_referral, fresh_referral
from tests.referrals_assess.stories import collected, ready, sent, url
from tests.stories import holder_actor
from tests.world import World


def a_talk(world: World, referral: Referral) -> Consultation:
    """A consultation held by phone in the referral's case."""
    return record_consultation(
        case=referral.case, department=world.bup, question="Bør vi henvise?", talk=Talk("refer", held="phone"),
        by=holder_actor(referral.case),
    )  # fmt: skip


def test_consultations_come_along_and_the_urgency_is_the_referrers_own(world: World) -> None:
    """Given a talk was attached and BUP made it urgent, when it is referred again, then the talk and the referrer's
    own urgency come along."""
    referral = collected(world)
    talk = attach_consultation(consultation=a_talk(world, referral), referral=referral, by=holder_actor(referral.case))
    finalise_referral(referral=ready(world, referral=referral), by=world.doctor)
    change_urgency(referral=fresh_referral(referral), urgency="urgent", reason="Forverring", by=world.intake)
    assert fresh_referral(referral).urgency_reason == ""
    withdraw_referral(referral=fresh_referral(referral), reason="Feil", by=world.doctor)
    made = resubmit(referral=fresh_referral(referral), receiver=world.bup, by=holder_actor(referral.case))
    assert (made.urgency, made.urgency_reason) == ("ordinary", "")
    assert Consultation.objects.get(pk=talk.pk).referral == made
    assert referral.snapshots.latest("version").content["consultations"]


def test_one_that_went_with_a_sent_referral_is_not_moved(world: World) -> None:
    """Given a talk went to BUP, when it is attached to another referral, then it stays where it went."""
    referral = collected(world)
    talk = attach_consultation(consultation=a_talk(world, referral), referral=referral, by=holder_actor(referral.case))
    finalise_referral(referral=ready(world, referral=referral), by=world.doctor)
    other = a_referral(world, fresh_referral(referral).case, receiver=world.habu)
    with pytest.raises(MovedOn, match="følger allerede"):
        attach_consultation(consultation=talk, referral=other, by=holder_actor(referral.case))


def test_one_chooses_among_several_referrals(world: World) -> None:
    """Given two referrals being made, when a talk without a case is placed, then the person says which."""
    referral = collected(world)
    other = a_referral(world, referral.case, receiver=world.habu)
    talk = record_as_department(
        department=world.bup, asked_in=referral.case.holder.service, question="Hva nå?",
        talk=Talk("refer", held="phone"), by=world.intake,
    )  # fmt: skip
    client = world.client(holder_actor(referral.case))
    section = client.get(url("section", referral.case_id)).content.decode()
    assert "legg ved henvisningen til HABU Fjordvik" in section
    assert "legg ved henvisningen til BUP Fjordvik" in section
    place = url("consult_place", referral.case_id)
    client.post(place, {"consultation": talk.pk})
    assert Consultation.objects.get(pk=talk.pk).referral is None
    client.post(place, {"consultation": talk.pk, "referral": other.pk})
    assert Consultation.objects.get(pk=talk.pk).referral == other


def test_the_page_says_what_must_be_written_again(world: World) -> None:
    """Given it was withdrawn, when one refers again, then the page tells that the assessments are not carried."""
    referral = fresh_referral(sent(world).referral)
    withdraw_referral(referral=referral, reason="Feil", by=world.doctor)
    html = world.client(holder_actor(referral.case)).get(url("resubmit", referral.pk)).content.decode()
    assert "Vurderingen fra fastlegen" in html
    assert "må skrives på nytt" in html
