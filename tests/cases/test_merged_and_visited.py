"""What the pages of a case tell of other cases and of what is new, and dates and names from the edge."""

import datetime as dt

import pytest

from cases.actions.merge import merge_cases
from cases.actions.participants import add_participant
from cases.case_facts import facts_of
from cases.models import Notification, Participant
from portal.models import AuditEvent, HealthCommunity, Role
from portal.states import MovedOn
from portal.timeframe import end_of, today
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("name", ["Александра Константиновна Преображенская-Воскресенская", "عبد الرحمن " * 10])
def test_a_name_in_any_script_is_taken(world: World, name: str) -> None:
    """Given a long name in another script; when the case is opened; then it is found by that name."""
    case = a_case(world, name=name.strip())
    assert 0 < len(fresh(case).child.sort_key) <= 240


@pytest.mark.parametrize("year", ["9999", "0026"])
def test_a_year_nobody_means_gets_a_sentence(world: World, year: str) -> None:
    """Given forms with an end; when the year is a slip; then the sentence says which years there are."""
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    for page, field in (
        ("deltakere/ny/", "valid_until"),
        ("foresatte/ny/", "mandate_until"),
        ("samtykke/nytt/", "given_on"),
    ):
        answer = client.post(f"/saker/{case.pk}/{page}", {field: f"31.12.{year}"})
        assert answer.status_code == 422, page
        assert "årstall fra 1900 til 2100" in answer.content.decode(), page


@pytest.mark.parametrize("asked", ["?utgave=%00", "?utgave=a%00b", "?sak=%00"])
def test_a_nul_in_an_address_is_nothing(world: World, asked: str) -> None:
    """Given an address with a NUL; when it is opened; then it is not found, or as if it were not there."""
    assert world.client(world.coordinator).get(f"/retningslinje/{asked}").status_code in {200, 404}
    for page in ("/saker/?vis=%00&side=%00", "/innboks/?side=%00", "/varsler/?side=%00"):
        assert world.client(world.coordinator).get(page).status_code == 200


def test_a_participant_whose_period_is_out_comes_in_anew(world: World) -> None:
    """Given a period that ran out; when the service is added again; then it takes part, and the first is ended."""
    case = a_case(world, level=1)
    (row,) = with_participants(case, world.school)
    with pytest.raises(MovedOn):
        with_participants(case, world.school, purpose="Noe helt annet")
    Participant.objects.filter(pk=row.pk).update(valid_from=today() - 9 * DAY, valid_until=today() - DAY)
    assert facts_of(fresh(case), world.coordinator).participants == ()
    again = add_participant(case=case, service=world.school, purpose="Ny periode", by=world.coordinator)
    row.refresh_from_db()
    assert (row.end_reason, again.pk != row.pk) == ("Perioden gikk ut.", True)
    # With its last day, not when another came to see it.
    assert row.ended_at == end_of(today() - DAY)
    assert [p.id for p in facts_of(fresh(case), world.coordinator).participants] == [again.pk]


def test_the_matrix_shows_access_and_not_consent(world: World) -> None:
    """Given consent to a service that comes next week; when the pages are read; then nobody is said to see."""
    case = a_case(world, level=1)
    with_participants(case, world.school, valid_from=today() + 7 * DAY)
    consent(case, [world.school], ["health"])
    client = world.client(world.coordinator)
    matrix = client.get(f"/saker/{case.pk}/samtykke/").content.decode()
    assert "Kan få vite" in matrix
    assert "Ikke med i saken ennå" in matrix
    assert "Ser ikke noe før perioden begynner" in client.get(f"/saker/{case.pk}/deltakere/").content.decode()


def test_each_holder_is_led_to_their_own_case_and_sees_no_more(world: World) -> None:
    """Given a merge; when holders follow the notice; then it opens, and tells of no case they have no place in."""
    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    keep = a_case(world, by=world.teacher, level=1)
    losing = a_case(world, by=world.coordinator, level=1)
    with_participants(keep, world.coordinating_unit)
    consent(keep, [world.coordinating_unit])
    merge_cases(keep=keep, close=losing, reason="Samme barn.", by=unit)
    for who, own, other in ((world.coordinator, losing, keep), (world.teacher, keep, losing)):
        notice = Notification.objects.get(user=who.user, kind="case.merged")
        assert notice.reference == own.reference
        page = world.client(who).get(notice.get_absolute_url())
        assert page.status_code == 200
        has_both = who == world.coordinator
        assert (f"/saker/{other.pk}/" in page.content.decode()) is has_both
        assert (other.reference in page.content.decode()) is False


def test_new_is_since_the_last_look_at_the_overview(world: World) -> None:
    """Given an earlier visit; when other pages are opened and steps marked; then what is new is still new."""
    case = a_case(world, level=1)
    client, page = world.client(world.coordinator), f"/saker/{case.pk}/"
    client.get(page)
    first = AuditEvent.objects.filter(verb="case.overview").latest("id").at
    assert facts_of(fresh(case), world.coordinator).visited_at == first
    client.post(f"{page}niva/steg/", {"level": "1", "step": "x", "done": "1"})
    client.get(f"{page}tidslinje/")
    assert facts_of(fresh(case), world.coordinator).visited_at == first
    client.get(page)
    assert facts_of(fresh(case), world.coordinator, visiting=True).visited_at == first


def test_a_renewal_years_ahead_is_not_among_the_dates(world: World) -> None:
    """Given consents that end in five years and in fifty days; when the case is read; then the near one is a date."""
    for until, shown in ((today() + 1900 * DAY, False), (today() + 50 * DAY, True)):
        case = a_case(world, level=1)
        with_participants(case, world.school)
        consent(case, [world.school], ["health"], valid_until=until)
        page = world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()
        assert ("Fornye et samtykke" in page) is shown


def test_without_an_edition_a_page_says_so(world: World) -> None:
    """Given a community without an edition; when its people open the inbox; then a plain page tells them."""
    bare = HealthCommunity.objects.create(slug="uten", name="Uten utgave", prefix="UU")
    world.coordinator.seat.community = bare
    world.coordinator.seat.save(update_fields=["community"])
    page = world.client(world.coordinator).get("/innboks/")
    assert page.status_code == 404
    assert "ingen retningslinje her ennå" in page.content.decode()
