"""Who serves a municipality, who receives, and whom to ring at this hour."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from portal.directory.lookup import on_call_now, receivers_for, services_for, services_in
from portal.models import HealthCommunity, OnCallRoute, Organisation, Service

OSLO = ZoneInfo("Europe/Oslo")
MONDAY, SATURDAY, MAY_17 = (2026, 11, 2), (2026, 11, 7), (2027, 5, 17)


@pytest.fixture(autouse=True)
def directory(db: None) -> None:
    call_command("load_directory", verbosity=0)


def at(day: tuple[int, int, int], hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(*day, hour, minute, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("when", "phone", "answers"),
    [
        (at(MONDAY, 7, 59), "00 00 00 12", "bup-levanger"),
        (at(MONDAY, 8), "00 00 00 21", "bup-namsos"),
        (at(MONDAY, 15, 29), "00 00 00 21", "bup-namsos"),
        (at(MONDAY, 15, 30), "00 00 00 12", "bup-levanger"),
        (at(MONDAY, 23, 59), "00 00 00 12", "bup-levanger"),
        (at(MONDAY, 0), "00 00 00 12", "bup-levanger"),
        (at(SATURDAY, 12), "00 00 00 12", "bup-levanger"),
        # 17 May 2027 is a Monday, and a holiday.
        (at(MAY_17, 12), "00 00 00 12", "bup-levanger"),
        # Noon in Oslo, whatever the time zone it is given in.
        (dt.datetime(2026, 11, 2, 11, 0, tzinfo=dt.UTC), "00 00 00 21", "bup-namsos"),
    ],
)
def test_namsos_is_covered_by_levanger_after_hours(when: dt.datetime, phone: str, answers: str) -> None:
    route = on_call_now(Service.objects.get(key="bup-namsos"), when)
    assert (route.phone, route.answered_by and route.answered_by.key) == (phone, answers)


def test_the_label_says_who_answers_for_whom() -> None:
    route = on_call_now(Service.objects.get(key="bup-namsos"), at(SATURDAY, 3))
    assert route.label == "BUP Levanger svarer for Namsos"
    assert route.to_be_confirmed


def test_two_steps_of_cover() -> None:
    route = on_call_now(Service.objects.get(key="bup-kolvereid"), at(SATURDAY, 3))
    assert route.answered_by is not None
    assert route.answered_by.key == "bup-levanger"


def test_there_is_always_a_number() -> None:
    for service in Service.objects.filter(active=True):
        assert on_call_now(service, at(SATURDAY, 3)).phone
    route = on_call_now(Service.objects.get(key="namsos-barneskole"), at(MONDAY, 12))
    assert (route.phone, route.national, route.answered_by) == ("116117", True, None)


def test_an_ended_route_is_never_shown() -> None:
    OnCallRoute.objects.filter(service__key="barneavdelingen-levanger").update(valid_until=dt.date(2026, 11, 1))
    assert on_call_now(Service.objects.get(key="barneavdelingen-levanger"), at(MONDAY, 12)).national


@pytest.mark.parametrize(
    ("municipality", "age", "on", "expected"),
    [
        ("naroysund", 10, dt.date(2026, 11, 2), {"bup-namsos", "habu-namsos", "barneavdelingen-levanger"}),
        ("steinkjer", 10, dt.date(2026, 11, 2), {"bup-levanger", "habu-levanger", "barneavdelingen-levanger"}),
        ("stjordal", None, dt.date(2026, 11, 2), {"bup-varnesregionen", "habu-levanger", "barneavdelingen-levanger"}),
        ("bindal", 17, dt.date(2026, 11, 2), {"bup-namsos", "habu-namsos", "barneavdelingen-levanger"}),
        ("namsos", 18, dt.date(2026, 11, 2), set()),
        # Before the intake moved, nobody in the directory received for Ytre Namdal's BUP any more: it has closed.
        ("naroysund", 10, dt.date(2023, 11, 30), {"habu-namsos", "barneavdelingen-levanger"}),
    ],
)
def test_receivers(municipality: str, age: int | None, on: dt.date, expected: set[str]) -> None:
    found = receivers_for(Organisation.objects.get(key=municipality), age, on)
    assert set(found.values_list("key", flat=True)) == expected


def test_areas_are_dated() -> None:
    leka = Organisation.objects.get(key="leka")
    assert list(services_for(leka, "bup", dt.date(2023, 11, 30)).values_list("key", flat=True)) == ["bup-kolvereid"]
    assert list(services_for(leka, "bup", dt.date(2023, 12, 1)).values_list("key", flat=True)) == ["bup-namsos"]


def test_an_intermunicipal_service_serves_all_its_municipalities() -> None:
    for key in ("grong", "lierne", "royrvik"):
        ppt = services_for(Organisation.objects.get(key=key), "ppt").get()
        assert (ppt.key, ppt.organisation.key) == ("ppt-indre-namdal", "grong")


def test_services_of_a_community() -> None:
    keys = set(services_in(HealthCommunity.objects.get(slug="sondre-trondelag")).values_list("key", flat=True))
    assert {"bup-st-olavs", "trondheim-skole", "stjordal-barneskole"} <= keys
    assert "bup-levanger" not in keys
