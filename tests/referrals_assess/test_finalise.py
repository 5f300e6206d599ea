"""Finalising (6.1.2): who may, what must be in place or reasoned, what is held back, and sending once."""

import pytest

from cases.models import Notification, ObligationStatus, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.finalise import finalise_referral, give_reasons, new_version, save_overall
from referrals.missing import missing_for_finalising
from referrals.models import Referral, Snapshot
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import (
    OVERALL,
    answered_no,
    case_hidden_from_bup,
    collected,
    gp_assessed,
    minutes_ago,
    on_the_desk,
    ready,
    sent,
    url,
)
from tests.stories import consent, fresh, holder_actor
from tests.world import World


def _missing(referral: Referral) -> set[str]:
    return {item.key for item in missing_for_finalising(referral, referral.case, minutes_ago(0))}


def test_each_missing_thing_is_named_with_a_link_and_goes_when_it_is_done(world: World) -> None:
    referral = on_the_desk(world)
    assert _missing(referral) == {"emergency", "gp", "overall"}
    with pytest.raises(Invalid) as refused:
        finalise_referral(referral=referral, by=world.doctor)
    assert "samlede vurderingen er ikke skrevet" in refused.value.errors[""]
    answered_no(world, referral)
    gp_assessed(world, referral)
    html = world.client(world.doctor).get(url("finalise", referral.pk)).content.decode()
    assert f"{url('assess', referral.pk)}#samlet" in html
    save_overall(referral=referral, text=OVERALL, version=1, by=world.doctor)
    assert _missing(fresh_referral(referral)) == set()


def test_sending_freezes_tells_and_opens_intakes_task(
    world: World, queued: list[object], django_capture_on_commit_callbacks: object
) -> None:
    referral = ready(world)
    with django_capture_on_commit_callbacks(execute=True):
        snapshot = finalise_referral(referral=referral, by=world.doctor)
        assert finalise_referral(referral=referral, by=world.doctor) == snapshot  # double click
    assert queued == [snapshot.pk]
    assert (referral.state, referral.sent_as, referral.channel) == ("sent", "doctor", "portal")
    assert snapshot.content["overall"]["text"] == OVERALL
    assert snapshot.content["status"] == "sent"
    assert Task.objects.get(kind="intake.receive", closed_at=None).service_id == world.bup.pk
    assert not Task.objects.filter(kind="referral.assess", closed_at=None).exists()
    assert Notification.objects.filter(kind="referral.sent", user=referral.case.holder.user).count() == 1
    states = dict(ObligationStatus.objects.values_list("key", "state"))
    assert (states["6.1.2"], states["6.1.3"], states["6.1.5"]) == ("met", "met", "met")


def test_only_someone_entitled_may_and_the_second_of_two_is_told_who_was_first(world: World) -> None:
    referral = ready(world)
    for actor in (world.teacher, world.coordinator, world.intake):
        with pytest.raises(Denied):
            finalise_referral(referral=referral, by=actor)
    other = world.actor(Role.GP, world.gp, "Lege Nummer To")
    finalise_referral(referral=referral, by=other)
    with pytest.raises(MovedOn, match="Lege Nummer To"):
        finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    assert fresh_referral(referral).referrer_id == other.membership.pk
    assert Snapshot.objects.count() == 1


def test_a_missing_gp_assessment_needs_code_and_reason_and_both_are_printed(world: World) -> None:
    referral = ready(world, gp=False)
    for given, field in (
        ({"gp_code": "no_gp"}, "gp_reason"),
        ({"gp_reason": "Ingen fastlege"}, "gp_code"),
        ({"gp_code": "tull", "gp_reason": "x"}, "gp_code"),
    ):
        with pytest.raises(Invalid) as refused:
            give_reasons(referral=referral, by=world.doctor, **given)
        assert field in refused.value.errors
    give_reasons(referral=referral, by=world.doctor, gp_code="no_gp", gp_reason="Listen er full i kommunen.")
    assert ObligationStatus.objects.get(key="6.1.3").state == "waived"
    snapshot = finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    assert "Barnet har ingen fastlege. Listen er full i kommunen." in snapshot.content["gp_missing"]["reason"]


def test_a_missing_consent_needs_a_named_basis_too(world: World) -> None:
    referral = answered_no(world, on_the_desk(world, referral=collected(world, receiver=world.habu)))
    gp_assessed(world, referral)
    save_overall(referral=referral, text=OVERALL, version=1, by=world.doctor)
    assert _missing(fresh_referral(referral)) == {"consent"}
    reason = {"consent_code": "unreachable", "consent_reason": "Foreldrene er på reise og svarer ikke."}
    with pytest.raises(Invalid) as refused:
        give_reasons(referral=referral, by=world.doctor, **reason)
    assert "grunnlag" in refused.value.errors["consent_basis"]
    client = world.client(world.doctor)
    page = client.get(url("assess", referral.pk)).content.decode()
    assert "Det er ikke samtykke til å dele med HABU Fjordvik" in page
    assert "Disse bidragene blir ikke med" in page
    bad = client.post(url("reasons", referral.pk), reason)
    assert bad.status_code == 422
    assert client.post(url("reasons", referral.pk), {**reason, "consent_basis": "weighty_reasons"}).status_code == 303
    snapshot = finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    printed = snapshot.content["consent_missing"]
    assert "svarer ikke" in printed["reason"]
    assert "Tungtveiende hensyn" in printed["basis"]
    assert [row["service"] for row in snapshot.content["contributions"]] == ["Fjordvik skole"]


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("duty_to_notify", "kan ikke brukes for HABU Fjordvik"),
        ("emergency", "må ha en sluttdato"),
        ("tull", "Velg hvilket grunnlag"),
    ],
)
def test_the_basis_named_keeps_the_editions_limits(world: World, basis: str, words: str) -> None:
    """One for another kind of service, or without the end that the edition asks for, is neither taken nor offered."""
    referral = answered_no(world, on_the_desk(world, referral=collected(world, receiver=world.habu)))
    reason = {"consent_code": "unreachable", "consent_reason": "Foreldrene er på reise."}
    with pytest.raises(Invalid) as refused:
        give_reasons(referral=referral, by=world.doctor, consent_basis=basis, **reason)
    assert set(refused.value.errors) == {"consent_basis"}
    assert words in refused.value.errors["consent_basis"]
    assert not fresh_referral(referral).missing_consent_reason
    page = world.client(world.doctor).get(url("assess", referral.pk)).content.decode()
    offered = page[page.index('name="consent_basis"') :]
    assert f'<option value="{basis}"' not in offered
    assert '<option value="cooperating_personnel"' in offered


