"""The emergency question, asked first (6.1.5): a yes stops the form, and the phone is never hidden."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import Notification, ObligationStatus
from portal.access import Denied
from portal.answering import Invalid
from portal.models import OnCallRoute
from portal.states import MovedOn
from referrals.actions.emergency import answer_emergency, record_call
from referrals.models import EmergencyAssessment
from tests.referrals_assess.stories import answered_no, collected, minutes_ago, on_the_desk, url
from tests.world import World

PHONE = "74 09 80 00"


@pytest.fixture
def on_call(world: World) -> OnCallRoute:
    """BUP's own number, day and night."""
    return OnCallRoute.objects.create(
        service=world.bup, weekdays=[1, 2, 3, 4, 5, 6, 7], starts=dt.time(0), ends=dt.time(0), phone="74098000",
        label="BUP Fjordvik, vakt",
    )  # fmt: skip


@pytest.mark.usefixtures("on_call")
def test_the_page_asks_first_and_a_yes_stops_all_but_the_phone(world: World) -> None:
    referral = on_the_desk(world)
    client = world.client(world.doctor)
    page = url("assess", referral.pk)
    html = client.get(page).content.decode()
    assert "Er dette øyeblikkelig hjelp?" in html
    assert PHONE in html
    assert 'id="gp-form"' not in html
    assert 'id="overall-form"' not in html
    client.post(url("assess_emergency", referral.pk), {"answer": "yes"})
    html = client.get(page).content.decode()
    assert "ring nå" in html
    assert PHONE in html
    assert 'href="tel:+4774098000"' in html
    for absent in ('id="gp-form"', 'id="overall-form"', "Bidragene", "Se over og send"):
        assert absent not in html
    # Bad input: told at the field, and the phone still stands.
    bad = client.post(url("assess_call", referral.pk), {"called": "", "called_on": "i stad"})
    assert bad.status_code == 422
    assert PHONE in bad.content.decode()
    assert "Skriv dato og klokkeslett" in bad.content.decode()
    told = {"called": str(world.bup.pk), "spoke_with": "Vakthavende", "called_on": _written(minutes_ago(3))}
    client.post(url("assess_call", referral.pk), told)
    html = client.get(page).content.decode()
    assert "Øyeblikkelig hjelp er varslet" in html
    assert "Snakket med Vakthavende" in html
    assert PHONE in html
    assert 'id="overall-form"' in html
    case_page = world.client(world.coordinator).get(f"/saker/{referral.case_id}/").content.decode()
    assert "Vurdert som øyeblikkelig hjelp" in case_page
    assert "Ringte BUP Fjordvik" in case_page


def test_the_obligation_follows_the_answer_and_the_call(world: World) -> None:
    referral = on_the_desk(world)

    def status() -> str:
        return ObligationStatus.objects.get(key="6.1.5").state

    assert status() == "open"
    answered_no(world, referral)
    assert status() == "met"
    emergency = answer_emergency(case=referral.case, referral=referral, is_emergency=True, by=world.doctor)
    assert status() == "open"
    assert Notification.objects.filter(kind="emergency.recorded", user=referral.case.holder.user).exists()
    record_call(emergency=emergency, called=None, phone="113", spoke_with="", called_on=timezone.now(), by=world.doctor)
    assert status() == "met"


def test_a_double_click_is_one_answer_and_one_call(world: World) -> None:
    referral = on_the_desk(world)
    first = answer_emergency(case=referral.case, referral=referral, is_emergency=True, by=world.doctor)
    assert answer_emergency(case=referral.case, referral=referral, is_emergency=True, by=world.doctor) == first
    now = timezone.now()
    call = {"called": world.bup, "phone": "1", "spoke_with": "", "called_on": now, "by": world.doctor}
    record_call(emergency=first, **call)
    record_call(emergency=first, **call)
    with pytest.raises(MovedOn, match="allerede registrert"):
        record_call(emergency=first, **{**call, "called": world.ward})
    assert EmergencyAssessment.objects.count() == 1


def test_times_that_cannot_be_and_answers_that_are_no_emergency(world: World) -> None:
    referral = on_the_desk(world)
    yes = answer_emergency(case=referral.case, is_emergency=True, by=world.doctor)
    call = {"called": world.bup, "phone": "", "spoke_with": "", "by": world.doctor}
    for wrong in (timezone.now() + dt.timedelta(hours=1), timezone.now() - dt.timedelta(days=3)):
        with pytest.raises(Invalid) as refused:
            record_call(emergency=yes, called_on=wrong, **call)
        assert "called_on" in refused.value.errors
    no = answer_emergency(case=referral.case, is_emergency=False, by=world.doctor)
    with pytest.raises(MovedOn):
        record_call(emergency=no, called_on=timezone.now(), **call)


def test_everyone_in_the_case_sees_the_numbers_and_only_those_who_judge_answer(world: World) -> None:
    referral = collected(world)
    page = url("emergency", referral.case_id)
    html = world.client(world.teacher).get(page).content.decode()
    assert "116 117" in html
    assert "Alle kan ringe" in html
    assert world.client(world.teacher).post(page, {"answer": "yes"}).status_code == 403
    with pytest.raises(Denied):
        answer_emergency(case=referral.case, is_emergency=True, by=world.teacher)
    doctor = world.client(world.doctor)
    assert doctor.post(page, {"answer": "yes"}).status_code == 303
    emergency = EmergencyAssessment.objects.get()
    call = {"called": "113", "called_on": _written(timezone.now())}
    assert doctor.post(url("emergency_call", emergency.pk), call).status_code == 303
    emergency.refresh_from_db()
    assert (emergency.called_name, emergency.called_service) == ("113", None)
    # An answer nobody knows is told, never a 500.
    assert doctor.post(page, {"answer": "kanskje"}).status_code == 200


def _written(at: dt.datetime) -> str:
    return timezone.localtime(at).strftime("%d.%m.%Y kl. %H.%M")


def test_the_number_that_was_shown_is_the_one_recorded(world: World, on_call: OnCallRoute) -> None:
    """Given the page shows BUP's on-call number, when that call is recorded, then it is that number, not the desk's."""
    referral = on_the_desk(world)
    client = world.client(world.doctor)
    client.post(url("assess_emergency", referral.pk), {"answer": "yes"})
    html = client.get(url("assess", referral.pk)).content.decode()
    assert "116 117 (legevakt)" in html
    told = {"called": str(world.bup.pk), "spoke_with": "Vakthavende", "called_on": _written(minutes_ago(3))}
    client.post(url("assess_call", referral.pk), told)
    found = EmergencyAssessment.objects.get(referral=referral)
    assert (found.called_service, found.called_phone) == (world.bup, PHONE)
    assert Notification.objects.filter(kind="emergency.called").exists()
    assert "Vakten er ringt" in world.client(world.coordinator).get("/varsler/").content.decode()
