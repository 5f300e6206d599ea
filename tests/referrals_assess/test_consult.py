"""Consultation before referral (6.1.4): nameless, answered, recorded in a minute, attached without retyping."""

import datetime as dt
import functools
import uuid

import pytest
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.participants import end_participation
from cases.models import CaseAccess, Consent, Deadline, Notification, ObligationStatus, Participant, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.consult import (
    Talk,
    answer_consultation,
    ask_department,
    attach_consultation,
    record_answer,
    record_as_department,
    record_consultation,
)
from referrals.actions.consult_wrong import mark_consultation_wrong
from referrals.models import Consultation
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import collected, sent, url
from tests.stories import a_case, consent, fresh, guardians, holder_actor, with_participants
from tests.world import World

QUESTION = "Skolevegring siden høsten. Bør barnet henvises?"


def _asked(world: World, *, nameless: bool = True, **case_facts: object) -> Consultation:
    case = a_case(world, level=1, **case_facts)
    if not nameless:
        consent(case, [world.bup], ["health"])
    assert world.intake.service == world.bup  # someone there to be told
    return ask_department(case=case, department=world.bup, question=QUESTION, nameless=nameless, by=world.coordinator,
                          age_group="6–12 år")  # fmt: skip


def test_nameless_tells_the_department_nothing_of_which_case(world: World) -> None:
    found = _asked(world)
    task = Task.objects.get(kind="consultation.answer")
    assert (task.case_id, task.service_id) == (None, world.bup.pk)
    assert Notification.objects.get(kind="consultation.asked", user=world.intake.user).case_id is None
    assert not CaseAccess.objects.filter(principal_id=world.bup.pk).exists()
    client = world.client(world.intake)
    for page in (url("consultation", found.pk), url("consultations")):
        html = client.get(page).content.decode()
        assert QUESTION[:30] in html
        assert "6–12 år" in html
        assert "Fjordvik kommune" in html
        for secret in ("Ada", found.case.reference, str(found.case_id)):
            assert secret not in html
    assert client.get(f"/saker/{found.case_id}/").status_code == 404


def test_a_protected_child_is_not_located_and_a_named_one_is_named(world: World) -> None:
    hidden = _asked(world, address_protection="confidential")
    client = world.client(world.intake)
    for page in (url("consultation", hidden.pk), url("consultations")):
        html = client.get(page).content.decode()
        assert "Fjordvik kommune" not in html
        assert "Koordinerende enhet Fjordvik" not in html
    assert Task.objects.get(subject_id=hidden.pk).detail == ""
    named = _asked(world, nameless=False, name="Bo Vik")
    assert "Bo Vik" in client.get(url("consultation", named.pk)).content.decode()


def test_answered_in_the_portal_the_asker_is_told_and_the_obligation_met(world: World) -> None:
    found = _asked(world)
    assert ObligationStatus.objects.get(key="6.1.4").state == "open"
    client = world.client(world.intake)
    page = url("consultation", found.pk)
    assert client.post(page, {"do": "answer", "a-answer": "refer"}).status_code == 422
    given = {"do": "answer", "a-answer": "municipal_measures_suffice", "a-answer_text": "Prøv skoletiltak i seks uker."}
    assert client.post(page, given).status_code == 303
    found.refresh_from_db()
    assert (found.state, found.answer, found.held_on) == (
        "answered",
        "municipal_measures_suffice",
        timezone.localdate(),
    )
    assert ObligationStatus.objects.get(key="6.1.4").state == "met"
    assert not Task.objects.filter(kind="consultation.answer", closed_at=None).exists()
    assert Deadline.objects.get(rule="consultation_answer").state == "met"
    html = world.client(world.coordinator).get(page).content.decode()
    assert "Tiltak i kommunen er nok nå" in html
    assert "Prøv skoletiltak" in html
    # A second answer by someone else in the department is told, kindly.
    other = world.actor(Role.CLINICIAN, world.bup)
    with pytest.raises(MovedOn):
        answer_consultation(consultation=found, answer="refer", answer_text="x", by=other)


