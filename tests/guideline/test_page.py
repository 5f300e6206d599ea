"""Anyone logged in can read the guideline, find each obligation and see where in a case it is met."""

import re
from itertools import pairwise
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guideline import editions, sections
from guideline.keys import OBLIGATIONS, PHASES
from portal.models import HealthCommunity, Role
from tests.stories import a_case, holder_actor
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


def test_from_a_case_one_reads_the_guideline_and_comes_back_to_where_it_is_met(world: World) -> None:
    """Given a case, when its holder follows the links from a duty to the guideline, then the guideline leads back to
    the place in that very case, also through its crumbs."""
    case = a_case(world)
    client = world.client(holder_actor(case))
    obligation, page = reverse("guideline:obligation", args=["6.1.1"]), reverse("guideline:page")
    assert f'href="{page}?sak={case.pk}"' in body(client, reverse("cases:obligations", args=[case.pk]))
    assert f'href="{obligation}?sak={case.pk}"' in body(client, reverse("cases:waive", args=[case.pk, "6.1.1"]))
    met = f'href="{reverse("referrals:section", args=[case.pk])}">Henvisning</a>'
    read = body(client, f"{obligation}?sak={case.pk}")
    assert met in read
    crumb = re.search(r'href="([^"#]+)#plikt-6-1-1"', read)
    assert crumb is not None
    assert met in body(client, crumb[1].replace("&amp;", "&"))


@pytest.mark.parametrize("role", [Role.INTAKE, Role.SECRETARIAT, Role.MUNICIPALITY_LEADER, Role.USER_ADMINISTRATOR])
def test_who_may_not_search_cases_gets_no_link_to_them(world: World, role: str) -> None:
    """Given a role that the list of cases is closed to, then the guideline names the place and links to nothing."""
    client = world.client(world.actor(Role(role), world.bup))
    html = body(client, reverse("guideline:obligation", args=["6.1.1"]))
    assert reverse("cases:list") not in html
    assert "Henvisning" in text_of(html)


def test_one_without_any_access_reads_the_guideline(world: World) -> None:
    """Given somebody invited whom nobody has approved, then they can choose an edition and read it, and no more."""
    who = world.teacher
    who.seat.approved_at = who.seat.approved_by = None
    who.seat.save(update_fields=["approved_at", "approved_by"])
    client = world.client(who)
    assert "Velg hvilken retningslinje du vil lese" in body(client, reverse("guideline:page"))
    url = reverse("guideline:page") + "?utgave=nordre-trondelag"
    assert "Én samordnet henvisning" in body(client, url)
    assert client.get(reverse("cases:inbox")).status_code == 403


def test_what_a_role_is_told_of_its_inbox_is_there(world: World) -> None:
    """Given roles that see no case, then the help does not promise them lists and numbers that their inbox lacks."""
    leader = world.client(world.actor(Role.MUNICIPALITY_LEADER, world.coordinating_unit))
    assert "ser du ingen enkeltsaker" in text_of(body(leader, reverse("cases:inbox")))
    assert "hva kommunens tjenester har å gjøre" not in text_of(body(leader, reverse("cases:inbox")))


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
    bare = HealthCommunity.objects.create(slug="vestland", name="Vestland", prefix="VL")
    who = world.teacher
    assert who.membership is not None
    who.membership.community = bare
    who.membership.save(update_fields=["community"])
    editions.refresh()
    read = body(world.client(who), reverse("guideline:page"))
    assert "ingen retningslinje her ennå" in read
    assert "?utgave=nordre-trondelag" in read


def test_every_community_in_the_directory_has_an_edition(db: None) -> None:
    """Given the directory and the editions as delivered, then nobody meets «no guideline»; a draft says that it is."""
    call_command("load_directory", verbosity=0)
    call_command("load_editions", verbosity=0)
    found = {community.slug: editions.current_edition(community) for community in HealthCommunity.objects.all()}
    assert {slug: edition.draft for slug, edition in found.items()} == {
        "nordre-trondelag": False,
        "sondre-trondelag": True,
        "more-og-romsdal": True,
    }
    assert "Helse Møre og Romsdal HF" in {party.label for party in found["more-og-romsdal"].parties.values()}


def test_the_page_asks_the_database_for_nothing_but_the_list_of_editions(client: Client) -> None:
    client.get(reverse("guideline:page"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("guideline:page"))
    own = [query["sql"] for query in asked if "guideline_" in query["sql"]]
    assert len(own) == 1
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("guideline:obligation", args=["6.1.1"]))
    assert not [query["sql"] for query in asked if "guideline_" in query["sql"]]
