"""The referral part by part, before and after it is sent: each service reads what consent covers, and no more."""

import copy
from typing import Any

import pytest

from cases.access import viewer_of
from cases.actions.consent import withdraw_consent
from cases.actions.measures import add_measure
from cases.actions.voice import record_voice
from cases.models import Case, CaseAccess, Consent
from cases.national_number import read
from portal.access import Denied
from portal.identity.fnr import synthetic
from portal.timeframe import today
from referrals.actions.assess import register_external_assessment
from referrals.actions.finalise import finalise_referral, give_reasons, new_version, withdraw_referral
from referrals.actions.write import decline_contribution
from referrals.models import Referral
from referrals.snapshot import seen_by
from tests.referral_stories import a_referral, fresh_contribution, fresh_referral, submitted, writer_of
from tests.referrals_assess.stories import (
    OVERALL,
    SOMATIC,
    answered_no,
    collected,
    gp_assessed,
    on_the_desk,
    ready,
    sent,
    url,
)
from tests.stories import BORN, a_case, consent, fresh, guardians, holder_actor, with_participants
from tests.world import World

NUMBER, PHONE = synthetic(BORN), "91 23 45 67"
NOTE, TALKS, WORDS = "Har fulgt familien lenge", "Samtalegruppe", "Jeg vil sove."


def _case(world: World, **covered: list[str]) -> Case:
    """A case where BUP and the holder may have everything, and others the categories named for them."""
    case = a_case(world, level=2, number=read(NUMBER))
    guardians(case, phone=PHONE)
    others = {name: getattr(world, name) for name in covered}
    with_participants(case, *others.values())
    consent(case, [world.bup, case.holder.service])
    for name, categories in covered.items():
        consent(case, [others[name]], categories)
    return fresh(case)


def _rich(world: World, **covered: list[str]) -> Referral:
    """On the desk, with something of each category in it."""
    case = _case(world, **{"school": ["school"], "gp": ["health"], "health_visitor": ["health"], **covered})
    referral = a_referral(world, case, world.school, world.health_visitor)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.school)), "Skolens tekst")
    no = fresh_contribution(referral.contributions.get(service=world.health_visitor))
    decline_contribution(contribution=no, code="nothing_new", note=NOTE, by=writer_of(world, no))
    by = writer_of(world, no)
    add_measure(case=case, service=world.health_visitor, title=TALKS, started_on=today(), by=by)
    record_voice(case=case, speaker="child", words=WORDS, how_obtained="Samtale", obtained_on=today(), by=by)
    return ready(world, referral=fresh_referral(referral))


def _document(world: World, who: Any, referral: Referral) -> str:
    return world.client(who).get(url("document", referral.pk)).content.decode()


def test_a_participant_reads_only_the_parts_of_its_categories(world: World) -> None:
    """Given school has its own category alone, when it reads draft and document, then health is not told."""
    referral = _rich(world)
    preview = world.client(world.teacher).get(url("preview", referral.pk)).content.decode()
    finalise_referral(referral=referral, by=world.doctor)
    for html in (preview, _document(world, world.teacher, referral)):
        assert "Skolens tekst" in html
        for secret in (OVERALL, SOMATIC, NOTE, TALKS, WORDS):
            assert secret not in html
        assert "Tjenesten din har ikke innsyn i dette." in html
        assert "Ikke skrevet ennå" not in html
    whole = _document(world, world.intake, referral)
    for text in ("Skolens tekst", OVERALL, SOMATIC, NOTE, TALKS, WORDS):
        assert text in whole


def test_the_national_number_and_contact_are_for_those_who_need_them(world: World) -> None:
    """Given a number and a phone, when each reads, then receiver, referrer and holder have them and others do not."""
    referral = _rich(world)
    digits = f"{NUMBER[:6]} {NUMBER[6:]}"
    draft = world.client(world.teacher).get(url("preview", referral.pk)).content.decode()
    assert "Vises ikke for tjenesten din" in draft
    finalise_referral(referral=referral, by=world.doctor)
    teacher = world.client(world.teacher)
    texts = [draft, *(teacher.get(url(name, referral.pk), follow=True).content.decode() for name in
                      ("document", "text", "text_file", "pdf"))]  # fmt: skip
    for text in texts:
        assert NUMBER not in text.replace(" ", "")
        assert PHONE not in text
    for who in (world.intake, world.doctor, holder_actor(referral.case)):
        html = _document(world, who, referral)
        assert NUMBER in html.replace(" ", "") or digits in html
        assert PHONE in html


def test_having_sent_it_opens_no_more_than_was_read_then(world: World) -> None:
    """Given the referrer has health alone, when it is sent whole to BUP, then the school's text stays closed to it."""
    referral = _rich(world)
    assert "Skolens tekst" not in world.client(world.doctor).get(url("assess", referral.pk)).content.decode()
    snapshot = finalise_referral(referral=referral, by=world.doctor)
    assert "Skolens tekst" in str(snapshot.content)
    html = _document(world, world.doctor, referral)
    assert "Skolens tekst" not in html
    assert SOMATIC in html
    # What was read then is read also when the consent has ended: it is what the service itself sent.
    for row in Consent.objects.filter(covered__service=world.gp):
        withdraw_consent(consent=row, by=holder_actor(referral.case))
    html = _document(world, world.doctor, referral)
    assert SOMATIC in html
    assert WORDS in html
    with pytest.raises(Denied):
        new_version(referral=fresh_referral(referral), change="x", by=world.doctor)
    assert world.client(world.doctor).get(url("new_version", referral.pk)).status_code == 404


