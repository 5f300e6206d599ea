"""Setting an obligation aside: by whom, when, and what the pages say; and that nobody's view changes the answer."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.voice import record_voice
from cases.actions.waive import reopen_obligation, waive_obligation
from cases.models import Waiver
from cases.obligations import recompute
from portal.access import Denied
from portal.answering import Invalid
from portal.context import portal_context
from portal.models import Role
from portal.states import MovedOn
from referrals.actions.information import answer_information
from referrals.actions.intake import receive
from referrals.actions.write import submit_contribution
from referrals.models import Contribution
from tests.obligations.reading import everything, state_of
from tests.referral_stories import a_referral, consented_case, fresh_contribution, fresh_referral, written
from tests.referrals_intake.stories import a_question, a_sent_referral, decided, fresh_request
from tests.stories import a_case, fresh
from tests.world import World

KEY = "6.0"


def test_it_takes_a_reason_and_someone_at_the_holders_side(world: World) -> None:
    case = a_case(world, level=1)
    given: dict[str, Any] = {"case": case, "key": KEY, "subject_id": case.pk}
    with pytest.raises(Invalid) as refused:
        waive_obligation(**given, reason="  ", by=world.coordinator)
    assert set(refused.value.errors) == {"reason"}
    for other in (world.teacher, world.doctor, world.intake):
        with pytest.raises(Denied):
            waive_obligation(**given, reason="Fordi.", by=other)
    assert not Waiver.objects.exists()


def test_a_repeat_is_harmless_and_another_hears_who_was_first(world: World) -> None:
    case = a_case(world, level=1)
    given: dict[str, Any] = {"case": case, "key": KEY, "subject_id": case.pk}
    first = waive_obligation(**given, reason="Fordi.", by=world.coordinator)
    assert waive_obligation(**given, reason="Fordi.", by=world.coordinator) == first
    colleague = world.actor(Role.COORDINATOR, world.coordinating_unit, "Kollega Koordinator")
    with pytest.raises(MovedOn, match=world.coordinator.name):
        waive_obligation(**given, reason="Også fordi.", by=colleague)
    assert reopen_obligation(**given, by=colleague) is not None
    assert reopen_obligation(**given, by=colleague) is None
    assert waive_obligation(**given, reason="Likevel.", by=colleague) != first


def test_what_is_met_is_not_set_aside_and_a_waiver_never_hides_that_it_is_met(world: World) -> None:
    case = a_case(world, level=1)
    given: dict[str, Any] = {"case": case, "key": KEY, "subject_id": case.pk, "by": world.coordinator}
    waive_obligation(**given, reason="Fordi.")
    record_voice(
        case=fresh(case), words="Hei.", how_obtained="Samtale", obtained_on=timezone.localdate(), by=world.coordinator
    )
    assert state_of(case, KEY) == "met"
    reopen_obligation(**given)
    with pytest.raises(MovedOn, match="gjenstår ikke lenger"):
        waive_obligation(**given, reason="Fordi.")
    with pytest.raises(MovedOn):
        waive_obligation(**{**given, "subject_id": uuid.uuid4()}, reason="Fordi.")


def test_the_pages_say_it_and_take_it(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school))
    case = referral.case
    client = world.client(world.coordinator)
    overview = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert reverse("cases:waive", args=[case.pk, "6.1.1"]) in overview
    page = client.get(reverse("cases:obligations", args=[case.pk])).content.decode()
    for words in ("6.1.1", "Ikke spurt: Fjordvik skole.", "Henvisning til BUP Fjordvik", "Ikke startet i denne saken."):
        assert words in page
    url = reverse("cases:waive", args=[case.pk, "6.1.1"])
    refused = client.post(url, {"subject": referral.pk, "reason": ""})
    assert refused.status_code == 422
    assert "Fyll ut dette feltet." in refused.content.decode()
    assert client.post(url, {"subject": referral.pk, "reason": "x" * 200_000}).status_code == 422
    assert client.post(url, {"subject": "tull", "reason": "a"}).status_code in {200, 422}
    assert client.post(url, {"subject": "tull", "handling": "reopen"}).status_code == 303
    assert client.post(url, {"subject": referral.pk, "reason": "Skolen er stengt."}).status_code == 303
    page = client.get(url).content.decode()
    for words in ("Satt til side", "Skolen er stengt.", "Ta plikten opp igjen", world.coordinator.name):
        assert words in page
    assert client.post(url, {"subject": referral.pk, "handling": "reopen"}).status_code == 303
    assert "Tatt opp igjen av" in client.get(url).content.decode()


def test_access_to_the_pages(world: World) -> None:
    case = consented_case(world, world.school)
    urls = [reverse("cases:obligations", args=[case.pk]), reverse("cases:waive", args=[case.pk, KEY])]
    for stranger in (world.intake, world.actor(Role.CONTRIBUTOR, world.other_school)):
        assert {world.client(stranger).get(url).status_code for url in urls} == {404}
    teacher = world.client(world.teacher)
    assert {teacher.get(url).status_code for url in urls} == {200}
    assert teacher.post(urls[1], {"subject": case.pk, "reason": "Fordi."}).status_code == 403
    assert teacher.get(reverse("cases:waive", args=[case.pk, "9.9.9"])).status_code == 404
    assert teacher.get(reverse("cases:waive", args=[case.pk, "6.2.a"])).status_code == 404
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            teacher.get(url)
        assert len(queries) <= 20, url


def test_the_least_seeing_actor_leaves_the_same_obligations_as_the_holder(world: World) -> None:
    referral = a_referral(world, consented_case(world, world.school), world.school)
    contribution = fresh_contribution(Contribution.objects.get(referral=referral))
    contribution = written(world, contribution)
    with portal_context(world.teacher):
        submit_contribution(contribution=contribution, by=world.teacher)
    _same_for_the_holder(world, referral.case)


def test_intake_leaves_the_same_obligations_as_the_holder(world: World) -> None:
    referral = a_sent_referral(world)
    with portal_context(world.intake):
        receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    _same_for_the_holder(world, referral.case)
    question = a_question(world, referral)
    with portal_context(world.teacher):
        answer_information(request=fresh_request(question), answer="To dager.", by=world.teacher)
    _same_for_the_holder(world, referral.case)
    with portal_context(world.intake):
        decided(world, fresh_referral(referral))
    _same_for_the_holder(world, referral.case)


def _same_for_the_holder(world: World, case: Any) -> None:
    before = everything(case)
    assert before
    with portal_context(world.coordinator):
        recompute(fresh(case), timezone.now())
    assert everything(case) == before
