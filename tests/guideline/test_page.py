"""Anyone logged in can read the guideline, find each obligation and see where in a case it is met."""

import re
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guideline import editions, sections
from guideline.keys import OBLIGATIONS, PHASES
from portal.models import HealthCommunity, Role
from tests.world import World, load_edition

pytestmark = pytest.mark.django_db
CASE = UUID("01890000-0000-7000-8000-000000000001")


@pytest.fixture
def client(world: World) -> Client:
    """A teacher, who has no special rights."""
    return world.client(world.teacher)


def text_of(html: str) -> str:
    """What a person reads: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_one_must_be_logged_in(db: None) -> None:
    response = Client().get(reverse("guideline:page"))
    assert response.status_code == 302
    assert "/konto/" in response["Location"]


def test_every_obligation_is_there_with_who_when_and_where(client: Client) -> None:
    html = body(client, reverse("guideline:page"))
    read = text_of(html)
    for key in OBLIGATIONS:
        assert html.count(f'id="plikt-{key.replace(".", "-")}"') == 1
    assert "Én samordnet henvisning der alle bidrar" in read
    assert "Stafettholderen eller koordinatoren i kommunen" in read
    assert "10 virkedager etter at tjenesten ble spurt Forslag" in read
    assert "Vurdere henvisningen" in read
    assert "pbrl. § 2-2" in read
    assert "Nivå 2: Enkelt samarbeid" in read
    assert "Overhalla kaller nivået Nivå B (må bekreftes)." in read
    assert "Sjekkliste for BUP" in read
    assert "Ha prosedyrer som følger retningslinjen" in read
    for phase in PHASES:
        assert f'id="fase-{phase.replace(".", "")}"' in html


@pytest.mark.parametrize("role", Role.values)
def test_every_role_can_read_it(world: World, role: str) -> None:
    client = world.client(world.actor(Role(role), world.school))
    assert client.get(reverse("guideline:page")).status_code == 200


def test_no_id_is_used_twice_and_headings_do_not_skip_a_level(client: Client) -> None:
    html = body(client, reverse("guideline:page"))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert all(anchor in ids for anchor in re.findall(r'href="#([^"]+)"', html))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_another_communitys_edition_can_be_read(client: Client) -> None:
    other = HealthCommunity.objects.create(slug="sondre-trondelag", name="Søndre Trøndelag", prefix="ST")
    load_edition(other)
    own = body(client, reverse("guideline:page"))
    assert "?utgave=sondre-trondelag" in own
    theirs = text_of(body(client, reverse("guideline:page") + "?utgave=sondre-trondelag"))
    assert "Rødt nivå" in theirs
    assert "Dette er et utkast" in theirs
    assert client.get(reverse("guideline:page") + "?utgave=finnes-ikke").status_code == 404


def test_one_obligation_has_a_page_with_its_reminders(client: Client) -> None:
    read = text_of(body(client, reverse("guideline:obligation", args=["6.1.1"])))
    assert "3 virkedager før fristen: den ansvarlige" in read
    assert "10 virkedager etter fristen: koordinerende enhet" in read
    assert client.get(reverse("guideline:obligation", args=["9.9"])).status_code == 404


def test_each_obligation_links_to_where_it_is_met(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "_sections", {})
    assert 'href="/retningslinje/plikt/' not in body(client, reverse("guideline:page"))
    # Any address with one argument does: the real ones belong to apps above this one.
    sections.register_section("referral", url_name="guideline:obligation", kwarg="key", index="guideline:page")
    url = reverse("guideline:obligation", args=["6.1.2"])
    assert f'href="/retningslinje/plikt/{CASE}/">Henvisning</a>' in body(client, f"{url}?sak={CASE}")
    assert 'href="/retningslinje/">Henvisning</a>' in body(client, url)
    assert client.get(f"{url}?sak=tull").status_code == 200


def test_an_unknown_part_of_the_case_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="Ukjent del av saken"):
        sections.register_section("kitchen", url_name="guideline:page")


def test_an_address_that_is_not_there_is_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "_sections", {})
    sections.register_section("log", url_name="nowhere:at-all", index="nowhere:list")
    assert sections.section_url("log", CASE) is None
    assert sections.section_url("log") is None
    assert sections.section_url("plan") is None


def test_a_community_without_edition_is_told_so_and_can_read_the_others(world: World) -> None:
    bare = HealthCommunity.objects.create(slug="more-og-romsdal", name="Møre og Romsdal", prefix="MR")
    who = world.teacher
    assert who.membership is not None
    who.membership.community = bare
    who.membership.save(update_fields=["community"])
    editions.refresh()
    read = body(world.client(who), reverse("guideline:page"))
    assert "ingen retningslinje her ennå" in read
    assert "?utgave=nordre-trondelag" in read


def test_the_page_asks_the_database_for_nothing_but_the_list_of_editions(client: Client) -> None:
    client.get(reverse("guideline:page"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("guideline:page"))
    own = [query["sql"] for query in asked if "guideline_" in query["sql"]]
    assert len(own) == 1
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("guideline:obligation", args=["6.1.1"]))
    assert not [query["sql"] for query in asked if "guideline_" in query["sql"]]