def test_an_older_snapshot_still_renders_and_tells_no_more(world: World) -> None:
    """Given a snapshot of schema 1, when others read it, then rows that do not say what they are about are closed."""
    referral = _rich(world)
    snapshot = finalise_referral(referral=referral, by=world.doctor)
    old = copy.deepcopy(snapshot.content)
    old["schema"] = 1
    del old["hidden"], old["sender"]["sees"]
    for key in ("concerns", "measures", "child_voices", "consultations", "levels", "declined"):
        for row in old[key]:
            row.pop("service_id"), row.pop("category")
    for key in ("overall", "gp", "emergency"):
        old[key].pop("service_id"), old[key].pop("category")
    referral = fresh_referral(referral)
    assert seen_by(old, viewer_of(world.intake, referral.case), referral) == old
    shown = seen_by(old, viewer_of(world.teacher, referral.case), referral)
    for secret in (OVERALL, SOMATIC, NOTE, TALKS, WORDS, NUMBER, PHONE):
        assert secret not in str(shown)
    holder = seen_by(old, viewer_of(holder_actor(referral.case), referral.case), referral)
    assert OVERALL in str(holder)
    assert TALKS in str(holder)


def test_a_department_that_had_an_earlier_referral_does_not_reach_one_not_sent(world: World) -> None:
    """Given BUP had one that was withdrawn, when the next is being made, then it is not there for BUP."""
    first = sent(world).referral
    withdraw_referral(referral=fresh_referral(first), reason="Familien ønsker det", by=world.doctor)
    second = a_referral(world, fresh(first.case))
    client = world.client(world.intake)
    for name in ("document", "text", "text_file", "pdf", "intake_referral", "outcome"):
        assert client.get(url(name, second.pk)).status_code == 404, name


def _no_consent(world: World) -> Referral:
    """To HABU, which nobody has consented to; only the reason is missing."""
    referral = answered_no(world, on_the_desk(world, referral=collected(world, receiver=world.habu)))
    gp_assessed(world, referral)
    Referral.objects.filter(pk=referral.pk).update(overall_assessment=OVERALL)
    give_reasons(
        referral=referral, consent_code="unreachable", consent_basis="weighty_reasons",
        consent_reason="Foreldrene er på reise.", by=world.doctor,
    )  # fmt: skip
    return fresh_referral(referral)


def test_a_no_goes_before_the_reason_for_lacking_consent(world: World) -> None:
    """Given a reason for lacking consent, when a parent says no to a theme, then that theme stays behind."""
    referral = _no_consent(world)
    consent(referral.case, [world.habu], ["school"], decision=Consent.Decision.REFUSED)
    snapshot = finalise_referral(referral=referral, by=world.doctor)
    assert snapshot.content["contributions"] == []
    assert SOMATIC in str(snapshot.content["gp"])
    assert snapshot.content["consent_missing"]


def test_a_no_to_health_stops_the_sending(world: World) -> None:
    """Given a reason for lacking consent, when a parent says no to health, then the reason does not help."""
    referral = _no_consent(world)
    consent(referral.case, [world.habu], ["health"], decision=Consent.Decision.REFUSED)
    html = world.client(world.doctor).get(url("finalise", referral.pk)).content.decode()
    assert "Det er sagt nei til å dele helseopplysninger med HABU Fjordvik." in html


def test_reasons_are_neither_used_nor_printed_once_what_was_missing_has_come(world: World) -> None:
    """Given reasons for lacking consent and GP, when consent to health comes, then only what it covers goes along."""
    referral = _no_consent(world)
    Referral.objects.filter(pk=referral.pk).update(missing_gp_code="no_gp", missing_gp_reason="Ingen fastlege.")
    consent(referral.case, [world.habu], ["health"])
    snapshot = finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    assert snapshot.content["consent_missing"] is None
    assert snapshot.content["gp_missing"] is None
    assert snapshot.content["contributions"] == []


def test_the_referrers_place_follows_consent_and_a_reason_gives_only_the_referral(world: World) -> None:
    """Given it waits with the GP, when consent to the GP ends, then the case closes; a reason keeps the referral."""
    case = _case(world, school=["school"])
    consent(case, [world.gp], ["health"])
    referral = on_the_desk(world, referral=collected(world, case=fresh(case)))
    client = world.client(world.doctor)
    assert client.get(f"/saker/{case.pk}/").status_code == 200
    withdraw_consent(consent=Consent.objects.get(covered__service=world.gp), by=holder_actor(case))
    assert client.get(url("assess", referral.pk)).status_code == 404
    Referral.objects.filter(pk=referral.pk).update(
        missing_consent_code="unreachable", missing_consent_basis="weighty_reasons", missing_consent_reason="På reise."
    )
    consent(case, [world.ppt], ["school"])  # anything that brings access into line
    places = CaseAccess.objects.filter(case=case, principal_id=world.gp.pk, basis=f"referrer:{referral.pk}", until=None)
    assert set(places.values_list("scope", flat=True)) == {"referral"}
    assert client.get(f"/saker/{case.pk}/").status_code == 404
    assert client.get(url("assess", referral.pk)).status_code == 200


def test_an_assessment_from_outside_is_shown_to_those_who_may_read_health(world: World) -> None:
    """Given one registered from outside, when the holder lacks health, then only that it is there is told."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.gp)
    consent(case, [world.bup, world.gp])
    consent(case, [world.school, case.holder.service], ["school"])
    referral = answered_no(world, on_the_desk(world, referral=collected(world, case=fresh(case))))
    register_external_assessment(
        referral=referral, external_from="Legen i Oslo", how="brev", assessed_on=today(), text=SOMATIC, by=world.doctor
    )
    html = world.client(holder_actor(case)).get(url("assess", referral.pk)).content.decode()
    assert SOMATIC not in html
    assert "tjenesten din har ikke innsyn i den" in html
    assert SOMATIC in world.client(world.doctor).get(url("assess", referral.pk)).content.decode()