def test_held_by_phone_either_side_records_it_and_it_counts(world: World) -> None:
    found = _asked(world)
    client = world.client(world.coordinator)
    day = timezone.localdate().strftime("%d.%m.%Y")
    told = {"do": "held", "h-held": "phone", "h-held_on": day, "h-answer": "more_needed", "h-answered_by_name": "Vakt"}
    assert client.post(url("consultation", found.pk), told).status_code == 303
    found.refresh_from_db()
    assert (found.held, found.answered_by_name) == ("phone", "Vakt")
    before = Talk("refer", held="phone", held_on=timezone.localdate() - dt.timedelta(days=9))
    later = Talk("refer", held="phone", held_on=timezone.localdate() + dt.timedelta(days=1))
    fresh = _asked(world)
    for talk in (before, later):
        with pytest.raises(Invalid) as refused:
            record_answer(consultation=fresh, talk=talk, by=world.intake)
        assert "held_on" in refused.value.errors
    with pytest.raises(Denied):
        record_answer(consultation=fresh, talk=Talk("refer"), by=world.doctor)


def test_a_whole_one_is_recorded_from_the_case_and_a_double_click_is_one(world: World) -> None:
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    page = url("consult_record", case.pk)
    html = client.get(page).content.decode()
    assert timezone.localdate().strftime("%d.%m.%Y") in html  # today stands there already
    form = {
        "token": str(uuid.uuid4()), "department": str(world.bup.pk), "held": "meeting", "question": "Uro hjemme",
        "held_on": timezone.localdate().strftime("%d.%m.%Y"), "answer": "refer",
    }  # fmt: skip
    assert client.post(page, form).status_code == 303
    assert client.post(page, form).status_code == 303
    found = Consultation.objects.get()
    assert (found.state, found.held) == ("answered", "meeting")
    assert client.post(page, {**form, "held_on": "31.02.2026", "answer": "tull"}).status_code == 422
    assert client.post(page, {**form, "question": "x" * 200_000}).status_code == 422


def test_the_departments_own_ends_there_or_is_attached_without_retyping(world: World) -> None:
    referral = collected(world)
    client = world.client(world.intake)
    form = {
        "token": str(uuid.uuid4()), "asked_in": str(world.coordinating_unit.pk), "held": "phone",
        "held_on": timezone.localdate().strftime("%d.%m.%Y"), "question": QUESTION, "answer": "refer",
        "answer_text": "Henvis gjerne.",
    }  # fmt: skip
    assert client.post(url("consult_register"), form).status_code == 303
    found = Consultation.objects.get()
    assert (found.case_id, found.nameless, found.state) == (None, True, "answered")
    holder = world.client(world.coordinator)
    section = holder.get(url("section", referral.case_id)).content.decode()
    assert "Registrert av avdelingen, uten sak" in section
    answer = holder.post(url("consult_place", referral.case_id), {"consultation": str(found.pk)}, follow=True)
    assert "lagt ved henvisningen" in answer.content.decode()
    found.refresh_from_db()
    assert (found.case_id, found.referral_id) == (referral.case_id, referral.pk)


def test_attached_it_is_part_of_what_is_sent(world: World) -> None:
    referral = collected(world)
    talk = Talk("refer", "Henvis gjerne.", held="phone", answered_by_name="Vakt")
    holder = holder_actor(referral.case)
    found = record_consultation(case=referral.case, department=world.bup, question=QUESTION, talk=talk, by=holder)
    client = world.client(holder)
    assert "Legg ved henvisningen til BUP Fjordvik" in client.get(url("consultation", found.pk)).content.decode()
    assert client.post(url("consult_attach", found.pk), {"referral": str(referral.pk)}).status_code == 303
    found.refresh_from_db()
    assert found.referral_id == referral.pk
    with pytest.raises(Denied):
        attach_consultation(consultation=found, referral=fresh_referral(referral), by=world.teacher)
    snapshot_before_sending = client.get(url("text", referral.pk)).content.decode()
    assert QUESTION in snapshot_before_sending


