"""The GP's assessment (6.1.3): saved as it is typed, completed, registered from outside, corrected."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cases.models import ObligationStatus
from guideline.editions import current_edition
from portal.access import Denied
from portal.answering import Invalid
from portal.models import KeptText, Role
from portal.states import MovedOn
from referrals.actions.assess import (
    complete_assessment,
    mark_assessment_wrong,
    register_external_assessment,
    reopen_assessment,
    save_assessment,
)
from referrals.actions.conflict import TextConflict
from referrals.models import GpAssessment
from referrals.snapshot import build
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import answered_no, collected, gp_assessed, on_the_desk, sent, url
from tests.stories import holder_actor
from tests.world import World


def _status(key: str) -> str:
    return ObligationStatus.objects.get(key=key).state


def test_a_draft_counts_only_when_the_gp_says_it_is_complete(world: World) -> None:
    referral = on_the_desk(world)
    with pytest.raises(Invalid):
        complete_assessment(referral=referral, by=world.doctor)
    save_assessment(referral=referral, sections={"risk": "Ingen"}, version=0, by=world.doctor)
    assert _status("6.1.3") == "open"
    complete_assessment(referral=referral, by=world.doctor)
    assert _status("6.1.3") == "met"
    again = reopen_assessment(referral=referral, by=world.doctor)
    assert again.completed_at is None
    save_assessment(referral=referral, sections={"risk": "Lav"}, version=again.version, by=world.doctor)
    assert _status("6.1.3") == "open"


def test_two_who_write_at_once_both_keep_their_text_and_a_page_never_conflicts_with_itself(world: World) -> None:
    referral = on_the_desk(world)
    other = world.actor(Role.GP, world.gp, "Lege Nummer To")
    page = uuid.uuid4()
    save_assessment(referral=referral, sections={"risk": "Ingen"}, version=0, by=world.doctor, page=page)
    # The autosave was on its way when the person submitted the same page.
    mine = save_assessment(referral=referral, sections={"risk": "Ingen nå"}, version=0, by=world.doctor, page=page)
    assert mine.version == 2
    with pytest.raises(TextConflict) as lost:
        save_assessment(referral=referral, sections={"risk": "Noe uro"}, version=0, by=other)
    assert (lost.value.who, lost.value.version) == (world.doctor.name, 2)
    kept = KeptText.objects.get(owner=other.user)
    assert (kept.path, kept.fields) == (url("assess", referral.pk), {"risk": "Noe uro"})
    assert GpAssessment.objects.get().sections["risk"] == "Ingen nå"


def test_the_same_text_again_makes_no_version_and_unknown_fields_are_left_out(world: World) -> None:
    referral = on_the_desk(world)
    first = save_assessment(referral=referral, sections={"risk": "Ingen", "hacked": "x"}, version=0, by=world.doctor)
    again = save_assessment(referral=referral, sections={"risk": "Ingen"}, version=99, by=world.doctor)
    assert (first.version, again.version) == (1, 1)
    assert "hacked" not in again.sections


def test_it_is_printed_in_the_order_of_the_form(world: World) -> None:
    """Given texts written in any order, and a database with an order of its own, then the form's is the one read."""
    referral = on_the_desk(world)
    keys = list(current_edition(referral.case.community).gp_assessment.sections)
    written = {key: f"Tekst {key}" for key in reversed(keys)}
    save_assessment(referral=referral, sections=written, version=0, by=world.doctor)
    complete_assessment(referral=referral, by=world.doctor)
    content = build(fresh_referral(referral), referral.case, edition=current_edition(referral.case.community))
    assert [part["key"] for part in content["gp"]["sections"]] == keys


def test_one_from_outside_needs_source_and_date_and_stands_alone(world: World) -> None:
    referral = collected(world)
    holder = holder_actor(referral.case)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    given = {"external_from": "Dr. Vik, Skogdal", "how": "brev", "text": "Frisk.", "assessed_on": timezone.localdate()}
    for field, value in (("assessed_on", tomorrow), ("external_from", " "), ("text", " ")):
        with pytest.raises(Invalid) as refused:
            register_external_assessment(referral=referral, by=holder, **{**given, field: value})
        assert list(refused.value.errors) == [field]
    made = register_external_assessment(referral=referral, by=holder, **given)
    assert register_external_assessment(referral=referral, by=holder, **given) == made
    assert _status("6.1.3") == "met"
    with pytest.raises(MovedOn):
        register_external_assessment(referral=referral, by=holder, **{**given, "external_from": "Dr. Li"})
    mark_assessment_wrong(assessment=made, reason="Feil barn", by=holder)
    assert _status("6.1.3") == "open"
    assert register_external_assessment(referral=referral, by=holder, **{**given, "external_from": "Dr. Li"}) != made