def test_a_basis_that_yields_to_a_no_is_not_named_against_one(world: World) -> None:
    referral = answered_no(world, on_the_desk(world, referral=collected(world, receiver=world.habu)))
    reason = {"consent_code": "statutory", "consent_reason": "Nødvendig.", "consent_basis": "cooperating_personnel"}
    consent(fresh(referral.case), [world.habu], ["health"], decision="refused")
    with pytest.raises(Invalid) as refused:
        give_reasons(referral=referral, by=world.doctor, **reason)
    assert "åpner ikke mot et nei" in refused.value.errors["consent_basis"]
    weighty = {**reason, "consent_basis": "weighty_reasons"}
    assert give_reasons(referral=fresh_referral(referral), by=world.doctor, **weighty).missing_consent_reason


def test_what_consent_does_not_cover_is_named_before_sending_and_left_out(world: World) -> None:
    referral = ready(world, referral=collected(world, case=case_hidden_from_bup(world)))
    client = world.client(world.doctor)
    for page in ("assess", "finalise"):
        html = client.get(url(page, referral.pk)).content.decode()
        assert "blir ikke med, fordi samtykket ikke dekker d" in html
        assert "Bidrag fra Fjordvik skole er ikke med" in html
    snapshot = finalise_referral(referral=referral, by=world.doctor)
    assert snapshot.content["contributions"] == []


def test_the_channel_it_really_went_by_leads_on(world: World) -> None:
    referral = ready(world)
    client = world.client(world.doctor)
    html = client.get(url("finalise", referral.pk)).content.decode()
    assert "BUP Fjordvik, Sykehuset i Fjordvik" in html
    assert client.post(url("finalise", referral.pk), {"channel": "due"}).status_code == 422
    answer = client.post(url("finalise", referral.pk), {"channel": "epj"})
    assert answer.headers["Location"] == url("text", referral.pk)
    assert fresh_referral(referral).channel == "epj"
    # The page that was left open leads to what was sent.
    again = client.post(url("finalise", referral.pk), {"channel": "portal"})
    assert again.status_code == 303
    assert fresh_referral(referral).channel == "epj"


def test_a_form_left_open_keeps_its_text_when_another_has_sent(world: World) -> None:
    referral = sent(world).referral
    client = world.client(world.doctor)
    answer = client.post(url("assess_overall", referral.pk), {"overall": "Min nye tekst", "version": "1"}, follow=True)
    html = answer.content.decode()
    assert "Henvisningen er sendt" in html
    assert "Min nye tekst" in client.get("/tekster/").content.decode()


def test_a_later_change_is_a_new_version_and_the_first_stands(world: World) -> None:
    intake = world.intake
    first = sent(world)
    referral = fresh_referral(first.referral)
    with pytest.raises(Invalid):
        new_version(referral=referral, change=" ", by=world.doctor)
    with pytest.raises(Denied):
        new_version(referral=referral, change="x", by=world.teacher)
    client = world.client(world.doctor)
    typed = {"change": "Ny prøve er kommet", "overall": "Endret vurdering"}
    shown = client.post(url("new_version", referral.pk), typed).content.decode()
    assert "Slik blir den nye versjonen" in shown
    assert shown.count("Endret vurdering") == 2
    assert referral.snapshots.count() == 1
    answer = client.post(url("new_version", referral.pk), {**typed, "send": "1"}, follow=True)
    html = answer.content.decode()
    assert "Ny prøve er kommet" in html
    second = referral.snapshots.get(version=2)
    assert second.content["overall"]["text"] == "Endret vurdering"
    first.refresh_from_db()
    assert first.content["overall"]["text"] == OVERALL
    assert [row["version"] for row in second.content["versions"]] == [1, 2]
    older = client.get(url("document", referral.pk) + "?versjon=1").content.decode()
    assert "Dette er en eldre versjon" in older
    assert Notification.objects.filter(kind="referral.new_version", user=intake.user).exists()


def test_the_holder_without_the_right_cannot_write_the_overall_assessment(world: World) -> None:
    referral = on_the_desk(world)
    with pytest.raises(Denied):
        save_overall(referral=referral, text="x", version=1, by=holder_actor(referral.case))
    client = world.client(holder_actor(referral.case))
    assert client.post(url("assess_overall", referral.pk), {"overall": "x", "version": "1"}).status_code == 403
    assert 'id="overall-form"' not in client.get(url("assess", referral.pk)).content.decode()
