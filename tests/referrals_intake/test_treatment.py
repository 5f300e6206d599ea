"""Treatment has begun: what ran from the decision is met on that day, and everyone who may know learns it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.access import viewer_of
from cases.actions.closing import close_case, reopen_case
from cases.actions.consent import withdraw_consent
from cases.models import Consent, Deadline, Notification
from cases.page import timeline
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from referrals.actions.correct import mark_decision_wrong
from referrals.actions.intake import receive
from referrals.actions.treatment import mark_treatment_wrong, record_treatment_start
from referrals.models import Referral, TreatmentStart
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import a_received_referral, a_sent_referral, clinician, days_pass, decided
from tests.stories import fresh
from tests.world import World

RULES = ("treatment_right_date", "treatment_start_under_23")
DAY = dt.timedelta(days=1)


def a_right(world: World, **given: object) -> Referral:
    """BUP received it ten days ago, and has decided that the child has a right."""
    referral = days_pass(a_received_referral(world), 10)
    decided(world, referral, decided_on=timezone.localdate() - 5 * DAY, **given)
    return fresh_referral(referral)


def clocks(referral: Referral) -> set[tuple[str, dt.date | None]]:
    rows = Deadline.objects.filter(subject_id=referral.pk, rule__in=RULES)
    return set(rows.values_list("state", "ended_on"))


def test_both_dates_are_met_on_the_day_it_began(world: World) -> None:
    referral = a_right(world)
    began = timezone.localdate() - 2 * DAY
    assert clocks(referral) == {("open", None)}
    start = record_treatment_start(referral=referral, started_on=began, by=world.intake)
    assert clocks(referral) == {("met", began)}
    assert Deadline.objects.filter(subject_id=referral.pk, rule__in=RULES).count() == 2
    assert AuditEvent.objects.filter(verb="treatment.started", subject_id=start.pk).count() == 1
    told = set(Notification.objects.filter(kind="treatment.started").values_list("user", flat=True))
    assert told == {world.coordinator.user.pk, world.doctor.user.pk}


def test_what_began_after_the_date_is_late_and_stays_so(world: World) -> None:
    referral = a_right(world, treatment_deadline=timezone.localdate() - 3 * DAY)
    record_treatment_start(referral=referral, started_on=timezone.localdate(), by=clinician(world))
    deadline = Deadline.objects.get(subject_id=referral.pk, rule="treatment_right_date")
    assert deadline.state == "met"
    assert deadline.ended_on is not None
    assert deadline.ended_on > deadline.due_on
    assert "etter fristen" in world.client(world.doctor).get(f"/henvisninger/{referral.pk}/utfall/").content.decode()


def test_a_repeat_is_harmless_and_another_date_is_told(world: World) -> None:
    referral = a_right(world)
    began = timezone.localdate() - DAY
    first = record_treatment_start(referral=referral, started_on=began, by=world.intake)
    assert record_treatment_start(referral=referral, started_on=began, by=world.intake) == first
    for day, by in ((began + DAY, world.intake), (began, clinician(world, "Berit Behandler"))):
        with pytest.raises(MovedOn, match="har registrert at behandlingen startet"):
            record_treatment_start(referral=referral, started_on=day, by=by)
    assert TreatmentStart.objects.count() == 1


def test_only_a_day_that_can_be_and_only_after_a_right(world: World) -> None:
    referral = a_right(world)
    received = referral.first_received_on
    assert received is not None
    for day in (timezone.localdate() + DAY, received - DAY):
        with pytest.raises(Invalid) as refused:
            record_treatment_start(referral=referral, started_on=day, by=world.intake)
        assert set(refused.value.errors) == {"started_on"}
    for by in (world.doctor, world.coordinator, world.actor(Role.INTAKE, world.habu)):
        with pytest.raises(Denied):
            record_treatment_start(referral=referral, started_on=received, by=by)


def test_nothing_begins_where_no_right_was_given(world: World) -> None:
    referral = a_sent_referral(world)
    client, page = world.client(world.intake), f"/inntak/{referral.pk}/behandling/"
    assert client.get(page).status_code == 303
    with pytest.raises(MovedOn):
        record_treatment_start(referral=referral, started_on=timezone.localdate(), by=world.intake)
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    decided(world, fresh_referral(referral), "no_right")
    assert client.post(page, {"started_on": "1.1.2020"}).status_code == 422
    assert not TreatmentStart.objects.exists()
    assert "/behandling/" not in client.get(f"/inntak/{referral.pk}/").content.decode()


def test_the_department_records_it_on_the_referrals_page_and_those_who_may_know_read_it(world: World) -> None:
    referral = a_right(world)
    client, intake = world.client(world.intake), f"/inntak/{referral.pk}/"
    outcome = reverse("referrals:outcome", args=[referral.pk])
    form = f"{intake}behandling/"
    assert form in client.get(intake).content.decode()
    assert client.post(form, {"started_on": ""}).status_code == 422
    assert client.post(form, {"started_on": timezone.localdate().strftime("%d.%m.%Y")}).status_code == 303
    page = client.get(intake).content.decode()
    assert "Behandlingen startet" in page
    assert form not in page
    for who in (world.doctor, world.coordinator):
        words = world.client(who).get(outcome).content.decode()
        assert "Behandlingen hos BUP Fjordvik startet" in words
        assert "registrerte at behandlingen startet" in words
    case = fresh(referral.case)
    assert "behandlingen har startet" in world.client(world.coordinator).get(f"/saker/{case.pk}/logg/").content.decode()
    titles = {entry.title for entry in timeline(viewer_of(world.coordinator, case))}
    assert any("Behandlingen på sykehuset startet" in title for title in titles)


def test_who_may_not_know_the_outcome_does_not_learn_it_from_the_timeline(world: World) -> None:
    referral = a_right(world)
    record_treatment_start(referral=referral, started_on=timezone.localdate(), by=world.intake)
    yes = Consent.objects.filter(case=referral.case, decision="given").first()
    assert yes is not None
    withdraw_consent(consent=yes, services=[world.ppt], by=world.coordinator)
    ppt = world.actor(Role.CONTRIBUTOR, world.ppt)
    titles = {entry.title for entry in timeline(viewer_of(ppt, fresh(referral.case)))}
    assert not any("startet" in title for title in titles)


def test_a_wrong_start_stays_as_history_and_the_dates_run_again(world: World) -> None:
    referral = a_right(world)
    record_treatment_start(referral=referral, started_on=timezone.localdate() - DAY, by=world.intake)
    with pytest.raises(MovedOn, match="Behandlingen er registrert startet"):
        mark_decision_wrong(referral=referral, reason="x", by=world.intake)
    with pytest.raises(Invalid):
        mark_treatment_wrong(referral=referral, reason=" ", by=world.intake)
    client = world.client(world.intake)
    assert client.post(f"/inntak/{referral.pk}/feil/behandling/", {"reason": "Feil barn"}).status_code == 303
    assert clocks(referral) == {("open", None)}
    assert mark_treatment_wrong(referral=referral, reason="Feil barn", by=world.intake) is False
    with pytest.raises(MovedOn):
        mark_treatment_wrong(referral=referral, reason="Noe annet", by=world.intake)
    assert Notification.objects.filter(kind="treatment.marked_wrong", user=world.doctor.user).count() == 1
    record_treatment_start(referral=referral, started_on=timezone.localdate(), by=world.intake)
    assert clocks(referral) == {("met", timezone.localdate())}
    for who, page in (
        (world.intake, f"/inntak/{referral.pk}/"),
        (world.doctor, f"/henvisninger/{referral.pk}/utfall/"),
    ):
        html = world.client(who).get(page).content.decode()
        assert "<s>" in html
        assert "Feil barn" in html
    mark_treatment_wrong(referral=fresh_referral(referral), reason="Også feil", by=world.intake)
    mark_decision_wrong(referral=fresh_referral(referral), reason="x", by=world.intake)
    assert {state for state, _on in clocks(referral)} == {"cancelled"}


def test_treatment_begins_also_when_the_municipality_has_closed_its_case(world: World) -> None:
    """Given a right, when the case is closed, then the hospital's dates run on, and it records and corrects the start;
    opening the case again changes none of it."""
    referral = a_right(world)
    close_case(case=fresh(referral.case), code="goal_reached", reason="Bra nå", by=world.coordinator)
    assert clocks(referral) == {("open", None)}
    client, form = world.client(world.intake), f"/inntak/{referral.pk}/behandling/"
    assert form in client.get(f"/inntak/{referral.pk}/").content.decode()
    assert client.post(form, {"started_on": timezone.localdate().strftime("%d.%m.%Y")}).status_code == 303
    assert clocks(referral) == {("met", timezone.localdate())}
    assert client.post(f"/inntak/{referral.pk}/feil/behandling/", {"reason": "Feil barn"}).status_code == 303
    assert clocks(referral) == {("open", None)}
    assert not Deadline.objects.filter(case=referral.case, state="open").exclude(rule__in=RULES).exists()
    reopen_case(case=fresh(referral.case), reason="Nytt", by=world.coordinator)
    assert clocks(referral) == {("open", None)}
