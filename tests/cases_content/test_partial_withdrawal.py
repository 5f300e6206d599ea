"""Partial withdrawal: services by categories. What is not taken back stands, and what is, is told."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions.consent import withdraw_consent
from cases.models import Category, ConsentWithdrawal, Notification
from cases.sharing import SharingFacts
from portal.answering import Invalid
from portal.models import AuditEvent
from tests.cases_content.seeing import is_in, sees
from tests.stories import BORN, a_case, consent, fresh, with_participants
from tests.world import World

PARTS = st.tuples(st.sets(st.integers(0, 2), min_size=1), st.sets(st.sampled_from(Category.values), min_size=1))


def test_a_category_is_taken_back_for_one_service_and_the_rest_stands(world: World) -> None:
    """Given two services with two categories; when health is withdrawn for the school; then only that is closed."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    row = consent(case, [world.school, world.ppt], ["health", "school"])
    assert world.teacher.user
    withdraw_consent(consent=row, services=[world.school], categories=["health"], by=world.coordinator)
    now = timezone.now()
    assert (sees(case, world.school, now), sees(case, world.ppt, now)) == ({"school"}, {"health", "school"})
    row.refresh_from_db()
    assert row.withdrawn_at is None
    event = AuditEvent.objects.get(verb="consent.withdrawn")
    assert event.detail == {"services": [str(world.school.pk)], "categories": ["health"], "whole": False}
    told = Notification.objects.get(kind="consent.withdrawn", user=world.teacher.user)
    assert world.client(world.teacher).get(told.get_absolute_url()).status_code == 200
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/samtykke/").content.decode()
    assert "Helse for Fjordvik skole" in page


def test_the_last_part_taken_back_ends_the_whole(world: World) -> None:
    """Given health withdrawn; when school is too; then the service, and at last the consent, is withdrawn whole."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    row = consent(case, [world.school, world.ppt], ["health", "school"])
    for categories in (["health"], ["school"]):
        withdraw_consent(consent=row, services=[world.school], categories=categories, by=world.coordinator)
    assert not is_in(case, world.school, timezone.now())
    assert row.covered.get(service=world.school).withdrawn_at is not None
    withdraw_consent(consent=row, categories=["health", "school"], by=world.coordinator)
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert ConsentWithdrawal.objects.count() == 1


def test_the_page_takes_back_what_is_ticked_and_asks_for_something(world: World) -> None:
    """Given the form with everything ticked; when one category is sent; then the rest stands; nothing is no answer."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    row = consent(case, [world.school], ["health", "school"])
    client, url = world.client(world.coordinator), f"/samtykke/{row.pk}/trekk/"
    empty = client.post(url, {"services": [str(world.school.pk)]})
    assert (empty.status_code, "Velg minst ett tema." in empty.content.decode()) == (422, True)
    client.post(url, {"services": [str(world.school.pk)], "categories": ["health"]})
    assert sees(case, world.school, timezone.now()) == {"school"}
    with pytest.raises(Invalid):
        withdraw_consent(consent=row, categories=["family"], by=world.coordinator)


def test_a_no_to_all_services_is_lifted_for_a_category(world: World) -> None:
    """Given a child of 13 that says no to all; when it is lifted for school; then school opens, health does not."""
    case = a_case(world, level=2, birth_date=BORN.replace(year=BORN.year - 4))
    with_participants(case, world.school)
    consent(case, [world.school], ["health", "school"])
    no = consent(fresh(case), [], ["health", "school"], parties=["youth"], decision="refused")
    assert sees(case, world.school, timezone.now()) == set()
    withdraw_consent(consent=no, categories=["school"], by=world.coordinator)
    assert sees(case, world.school, timezone.now()) == {"school"}


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(takes=st.lists(PARTS, max_size=4))
def test_the_rest_stands_after_any_withdrawals(world: World, takes: list[tuple[set[int], set[str]]]) -> None:
    """Given a yes to three services for everything; when parts are taken back in any order; then exactly the parts
    never named are open."""
    services = [world.school, world.ppt, world.gp]
    with transaction.atomic():
        case = a_case(world, level=2)
        row = consent(case, services)
        left = {(service.pk, category) for service in services for category in Category.values}
        for chosen, categories in takes:
            if left:
                named = [services[n] for n in sorted(chosen)]
                withdraw_consent(consent=row, services=named, categories=categories, by=world.coordinator)
                left -= {(service.pk, category) for service in named for category in categories}
        facts, now = SharingFacts(fresh(case)), timezone.now()
        every = [(service.pk, category) for service in services for category in Category.values]
        assert {part for part in every if facts.basis(*part, now).allowed} == left
        transaction.set_rollback(True)