def test_who_may_write_and_that_it_ends_when_sent(world: World) -> None:
    referral = sent(world).referral
    with pytest.raises(Denied):
        save_assessment(referral=referral, sections={"risk": "x"}, version=0, by=world.teacher)
    with pytest.raises(MovedOn):
        save_assessment(referral=referral, sections={"risk": "x"}, version=1, by=world.doctor)


def test_the_page_saves_itself_and_answers_with_the_version_alone(world: World) -> None:
    referral = answered_no(world, on_the_desk(world))
    client = world.client(world.doctor)
    headers = {"HX-Request": "true"}
    answer = client.post(
        url("assess_gp", referral.pk), {"risk": "Ingen", "version": "0", "page": str(uuid.uuid4())}, headers=headers
    )
    assert answer.status_code == 200
    html = answer.content.decode()
    assert 'id="gp-version" value="1" hx-swap-oob="true"' in html
    assert "Ingen" not in html
    stale = client.post(url("assess_gp", referral.pk), {"risk": "Noe", "version": "0"}, headers=headers)
    assert stale.status_code == 422
    assert "lagret her mens du skrev" in stale.content.decode()
    too_long = client.post(url("assess_gp", referral.pk), {"risk": "x" * 200_000, "version": "1"}, headers=headers)
    assert too_long.status_code == 422
    assert "200000 tegn" in too_long.content.decode()
    plain = client.post(url("assess_gp", referral.pk), {"risk": "x" * 200_000, "version": "1"})
    assert plain.status_code == 422
    assert "x" * 1000 in plain.content.decode()
    nothing = client.post(url("assess_gp", referral.pk), {"risk": " ", "version": "1", "complete": "1"})
    assert nothing.status_code == 422
    assert "Skriv vurderingen før du fullfører den" in nothing.content.decode()
    whole = client.post(url("assess_gp", referral.pk), {"risk": "Ingen", "version": "2", "complete": "1"}, follow=True)
    assert "Vurderingen er fullført" in whole.content.decode()


def test_a_session_that_ends_while_typing_keeps_the_text(world: World) -> None:
    referral = answered_no(world, on_the_desk(world))
    client = world.client(world.doctor)
    client.get(url("assess", referral.pk))
    session = client.session
    session["last_seen"] = 0
    session.save()
    path = url("assess", referral.pk)
    answer = client.post(
        url("assess_gp", referral.pk),
        {"risk": "Det jeg skrev", "version": "0"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}"},
    )
    assert "/konto/" in answer.headers["HX-Redirect"]
    kept = KeptText.objects.get(owner=world.doctor.user)
    assert (kept.path, kept.fields["risk"]) == (path, "Det jeg skrev")


def test_a_psychologist_has_the_page_without_the_gps_part(world: World) -> None:
    referral = collected(world, world.ppt)
    psychologist = world.actor(Role.PSYCHOLOGIST, world.ppt)
    answered_no(world, referral, by=psychologist)
    html = world.client(psychologist).get(url("assess", referral.pk)).content.decode()
    assert "Samlet vurdering" in html
    assert 'id="gp-form"' not in html
    assert "Registrer en vurdering som er mottatt på annen måte" in html
    with pytest.raises(Denied):
        save_assessment(referral=referral, sections={"risk": "x"}, version=0, by=psychologist)


def test_a_wrong_one_is_marked_from_the_page(world: World) -> None:
    referral = answered_no(world, on_the_desk(world))
    gp_assessed(world, referral)
    client = world.client(holder_actor(referral.case))
    assert "Feilregistrert?" in client.get(url("assess", referral.pk)).content.decode()
    assert client.post(url("wrong_assessment", referral.pk), {"reason": ""}).status_code == 422
    assert client.post(url("wrong_assessment", referral.pk), {"reason": "Feil barn"}).status_code == 303
    assert GpAssessment.objects.get().in_error
    assert fresh_referral(referral).gp_assessments.filter(error_at=None).count() == 0
