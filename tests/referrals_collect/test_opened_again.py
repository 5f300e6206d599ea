"""A contribution that was delivered and opened again goes along as it was delivered, until it is delivered anew."""

import pytest

from referrals.actions.ask import ask_for_more
from referrals.actions.finalise import finalise_referral, new_version, withdraw_referral
from referrals.actions.start import resubmit
from referrals.actions.write import decline_contribution, reopen_contribution, submit_contribution
from referrals.models import Contribution, Referral, Snapshot
from tests.referral_stories import fresh_contribution, fresh_referral, written
from tests.referrals_assess.stories import collected, ready, url
from tests.stories import holder_actor
from tests.world import World

DRAFT = "Uferdig tillegg"
NOTE = "Tjenesten skriver mer. Dette er teksten slik den ble levert"


@pytest.fixture(autouse=True)
def _unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referrals.tasks._send", lambda _snapshot: None)


@pytest.fixture
def referral(world: World) -> Referral:
    """Ready to be sent; the school is asked for more and writes on it."""
    ready_now = ready(world, referral=collected(world))
    ask_for_more(
        contribution=of_school(world, ready_now), message="Skriv om fraværet.", by=holder_actor(ready_now.case)
    )
    written(world, of_school(world, ready_now), DRAFT)
    return fresh_referral(ready_now)


def of_school(world: World, referral: Referral) -> Contribution:
    """The school's contribution as it is now."""
    return fresh_contribution(Contribution.objects.get(referral=referral, service=world.school))


def texts(snapshot: Snapshot) -> str:
    """What the contributions of a version say."""
    return " ".join(part["text"] for row in snapshot.content["contributions"] for part in row["sections"])


def test_what_was_delivered_goes_when_the_referral_is_sent_meanwhile(world: World, referral: Referral) -> None:
    """Given more is asked for, when the doctor sends, then the delivered text goes, and says that more is asked for."""
    page = world.client(world.doctor).get(url("finalise", referral.pk)).content.decode()
    assert "Mer er etterspurt fra: " in page
    snapshot = finalise_referral(referral=referral, by=world.doctor)
    assert "ser at Ada strever" in texts(snapshot)
    assert NOTE in texts(snapshot)
    assert DRAFT not in texts(snapshot)
    assert not snapshot.content["pending"]
    assert snapshot.content["contributions"][0]["author"]
    assert (
        "med bidraget slik dere leverte det"
        in world.client(world.teacher).get(url("contribution", of_school(world, referral).pk)).content.decode()
    )


def test_delivered_anew_the_new_text_goes_in_the_next_version(world: World, referral: Referral) -> None:
    """Given it was sent as delivered, when the school delivers more, then the next version has the new text alone."""
    finalise_referral(referral=referral, by=world.doctor)
    submit_contribution(contribution=of_school(world, referral), by=world.teacher)
    snapshot = new_version(referral=fresh_referral(referral), change="Mer fra skolen", by=world.doctor)
    assert DRAFT in texts(snapshot)
    assert NOTE not in texts(snapshot)


def test_the_pages_say_what_goes_along(world: World, referral: Referral) -> None:
    """Given more is asked for, when writer and holder look, then both read that the delivered text stands."""
    contribution = of_school(world, referral)
    assert (
        "Den teksten går med" in world.client(world.teacher).get(url("contribution", contribution.pk)).content.decode()
    )
    page = world.client(holder_actor(referral.case)).get(url("assemble", referral.pk)).content.decode()
    assert "og går med slik den var" in page
    assert DRAFT not in page


def test_opened_by_its_writer_and_declined_it_goes_no_more(world: World) -> None:
    """Given the writer opened it again, when the service declines instead, then nothing of it goes."""
    referral = ready(world, referral=collected(world))
    reopen_contribution(contribution=of_school(world, referral), by=world.teacher)
    assert of_school(world, referral).opened_again
    decline_contribution(contribution=of_school(world, referral), code="nothing_new", by=world.teacher)
    snapshot = finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    assert "strever" not in texts(snapshot)


def test_referred_anew_it_is_carried_as_it_was_delivered(world: World, referral: Referral) -> None:
    """Given the referral is withdrawn, when it is referred anew, then the delivered text is carried over."""
    withdraw_referral(referral=referral, reason="Feil avdeling", by=holder_actor(referral.case))
    again = resubmit(referral=fresh_referral(referral), receiver=world.bup, by=holder_actor(referral.case))
    copy = of_school(world, again)
    assert copy.state == "submitted"
    assert "ser at Ada strever" in " ".join(copy.sections.values_list("text", flat=True))
    assert not copy.sections.filter(text=DRAFT).exists()
