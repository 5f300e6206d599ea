"""What was shared is listed, and stays listed when the consent that opened it is gone."""

import datetime as dt

from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.renewals import keep_renewals
from cases.shared_before import shared_with
from cases.sharing import SharingFacts
from portal.models import Role
from portal.timeframe import today
from tests.cases.test_pages import statements
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World

DAY = dt.timedelta(days=1)


def listed(case: object, now: dt.datetime) -> set[tuple[str, str, bool, str]]:
    """(service, category, still open, why it ended)."""
    facts = SharingFacts(fresh(case))
    return {
        (told.service, row.category, row.until is None, row.why)
        for told in shared_with(facts, now, reads_log=True)
        for row in told.could_read
    }


def test_what_was_shared_stays_listed_with_why_it_ended(world: World) -> None:
    """Given three services; when one is withdrawn in part, one goes out, one refused; then all are listed."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt, world.gp)
    row = consent(case, [world.school], ["health", "school"])
    consent(fresh(case), [world.ppt], ["health"], valid_until=today() + DAY)
    consent(fresh(case), [world.gp], ["health"])
    withdraw_consent(consent=row, categories=["health"], by=world.coordinator)
    consent(fresh(case), [world.gp], ["health"], decision="refused")
    later = timezone.now() + 3 * DAY
    keep_renewals(fresh(case), by=world.coordinator, now=later)
    assert listed(case, later) == {
        ("Fjordvik skole", "Helse", False, "Delt før samtykket ble trukket"),
        ("Fjordvik skole", "Barnehage, skole og PPT", True, ""),
        ("PPT Fjordvik", "Helse", False, "Delt før samtykket gikk ut"),
        ("Fjordvik legesenter", "Helse", False, "Delt før det ble sagt nei"),
    }


def test_who_opened_is_told_to_those_who_read_the_log_alone(world: World) -> None:
    """Given a teacher who has read; when the holder and the teacher look; then only the holder sees how often."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    row = consent(case, [world.school, world.ppt], ["health"])
    url = f"/saker/{case.pk}/samtykke/"
    school = world.client(world.teacher).get(url).content.decode()
    holder = world.client(world.coordinator).get(url).content.decode()
    assert "Åpnet en side i saken 1 gang" in holder
    assert "Åpnet en side" not in school
    assert "kan lese, fra" in school
    withdraw_consent(consent=row, by=world.coordinator)
    assert "Delt før samtykket ble trukket" in world.client(world.coordinator).get(url).content.decode()


def test_the_page_costs_the_same_however_much_was_shared(world: World) -> None:
    """Given more services and consents; when the holder looks; then the statements are as many, and under twenty."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    consent(case, [world.school], ["health"])
    client, url = world.client(world.actor(Role.COORDINATOR, world.coordinating_unit)), f"/saker/{case.pk}/samtykke/"
    few = statements(client, url)
    with_participants(fresh(case), world.ppt, world.gp)
    again = consent(fresh(case), [world.school, world.ppt, world.gp], ["health", "school", "social"])
    withdraw_consent(consent=again, services=[world.ppt], categories=["social"], by=world.coordinator)
    world.client(world.teacher).get(url)
    assert statements(client, url) == few <= 20