def test_one_not_answered_or_after_sending_cannot_be_attached(world: World) -> None:
    referral = fresh_referral(sent(world).referral)
    asked = ask_department(case=referral.case, department=world.bup, question=QUESTION, by=world.coordinator)
    with pytest.raises(MovedOn):
        attach_consultation(consultation=asked, referral=referral, by=world.coordinator)


def test_who_may_and_what_is_refused(world: World) -> None:
    case = a_case(world, level=1)
    with pytest.raises(Denied):
        ask_department(case=case, department=world.bup, question=QUESTION, by=world.teacher)
    for given, field in (({"department": world.school}, "department"), ({"question": " "}, "question")):
        with pytest.raises(Invalid) as refused:
            ask_department(
                **{"case": case, "department": world.bup, "question": QUESTION, "by": world.coordinator, **given}
            )
        assert field in refused.value.errors
    talk = Talk("other_unit", held="phone")
    with pytest.raises(Invalid) as refused:
        record_as_department(department=world.bup, asked_in=world.school, question="x", talk=talk, by=world.intake)
    assert "answer_text" in refused.value.errors
    with pytest.raises(Invalid):
        record_as_department(
            department=world.habu, asked_in=world.school, question="x", talk=Talk("refer"), by=world.intake
        )
    uninformed = a_case(world, informed=False)
    with pytest.raises(MovedOn):
        ask_department(case=uninformed, department=world.bup, question=QUESTION, nameless=False, by=world.coordinator)
    assert ask_department(case=uninformed, department=world.bup, question=QUESTION, by=world.coordinator).nameless


def test_a_wrong_one_is_marked_and_waits_for_nobody(world: World) -> None:
    found = _asked(world)
    client = world.client(world.coordinator)
    assert client.post(url("consult_wrong", found.pk), {"reason": "Feil barn"}).status_code == 303
    found.refresh_from_db()
    assert found.in_error
    assert not Task.objects.filter(kind="consultation.answer", closed_at=None).exists()
    assert mark_consultation_wrong(consultation=found, reason="igjen", by=world.coordinator).error_reason == "Feil barn"
    assert "Feilregistrert" in client.get(url("consultation", found.pk)).content.decode()


def test_a_name_takes_consent_to_share_health_with_the_department(world: World) -> None:
    """Given nobody has consented, when one is asked or recorded by name, then it is refused at the choice of name."""
    case = a_case(world, level=1)
    guardians(case)
    named = {"case": case, "department": world.bup, "question": QUESTION, "nameless": False, "by": world.coordinator}
    for act in (ask_department, functools.partial(record_consultation, talk=Talk("refer", held="phone"))):
        with pytest.raises(Invalid) as refused:
            act(**named)
        assert "nameless" in refused.value.errors
    form = {
        "department": str(world.bup.pk), "held": "phone", "question": "Uro", "answer": "refer", "nameless": "no",
        "held_on": timezone.localdate().strftime("%d.%m.%Y"),
    }  # fmt: skip
    client = world.client(world.coordinator)
    assert client.post(url("consult_record", case.pk), form).status_code == 422
    assert client.post(url("consult_record", case.pk), {**form, "nameless": "yes"}).status_code == 303
    assert Consultation.objects.get().nameless
    consent(case, [world.bup], ["health"])
    assert client.post(url("consult_record", case.pk), form).status_code == 303
    assert Consultation.objects.filter(nameless=False).exists()


def test_recorded_without_saying_so_it_is_nameless(world: World) -> None:
    """Given consent to all, when a consultation is recorded and no choice is made, then nobody is named."""
    case = a_case(world, level=1)
    consent(case, [world.bup])
    talk = Talk("refer", held="phone")
    made = record_consultation(case=case, department=world.bup, question=QUESTION, talk=talk, by=holder_actor(case))
    assert made.nameless
    assert not CaseAccess.objects.filter(principal_id=world.bup.pk, scope="consultation").exists()


