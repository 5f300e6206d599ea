"""The list of cases: what it shows, what is found, what is logged, and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions.closing import close_case
from cases.actions.concern import record_concern
from cases.national_number import read
from portal.identity.fnr import synthetic
from portal.models import AuditEvent, Role
from tests.stories import BORN, a_case, fresh
from tests.world import World


def listed(world: World, query: str = "", **more: str) -> str:
    client = world.client(world.coordinator)
    answer = client.post("/saker/", {"q": query}, follow=True) if query else client.get("/saker/", more)
    return answer.content.decode()


def test_names_are_found_from_the_start_of_each_word_and_nearly(world: World) -> None:
    a_case(world, name="Ada-Marie Fjordheim")
    a_case(world, name="Bo Åsheim", birth_date=BORN.replace(day=2))
    for query in ("ada", "fjord", "marie fjordh", "Fjordhaim"):
        assert "Ada-Marie" in listed(world, query), query
        assert "Bo Åsheim" not in listed(world, query), query
    assert "Bo Åsheim" in listed(world, "åsh")
    assert "Ingen treff" in listed(world, "heimdal xyz")


def test_a_reference_may_be_typed_carelessly(world: World) -> None:
    case = a_case(world)
    a_case(world, name="Bo")
    page = listed(world, case.reference.lower().replace("-", " "))
    assert "1 treff" in page
    assert case.reference in page
    assert "har-feil" not in page
    wrong = case.reference[:-1] + ("A" if case.reference[-1] != "A" else "B")
    assert "has-error" in listed(world, wrong)


def test_a_number_is_exact_and_stands_in_no_address(world: World) -> None:
    digits = synthetic(BORN)
    a_case(world, number=read(digits))
    client = world.client(world.coordinator)
    answer = client.post("/saker/", {"q": f"{digits[:6]} {digits[6:]}"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 treff" in page
    assert digits not in page.replace(" ", "")
    named = client.post("/saker/", {"q": "Ada"})
    assert named.status_code == 303
    assert named["Location"] == "/saker/?vis=alle&sok=1"
    assert "1 treff" in client.get(named["Location"]).content.decode()
    assert "11 siffer" in client.post("/saker/", {"q": "1234567890"}).content.decode()


def test_what_was_searched_for_stands_in_no_address(world: World) -> None:
    """Given many children of one name; when one searches and leafs on; then no address has the name, and a number in an
    address is not searched for."""
    for n in range(26):
        a_case(world, name=f"Ada {n}", informed=False)
    digits = synthetic(BORN)
    a_case(world, name="Bo", number=read(digits))
    client = world.client(world.coordinator)
    page = client.post("/saker/", {"q": "Ada"}, follow=True).content.decode()
    assert "Viser 1–25 av 26" in page
    assert "Ada" not in "".join(re.findall(r'href="[^"]*"', page))
    assert "Viser 26–26 av 26" in client.get("/saker/?vis=alle&sok=1&side=2").content.decode()
    assert "treff" not in client.get("/saker/", {"q": digits}).content.decode()
    client.post("/saker/", {"q": digits})
    assert digits not in str(dict(client.session))


def test_a_search_finds_nothing_one_may_not_see(world: World) -> None:
    digits = synthetic(BORN)
    hidden = a_case(world, by=world.teacher, number=read(digits), informed=False)
    for query in ("Ada", hidden.reference):
        assert "Ingen treff" in listed(world, query)
    assert "Ingen treff" in world.client(world.coordinator).post("/saker/", {"q": digits}).content.decode()


def test_searches_are_logged_by_kind_and_reads_by_case(world: World) -> None:
    case = a_case(world)
    listed(world, "Ada")
    search = AuditEvent.objects.get(kind="search")
    assert search.detail == {"by": "name"}
    assert "Ada" not in f"{search.verb}{search.detail}"
    read_event = AuditEvent.objects.get(verb="case.list")
    assert (read_event.case_id, read_event.child_id) == (case.pk, case.child_id)


def test_mine_the_services_and_closed(world: World) -> None:
    other = world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen")
    a_case(world, name="Min Sak")
    a_case(world, name="Kollegas Sak", by=other)
    closed = a_case(world, name="Ferdig Sak")
    close_case(case=closed, code="no_concern", reason="x", by=world.coordinator)
    mine = listed(world, vis="mine")
    assert "Min Sak" in mine
    assert "Kollegas Sak" not in mine
    service = listed(world, vis="tjenesten")
    assert "Kollegas Sak" in service
    assert "Ferdig Sak" not in service
    assert "Ferdig Sak" in listed(world, vis="tjenesten", avsluttede="1")


def test_a_case_changed_since_my_last_visit_is_marked(world: World) -> None:
    case = a_case(world)
    client = world.client(world.coordinator)
    assert "Endret siden sist" not in client.get("/saker/").content.decode()
    client.get(f"/saker/{case.pk}/")
    assert "Endret siden sist" not in client.get("/saker/").content.decode()
    other = world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen")
    record_concern(case=fresh(case), seen_and_heard="Nytt", how_long="nå", shared_with="ingen", by=other)
    assert "Endret siden sist" in client.get("/saker/").content.decode()


def test_the_list_costs_the_same_for_two_cases_and_for_forty(world: World) -> None:
    client = world.client(world.coordinator)
    for n in range(2):
        a_case(world, name=f"Barn {n}", informed=False)
    client.get("/saker/")
    few = statements(client, "/saker/")
    for n in range(38):
        a_case(world, name=f"Flere {n}", informed=False)
    assert "Viser 1–25 av 40" in client.get("/saker/").content.decode()
    assert statements(client, "/saker/") == few <= 16
    client.post("/saker/", {"q": "barn"})
    assert statements(client, "/saker/?vis=alle&sok=1") <= few + 1


def statements(client: object, url: str) -> int:
    """All statements of one request, savepoints and context included."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("query", ["\x00", "%_%", "'; --", "x" * 5000, "12345678901", "🙂", "NT-9999-1-K"])
def test_no_search_breaks_the_page(world: World, query: str) -> None:
    client = world.client(world.coordinator)
    assert client.post("/saker/", {"q": query}, follow=True).status_code == 200


def test_those_who_work_with_no_cases_are_denied(world: World) -> None:
    assert world.client(world.intake).get("/saker/").status_code == 403
