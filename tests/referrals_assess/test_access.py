"""Strangers meet 404, others in the case 403; every page costs few statements, however many contribute."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import AuditEvent, Role
from referrals.actions.consult import ask_department
from referrals.actions.emergency import answer_emergency
from referrals.routes import assess as assess_routes
from referrals.routes import consult as consult_routes
from tests.referrals_assess.stories import answered_no, collected, on_the_desk, sent, url
from tests.world import World

BUDGET = 20
OWN = [*assess_routes.urlpatterns, *consult_routes.urlpatterns]


def _statements(client: Client, address: str) -> int:
    client.get(address)  # the first request of a session saves it
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return len(counted)


def test_a_stranger_is_turned_away_from_every_address(world: World) -> None:
    referral = on_the_desk(world)
    consultation = ask_department(case=referral.case, department=world.bup, question="Hva?", by=world.coordinator)
    emergency = answer_emergency(case=referral.case, is_emergency=True, by=world.doctor)
    ids = {
        "referral_id": referral.pk, "case_id": referral.case_id, "consultation_id": consultation.pk,
        "emergency_id": emergency.pk,
    }  # fmt: skip
    stranger = world.client(world.actor(Role.GP, world.other_school))
    nobody = Client()
    for route in OWN:
        needed = list(route.pattern.converters)
        for values in ({name: ids[name] for name in needed}, {name: uuid.uuid4() for name in needed}):
            address = reverse(f"referrals:{route.name}", kwargs=values)
            expected = {404, 405} if needed else {403}
            assert stranger.get(address).status_code in expected, route.name
            assert stranger.post(address, {"reason": "x", "answer": "yes"}).status_code in expected, route.name
            assert nobody.get(address).status_code == 302, route.name
    assert AuditEvent.objects.filter(kind="refused", case_id=referral.case_id).exists()


@pytest.mark.parametrize(
    "name",
    ["assess", "finalise", "hand_back", "withdraw", "new_version", "assess_gp", "assess_overall", "reasons",
     "external_assessment", "wrong_assessment", "resubmit"],
)  # fmt: skip
def test_one_in_the_case_without_the_right_meets_403(world: World, name: str) -> None:
    referral = collected(world)
    client = world.client(world.teacher)
    answer = client.post(url(name, referral.pk), {"overall": "x", "reason": "x", "message": "x", "version": "1"})
    assert answer.status_code in {403, 405}, name
    if answer.status_code == 405:
        assert client.get(url(name, referral.pk)).status_code == 403


def test_the_pages_cost_little_and_the_same_with_many_contributors(world: World) -> None:
    few = answered_no(world, on_the_desk(world))
    doctor = world.client(world.doctor)
    pages = ("assess", "finalise", "text")
    counts = {name: _statements(doctor, url(name, few.pk)) for name in pages}
    assert max(counts.values()) <= BUDGET, counts
    many = collected(world, world.school, world.ppt, world.health_visitor, world.kindergarten)
    many = answered_no(world, on_the_desk(world, referral=many))
    assert {name: _statements(doctor, url(name, many.pk)) for name in pages} == counts
    holder = world.client(world.coordinator)
    for address in (url("assess", many.pk), url("emergency", many.case_id), url("section", many.case_id)):
        assert _statements(holder, address) <= BUDGET


def test_what_was_sent_and_the_consultations_cost_little(world: World) -> None:
    referral = sent(world).referral
    for actor in (world.doctor, world.coordinator, world.intake):
        client = world.client(actor)
        for name in ("document", "text", "pdf"):
            assert _statements(client, url(name, referral.pk)) <= BUDGET
    intake = world.client(world.intake)
    ask_department(case=referral.case, department=world.bup, question="Hva?", by=world.coordinator)
    one = _statements(intake, url("consultations"))
    for _n in range(3):
        found = ask_department(case=referral.case, department=world.bup, question="Hva?", nameless=False,
                               by=world.coordinator)  # fmt: skip
    assert _statements(intake, url("consultations")) <= one + 1  # the bulk access event of the named ones
    assert _statements(intake, url("consultation", found.pk)) <= BUDGET
