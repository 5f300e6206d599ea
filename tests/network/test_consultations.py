"""Consultations in numbers: what counts, when, for whom, and what it costs."""

import datetime as dt
import functools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import AddressProtection, Case, Child
from network.consultations import consultations_counted, counted_until, in_words, years
from network.hiding import Hidden
from portal.access import Denied
from portal.models import AuditEvent, HealthCommunity, Membership, Organisation, Role, Service, ServiceKind, User
from portal.timeframe import today
from referrals.actions.consult import (
    Talk,
    answer_consultation,
    ask_department,
    attach_consultation,
    record_as_department,
    record_consultation,
)
from referrals.actions.consult_wrong import mark_consultation_wrong
from referrals.models import Consultation
from tests.referral_stories import a_referral, consented_case, fresh_referral
from tests.stories import a_case, fresh, holder_actor
from tests.world import World, organisation, service

URL = "/nettverk/droftinger/"
NO = Hidden.SMALL
NOT_SAID = Hidden.TELLS
NOTHING = (NO, NO, NO, NO, NO, NOT_SAID)


def later(now: dt.datetime | None = None) -> dt.datetime:
    """When what happens now is counted."""
    return (now or timezone.now()) + dt.timedelta(days=32)


def table(world: World, year: int | None = None, now: dt.datetime | None = None) -> dict[str, tuple[Any, ...]]:
    """The cells by department, as the secretariat sees them when this month is over."""
    secretary = world.actor(Role.SECRETARIAT, world.secretariat)
    rows = consultations_counted(secretary, year=year or today().year, now=now or later())
    return {row.department.name: row.cells for row in rows}


def of_bup(world: World, **when: Any) -> tuple[Any, ...]:
    return table(world, **when)["BUP Fjordvik"]


def recorded(case: Case, answer: str, times: int, department: Service, **given: Any) -> list[Consultation]:
    """Held by phone and written down by the holder."""
    return [
        record_consultation(
            case=fresh(case), department=department, question="Bør vi henvise?", by=holder_actor(case),
            talk=Talk(answer, "Svar.", held="phone", held_on=given.get("held_on"), answered_by_name="Vakt"),
            now=given.get("now"),
        )
        for _ in range(times)
    ]  # fmt: skip


def nameless(
    world: World, times: int, asked_in: Service | None = None, answer: str = "refer", now: dt.datetime | None = None
) -> None:
    """Registered by BUP without any case."""
    for _ in range(times):
        record_as_department(
            department=world.bup, asked_in=asked_in or world.school, question="Et barn som ikke sover.",
            talk=Talk(answer, "Prøv dette først.", held="phone"), by=world.intake, now=now,
        )  # fmt: skip


def last_month() -> dt.datetime:
    """An instant that the page counts already."""
    return timezone.now().replace(day=1, hour=12) - dt.timedelta(days=10)


# What counts


def test_each_answer_those_waiting_and_those_that_ended_there(world: World) -> None:
    case = consented_case(world)
    referral = a_referral(world, case)
    for consultation in recorded(case, "refer", 12, world.bup)[:10]:
        attach_consultation(consultation=consultation, referral=fresh_referral(referral), by=holder_actor(case))
    recorded(case, "municipal_measures_suffice", 6, world.bup)
    recorded(case, "other_unit", 4, world.bup)
    recorded(case, "more_needed", 5, world.bup)
    for _ in range(7):
        ask_department(case=fresh(case), department=world.bup, question="Bør vi henvise?", by=holder_actor(case))
    # Ended there: two, six, four and five. What is shown of the answered is 23, so the rest says nothing.
    assert of_bup(world) == (12, 6, NO, 5, 7, 17)
    assert table(world)["HABU Fjordvik"] == NOTHING


def test_one_that_ended_there_makes_five_and_one_that_is_attached_takes_it_away(world: World) -> None:
    case = consented_case(world)
    referral = a_referral(world, case)
    attach = functools.partial(attach_consultation, by=holder_actor(case))
    made = recorded(case, "refer", 20, world.bup)
    for consultation in made[:15]:
        attach(consultation=consultation, referral=fresh_referral(referral))
    assert of_bup(world) == (20, NO, NO, NO, NO, 5)
    attach(consultation=made[15], referral=fresh_referral(referral))
    assert of_bup(world) == (20, NO, NO, NO, NO, NO)


def test_where_all_ended_there_that_is_not_told(world: World) -> None:
    """The rest, those that became part of a referral, would be nought."""
    nameless(world, 9)
    assert of_bup(world) == (9, NO, NO, NO, NO, NOT_SAID)


