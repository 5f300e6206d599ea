"""What intake's pages and actions take from the edition and the directory, and who may do what in one stroke."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from cases.actions.holder import accept_offer, offer_holder
from cases.inbox import tell
from cases.models import Task
from guideline.editions import current_edition
from guideline.schema import Code
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.decide import decide
from referrals.actions.finalise import new_version
from referrals.actions.intake import change_urgency, held_by, redirect_referral
from referrals.forms.intake import ElsewhereForm, ReceiveForm, family_suggestion
from referrals.models import UrgencyChange
from tests.referral_stories import a_referral, fresh_referral
from tests.referrals_intake.stories import a_received_referral, a_sent_referral, clinician, decided
from tests.stories import fresh
from tests.world import World


def test_a_clinician_records_a_decision_made_elsewhere_with_its_receipt(world: World) -> None:
    """Given nobody registered the receipt, when a clinician notes the decision, then both are recorded."""
    referral, reviewer = a_sent_referral(world), clinician(world)
    day = timezone.localdate()
    form = {"outcome": "no_right", "received_on": day.strftime("%d.%m.%Y"), "decided_on": day.strftime("%d.%m.%Y"),
            "reason": "Kommunen kan hjelpe."}  # fmt: skip
    client = world.client(reviewer)
    assert client.post(f"/inntak/{referral.pk}/avgjort-utenfor/", form).status_code == 303
    found = fresh_referral(referral)
    assert (found.state, found.first_received_on) == ("decided", day)
    assert found.receipts.get().received_by == reviewer.user


def test_the_hospitals_reason_does_not_replace_the_referrers(world: World) -> None:
    """Given the referrer said why it is urgent, when BUP changes it, then each reason stands by its own."""
    referral = a_received_referral(world)
    change_urgency(referral=referral, urgency="urgent", reason="Forverring", by=world.intake)
    found = fresh_referral(referral)
    assert (found.urgency, found.urgency_reason) == ("urgent", "")
    assert UrgencyChange.objects.get(referral=referral).reason == "Forverring"
    made = new_version(referral=found, change="Rettet", by=world.doctor)
    assert "Forverring" in made.content["urgency"]["text"]


def test_a_referral_goes_on_only_to_a_department_in_use_here(world: World) -> None:
    """Given a department that is closed or of another community, when it is sent on there, then it is refused."""
    referral = a_received_referral(world)
    world.habu.active = False
    world.habu.save(update_fields=["active"])
    world.ward.organisation.community_memberships.update(valid_until=dt.date(2021, 1, 1))
    for there in (world.habu, world.ward):
        with pytest.raises(Invalid) as refused:
            redirect_referral(referral=referral, to=there, reason="Utvikling", by=world.intake)
        assert set(refused.value.errors) == {"to"}


def test_an_unsent_referral_is_not_called_decided(world: World) -> None:
    """Given a referral being made, when the department acts on it, then it is told that it is not sent."""
    referral = a_referral(world)
    with pytest.raises(MovedOn, match="ikke sendt"):
        held_by(referral, world.intake, "sent", "received")


def test_days_ages_and_codes_are_the_editions(world: World) -> None:
    """Given an edition with other days, ages and several codes, when forms are made, then they say so."""
    edition = current_edition(world.community)
    days = replace(edition.deadlines["intake_assessment"], amount=7)
    codes = edition.codes["intake_outcome"]
    more = Code(key="right_soon", label="Rett, snart", outcome="right")
    other = replace(
        edition,
        deadlines={**edition.deadlines, "intake_assessment": days},
        codes={**edition.codes, "intake_outcome": replace(codes, codes={**codes.codes, "right_soon": more})},
        consent=replace(edition.consent, decides_from=14),
    )
    assert "7 virkedager" in str(ReceiveForm(edition=other).fields["received_on"].help_text)
    assert family_suggestion("right", 15, other).count("Du ") == 1
    assert "Barnet deres" in family_suggestion("right", 15, edition)
    assert "code" not in ElsewhereForm(edition=edition, received=True).fields
    day = timezone.localdate().strftime("%d.%m.%Y")
    told = {"outcome": "right", "decided_on": day, "treatment_deadline": day, "reason": "x"}
    form = ElsewhereForm(told, edition=other, received=True)
    assert "code" in form.errors
    form = ElsewhereForm({**told, "code": "right_soon"}, edition=other, received=True)
    assert form.is_valid()
    guarantee = edition.deadlines["treatment_start_under_23"]
    assert [guarantee.holds_for("bup", age) for age in (22, 23, None)] == [True, False, False]
    assert not guarantee.holds_for("habu", 10)


def test_the_holders_reading_of_the_outcome_follows_the_case(world: World) -> None:
    """Given the outcome waits for holder and GP, when the case is handed over, then only the holder's task moves."""
    referral = a_received_referral(world)
    decided(world, referral)
    visitor = world.actor(Role.COORDINATOR, world.health_visitor)
    offer = offer_holder(case=fresh(referral.case), to=visitor.seat, by=world.coordinator)
    accept_offer(offer=offer, by=visitor)
    waiting = Task.objects.filter(kind="outcome.read", closed_at=None, subject_id=referral.pk)
    assert dict(waiting.values_list("service__name", "user__name")) == {
        world.health_visitor.name: visitor.name,
        world.gp.name: world.doctor.name,
    }


def test_a_notice_without_words_is_an_error_of_the_code(world: World) -> None:
    """Given a kind that nobody registered, when it is told, then it fails at once."""
    with pytest.raises(KeyError, match=r"finnes\.ikke"):
        tell("finnes.ikke", by=world.intake, now=timezone.now(), subject=world.bup, url_name="cases:inbox")


def test_decide_says_what_is_wrong(world: World) -> None:
    """Given no receipt, when it is decided without a date of it, then one is told to register it first."""
    with pytest.raises(MovedOn, match="mottatt"):
        decide(referral=a_sent_referral(world), outcome="no_right", reason="x", by=world.intake)