def test_a_named_one_is_closed_to_the_department_when_consent_ends(world: World) -> None:
    """Given a named consultation, when the consent is withdrawn, then neither page nor list tells of the child."""
    found = _asked(world, nameless=False)
    client = world.client(world.intake)
    assert "Ada" in client.get(url("consultation", found.pk)).content.decode()
    assert QUESTION in client.get(url("consultations")).content.decode()
    withdraw_consent(consent=Consent.objects.get(), by=world.coordinator)
    assert client.get(url("consultation", found.pk)).status_code == 404
    assert QUESTION not in client.get(url("consultations")).content.decode()
    assert world.client(world.coordinator).get(url("consultation", found.pk)).status_code == 200


def test_the_service_that_asked_reads_it_while_it_has_a_place(world: World) -> None:
    """Given a psychologist's service asked, when its part in the case ends, then the consultation is closed to it."""
    case = a_case(world, level=2)
    with_participants(case, world.ppt)
    consent(case, [world.ppt])
    asker = world.actor(Role.PSYCHOLOGIST, world.ppt)
    found = ask_department(case=fresh(case), department=world.bup, question=QUESTION, by=asker)
    client = world.client(asker)
    assert client.get(url("consultation", found.pk)).status_code == 200
    end_participation(participant=Participant.objects.get(service=world.ppt), reason="Flyttet", by=holder_actor(case))
    assert client.get(url("consultation", found.pk)).status_code == 404


def test_the_department_cannot_mark_it_wrong(world: World) -> None:
    """Given a consultation asked of a department, when the department says it is wrong, then it is refused."""
    found = _asked(world)
    clinician = world.actor(Role.CLINICIAN, world.bup)
    for who in (world.intake, clinician):
        with pytest.raises(Denied):
            mark_consultation_wrong(consultation=found, reason="Feil", by=who)
        assert world.client(who).get(url("consult_wrong", found.pk)).status_code == 403


def _recorded(world: World) -> Consultation:
    """One that BUP recorded for the school, without a case."""
    talk = Talk("refer", "Henvis gjerne.", held="phone")
    return record_as_department(department=world.bup, asked_in=world.school, question="x", talk=talk, by=world.intake)


def test_an_answer_to_one_without_a_case_is_told_that_it_is_answered(world: World) -> None:
    """Given one recorded without a case, when the department answers it from an old page, then it is told in words."""
    found = _recorded(world)
    post = {"do": "answer", "a-answer": "refer", "a-answer_text": "Henvis."}
    late = world.client(world.intake).post(url("consultation", found.pk), post)
    assert late.status_code == 422
    assert "allerede besvart" in late.content.decode()


def test_the_department_corrects_what_it_recorded_without_a_case(world: World) -> None:
    """Given one recorded without a case, when it was wrong, then the department marks it and the asker is told."""
    found = _recorded(world)
    client = world.client(world.intake)
    assert url("consult_wrong", found.pk) in client.get(url("consultation", found.pk)).content.decode()
    assert client.post(url("consult_wrong", found.pk), {"reason": "Feil kommune"}).status_code == 303
    found.refresh_from_db()
    assert found.in_error
    assert Notification.objects.filter(kind="consultation.wrong", user=world.teacher.user).exists()
    assert mark_consultation_wrong(consultation=found, reason="Feil kommune", by=world.intake).in_error
    with pytest.raises(Denied):
        mark_consultation_wrong(consultation=found, reason="Feil", by=world.actor(Role.INTAKE, world.habu))


def test_one_that_was_attached_to_a_case_is_the_municipalitys_to_correct(world: World) -> None:
    """Given one recorded without a case, when it is attached to a referral, then the department marks it no more."""
    referral = collected(world)
    talk = Talk("refer", "Henvis gjerne.", held="phone")
    asked_in = referral.case.holder.service
    found = record_as_department(department=world.bup, asked_in=asked_in, question="x", talk=talk, by=world.intake)
    stale = Consultation.objects.get(pk=found.pk)
    attach_consultation(consultation=found, referral=referral, by=holder_actor(referral.case))
    with pytest.raises(MovedOn):
        mark_consultation_wrong(consultation=stale, reason="Feil", by=world.intake)