def test_nameless_without_a_case_count_once_also_when_they_get_one(world: World) -> None:
    case = consented_case(world)
    nameless(world, 5, asked_in=case.holder.service)
    assert of_bup(world)[0] == 5
    referral = a_referral(world, case)
    attach_consultation(consultation=Consultation.objects.first(), referral=referral, by=holder_actor(case))
    assert of_bup(world)[0] == 5


def test_feilregistrert_counts_no_more(world: World) -> None:
    case = a_case(world, level=1)
    made = recorded(case, "refer", 5, world.bup)
    assert of_bup(world)[0] == 5
    mark_consultation_wrong(consultation=made[0], reason="Feil sak.", by=holder_actor(case))
    assert of_bup(world) == NOTHING


@pytest.mark.parametrize("protection", [kind for kind in AddressProtection if kind != AddressProtection.NONE])
def test_protected_children_are_left_out_from_the_day_they_are(world: World, protection: str) -> None:
    recorded(a_case(world, level=1, address_protection=protection), "refer", 6, world.bup)
    assert of_bup(world) == NOTHING
    seen = a_case(world, level=1, name="Bo Vik")
    recorded(seen, "refer", 6, world.bup)
    assert of_bup(world)[0] == 6
    Child.objects.filter(pk=seen.child_id).update(address_protection=protection)
    assert of_bup(world) == NOTHING


def test_another_community_is_not_counted_and_its_departments_not_listed(world: World) -> None:
    elsewhere = HealthCommunity.objects.create(slug="annet", name="Annet fellesskap", prefix="AN")
    town = organisation("Annen kommune", Organisation.Kind.MUNICIPALITY, elsewhere, "9999")
    trust = organisation("Annet sykehus", Organisation.Kind.HOSPITAL_TRUST, elsewhere)
    service("BUP Annet", ServiceKind.BUP, trust, [town], receives_referrals=True)
    nameless(world, 6, asked_in=service("Annen skole", ServiceKind.SCHOOL, town, [town]))
    case = a_case(world, level=1)
    recorded(case, "refer", 6, world.bup)
    Case.objects.filter(pk=case.pk).update(community=elsewhere)
    assert table(world) == dict.fromkeys(("Barneavdelingen Fjordvik", "BUP Fjordvik", "HABU Fjordvik"), NOTHING)


# When it counts


def test_the_year_it_was_asked_or_held_if_written_down_afterwards(world: World) -> None:
    year = today().year - 1
    eve = dt.datetime(year, 12, 31, 12, tzinfo=dt.UTC)
    new_year = eve + dt.timedelta(days=2)
    case = a_case(world, level=1, now=eve)
    for _ in range(5):
        asked = ask_department(case=fresh(case), department=world.bup, question="?", by=holder_actor(case), now=eve)
        answer_consultation(consultation=asked, answer="refer", answer_text="Ja.", by=world.intake, now=new_year)
    recorded(case, "more_needed", 6, world.bup, held_on=eve.date(), now=new_year)
    assert of_bup(world, year=year) == (5, NO, NO, 6, NO, NOT_SAID)
    assert of_bup(world, year=year + 1) == NOTHING
    # On New Year's Eve in Norway it is still the old year in Greenwich, and the other way round.
    at_midnight = dt.datetime(year, 12, 31, 23, 30, tzinfo=dt.UTC)
    nameless(world, 8, now=at_midnight)
    assert (of_bup(world, year=year)[0], of_bup(world, year=year + 1)[0]) == (5, 8)


def test_nothing_moves_within_a_month(world: World) -> None:
    """Whoever looks every day learns no single answer."""
    year = today().year - 1
    march, april, may = (dt.datetime(year, month, 10, 12, tzinfo=dt.UTC) for month in (3, 4, 5))
    case = a_case(world, level=1, now=march)
    asked = [
        ask_department(case=fresh(case), department=world.bup, question="?", by=holder_actor(case), now=march)
        for _ in range(10)
    ]
    for consultation in asked[:6]:
        answer_consultation(consultation=consultation, answer="refer", answer_text="Ja.", by=world.intake, now=april)
    assert of_bup(world, year=year, now=march + dt.timedelta(days=20)) == NOTHING
    assert of_bup(world, year=year, now=april + dt.timedelta(days=5)) == (NO, NO, NO, NO, 10, NOT_SAID)
    assert of_bup(world, year=year, now=may) == (6, NO, NO, NO, NO, NOT_SAID)


def test_attached_this_month_still_ended_there_in_the_last(world: World) -> None:
    case = consented_case(world, now=last_month())
    referral = a_referral(world, case)
    made = recorded(case, "refer", 20, world.bup, now=last_month())
    for consultation in made[:12]:
        attach_consultation(consultation=consultation, referral=fresh_referral(referral), by=holder_actor(case))
    year = last_month().year
    assert of_bup(world, year=year, now=timezone.now()) == (20, NO, NO, NO, NO, NOT_SAID)
    assert of_bup(world, year=year, now=later()) == (20, NO, NO, NO, NO, 8)


def test_in_january_the_newest_year_is_the_one_that_has_passed() -> None:
    january = dt.datetime(2026, 1, 8, tzinfo=dt.UTC)
    assert counted_until(january) == dt.date(2025, 12, 31)
    assert years(january) == [2025, 2024, 2023, 2022, 2021]
    assert years(dt.datetime(2026, 2, 1, tzinfo=dt.UTC))[0] == 2026


# The page


def test_the_page_shows_the_table_what_counts_and_no_small_number(world: World) -> None:
    nameless(world, 11, now=last_month())
    nameless(world, 2, answer="more_needed", now=last_month())
    page = world.client(world.actor(Role.SECRETARIAT, world.secretariat)).get(URL).content.decode()
    for words in ("BUP Fjordvik", '<td data-label="Henvis">11</td>', "Hva teller", "6.1.4", "Hva er denne siden?",
                  '<td data-label="Mer må avklares først">under 5</td>', '<td data-label="Endte der">vises ikke</td>',
                  "Helsefellesskapet nordre Trøndelag", str(last_month().year)):  # fmt: skip
        assert words in page, words
    assert "sover" not in page
    assert "Fjordvik skole" not in page


def test_absence_and_presence_look_alike(world: World) -> None:
    """A department nobody has asked, and one with a single consultation."""
    nameless(world, 1)
    found = table(world)
    assert found["BUP Fjordvik"] == found["HABU Fjordvik"] == NOTHING
    assert [str(in_words(cell)) for cell in NOTHING] == [*["under 5"] * 5, "vises ikke"]


def test_a_year_is_chosen_and_nonsense_is_the_newest(world: World) -> None:
    client = world.client(world.actor(Role.SECRETARIAT, world.secretariat))
    newest, before, *_rest = years(timezone.now())
    for asked, shown in ((before, before), ("tull", newest), ("1812", newest), ("", newest), ("²", newest)):
        page = client.get(URL, {"ar": asked}).content.decode()
        assert f"Drøftinger før henvisning i {shown}" in page
        assert f'aria-current="page">{shown}</a>' in page


def test_the_start_page_and_the_menu_lead_there_for_the_secretariat_alone(world: World) -> None:
    link = f'href="{reverse("network:consultations")}"'
    secretary = world.client(world.actor(Role.SECRETARIAT, world.secretariat)).get("/innboks/").content.decode()
    assert secretary.count(link) >= 2
    assert "Se drøftingene i tall" in secretary
    assert link not in world.client(world.coordinator).get("/innboks/").content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_the_secretariat_and_nobody_else(world: World, role: str) -> None:
    for at in (world.secretariat, world.bup, world.coordinating_unit):
        actor = world.actor(role, at)
        client = world.client(actor)
        assert client.get(URL).status_code == (200 if role == Role.SECRETARIAT else 403)
        assert client.post(URL).status_code == 405
        if role != Role.SECRETARIAT:
            assert AuditEvent.objects.filter(kind="refused", verb="statistics.read", user_id=actor.person.pk).exists()
            with pytest.raises(Denied):
                consultations_counted(actor, year=today().year, now=timezone.now())


def test_those_outside_are_kept_out(world: World) -> None:
    assert Client().get(URL)["Location"].startswith(reverse("account_login"))
    client = Client()
    user = User.objects.create_user("uten@eksempel.invalid", name="Uten Tilgang")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Hva teller" not in client.get(URL).content.decode()


def test_the_page_costs_the_same_with_many_rows(world: World) -> None:
    client = world.client(world.actor(Role.SECRETARIAT, world.secretariat))
    client.get(URL)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL).status_code == 200
        assert len([query for query in caught if "referrals_consultation" in query["sql"]]) == 1
        assert not [query for query in caught if query["sql"].startswith(("INSERT", "UPDATE"))]
        return len(caught)

    few = cost()
    nameless(world, 12, now=last_month())
    recorded(a_case(world, level=1, now=last_month()), "refer", 12, world.habu, now=last_month())
    for number in range(3):
        service(f"BUP {number}", ServiceKind.BUP, world.hospital, [world.municipality], receives_referrals=True)
    assert cost() == few


def test_who_has_no_access_any_more_reads_why(world: World) -> None:
    """Given a secretary whose access has ended, when the numbers are opened, then the page says why nothing opens."""
    secretary = world.actor(Role.SECRETARIAT, world.secretariat)
    client = world.client(secretary)
    assert client.get(URL).status_code == 200
    Membership.objects.filter(pk=secretary.seat.pk).update(valid_until=secretary.seat.valid_from)
    page = client.get(URL)
    assert page.status_code == 403
    assert "Du har ingen tilgang nå" in page.content.decode()
