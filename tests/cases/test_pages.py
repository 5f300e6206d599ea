"""The pages of a case: budget, strangers, fragments, forms, and what stands on them."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.concern import record_concern
from cases.actions.holder import offer_holder
from cases.actions.level import change_level, mark_step
from cases.models import Case, Concern
from portal.ids import uuid7
from portal.models import AuditEvent, KeptText, Role
from tests.stories import a_case, fresh, with_participants
from tests.world import World

CASE_PAGES = [
    "case", "timeline", "child", "concern_new", "level", "inform", "not_informed", "holder", "participants",
    "participant_new", "close", "reopen", "merge",
]  # fmt: skip


def statements(client: Client, url: str) -> int:
    """All statements of one request, savepoints and context included, after a first that settles the session."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def filled(world: World, case: Case, times: int) -> None:
    """More of everything the page shows."""
    for n in range(times):
        record_concern(
            case=case,
            seen_and_heard=f"Undring {n} {uuid7()}",
            how_long="uker",
            shared_with="leder",
            by=world.coordinator,
        )
        change_level(case=fresh(case), to_level=1 + n % 2, reason=f"Endring {n}", by=world.coordinator)


@pytest.mark.parametrize("path", ["", "tidslinje/", "niva/", "deltakere/", "stafettholder/"])
def test_the_case_costs_the_same_with_ten_times_the_rows(world: World, path: str) -> None:
    case = a_case(world, level=3)
    with_participants(case, world.school, world.ppt)
    filled(world, case, 2)
    mark_step(case=fresh(case), level=fresh(case).level, step="evaluate", by=world.coordinator)
    client = world.client(world.coordinator)
    url = f"/saker/{case.pk}/{path}"
    few = statements(client, url)
    with_participants(case, world.health_visitor, world.gp, world.child_protection, world.kindergarten)
    filled(world, case, 18)
    assert statements(client, url) == few <= 20


@pytest.mark.parametrize("name", CASE_PAGES)
def test_strangers_meet_404_and_leave_a_refusal(world: World, name: str) -> None:
    case = a_case(world, level=1)
    client = world.client(world.teacher)
    url = reverse(f"cases:{name}", args=[case.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {}).status_code == 404
    assert AuditEvent.objects.filter(kind="refused", case_id=case.pk, user_id=world.teacher.user.pk).count() == 2
    assert client.get(reverse(f"cases:{name}", args=[uuid7()])).status_code == 404


@pytest.mark.parametrize("name", CASE_PAGES)
def test_every_page_opens_for_the_coordinating_unit_and_writes_its_access_event(world: World, name: str) -> None:
    unit = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    case = a_case(world, level=1, by=unit)
    answer = world.client(unit).get(reverse(f"cases:{name}", args=[case.pk]))
    assert answer.status_code == 200
    assert case.reference in answer.content.decode()
    assert AuditEvent.objects.filter(kind="read", case_id=case.pk, user_id=unit.user.pk).count() == 1


@pytest.mark.parametrize("name", ["level", "inform", "not_informed", "concern_new", "close", "participant_new"])
def test_an_invalid_form_by_htmx_is_the_pages_own_form(world: World, name: str) -> None:
    case = a_case(world, level=1) if name != "not_informed" else a_case(world, informed=False)
    client = world.client(world.coordinator)
    url = reverse(f"cases:{name}", args=[case.pk])
    part = client.post(url, {}, headers={"HX-Request": "true"})
    whole = client.post(url, {})
    assert part.status_code == whole.status_code == 422
    assert "Du må rette" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert tokenless(part.content.decode()) in tokenless(whole.content.decode())


def tokenless(html: str) -> str:
    """Without CSRF tokens, which differ each time, and indentation."""
    lines = [line.strip() for line in html.splitlines()]
    return "\n".join(line for line in lines if line and "csrfmiddlewaretoken" not in line)


def test_what_to_do_next_comes_first(world: World) -> None:
    case = a_case(world, informed=False)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()
    assert page.index("Hva skal gjøres nå") < page.index("Undringer")
    assert "Informer foresatte" in page
    assert "Avgjør om det er grunn til bekymring" in page
    assert f"/saker/{case.pk}/foresatte-informert/" in page


def test_a_colleague_who_may_not_decide_gets_no_buttons(world: World) -> None:
    case = a_case(world, informed=False, by=world.teacher)
    page = (
        world.client(world.actor(Role.CONTRIBUTOR, world.school, "Kollega")).get(f"/saker/{case.pk}/").content.decode()
    )
    assert "Informer foresatte" in page
    assert f"/saker/{case.pk}/foresatte-informert/" not in page
    assert f"/saker/{case.pk}/avslutt/" not in page


def test_protection_and_a_standing_offer_are_marked(world: World) -> None:
    case = a_case(world, address_protection="strictly_confidential")
    offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()
    assert "Strengt fortrolig adresse (kode 6)" in page
    assert "har ikke svart ennå" in page


def test_the_timeline_is_filtered_by_kind_and_marks_what_is_new(world: World) -> None:
    case = a_case(world, level=1)
    with_participants(case, world.school)
    client = world.client(world.coordinator)
    everything = client.get(f"/saker/{case.pk}/tidslinje/").content.decode()
    for words in ("Saken er åpnet", "Nivået er endret til 1", "Fjordvik skole ble deltaker", "Undring registrert"):
        assert words in everything
    people = client.get(f"/saker/{case.pk}/tidslinje/?type=people").content.decode()
    main = people[people.index('class="timeline"') :]
    assert "Fjordvik skole ble deltaker" in main
    assert "Saken er åpnet" not in main[: main.index("</ol>")]
    assert client.get(f"/saker/{case.pk}/tidslinje/?type=tull&side=x&alt=1").status_code == 200


def test_a_further_concern_is_written_once(world: World) -> None:
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    form = {"seen_and_heard": "Sover lite", "how_long": "i høst", "shared_with": "mor", "earlier_concern": ""}
    for _twice in range(2):
        assert client.post(f"/saker/{case.pk}/undring/", form).status_code == 303
    assert Concern.objects.filter(case=case).count() == 2


def test_informing_and_levels_in_the_browser(world: World) -> None:
    case = a_case(world, informed=False)
    client = world.client(world.coordinator)
    today = timezone.localdate()
    tomorrow = (today + dt.timedelta(days=1)).strftime("%d.%m.%Y")
    assert (
        "fram i tid"
        in client.post(f"/saker/{case.pk}/foresatte-informert/", {"on": tomorrow, "how": "x"}).content.decode()
    )
    client.post(f"/saker/{case.pk}/foresatte-informert/", {"on": today.strftime("%d.%m.%Y"), "how": "hjemmebesøk"})
    assert fresh(case).informed_how == "hjemmebesøk"
    done = client.post(f"/saker/{case.pk}/niva/", {"to_level": "1", "reason": "Tiltak i tjenesten"})
    assert done.status_code == 303
    assert client.post(f"/saker/{case.pk}/niva/", {"to_level": "0", "reason": "x"}).status_code == 422
    assert client.post(f"/saker/{case.pk}/niva/", {"to_level": "x", "reason": "x"}).status_code == 422


def test_reading_writes_nothing_but_the_access_event(world: World) -> None:
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    client.get(f"/saker/{case.pk}/")
    with CaptureQueriesContext(connection) as caught:
        client.get(f"/saker/{case.pk}/")
    writes = [q["sql"] for q in caught if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert len(writes) == 1
    assert "portal_auditevent" in writes[0]


def test_a_stale_form_is_not_lost(world: World) -> None:
    client = world.client(world.teacher)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/saker/ny/", {"name": "Bo", "seen_and_heard": "En lang tekst som ikke må bli borte."})
    assert answer.status_code == 403
    kept = KeptText.objects.get(owner=world.teacher.user)
    assert kept.fields["seen_and_heard"].startswith("En lang tekst")


def test_a_note_is_kept_with_the_step(world: World) -> None:
    case = a_case(world)
    client = world.client(world.coordinator)
    client.post(f"/saker/{case.pk}/niva/steg/", {"level": "0", "step": "share", "done": "1", "note": "med rektor\x00"})
    assert "med rektor" in client.get(f"/saker/{case.pk}/niva/").content.decode()
    wrong = client.post(f"/saker/{case.pk}/niva/steg/", {"level": "x", "step": "share", "done": "1"}, follow=True)
    assert "Steget finnes ikke" in wrong.content.decode()


def test_the_leader_of_the_person_asked_sees_the_offer_but_does_not_answer_it(world: World) -> None:
    case = a_case(world)
    offer = offer_holder(case=case, to=world.teacher.membership, by=world.coordinator)
    leader = world.client(world.actor(Role.SERVICE_LEADER, world.school))
    page = leader.get(f"/stafettholder/{offer.pk}/")
    assert page.status_code == 200
    assert "Ta imot stafettpinnen" not in page.content.decode()
    assert leader.post(f"/stafettholder/{offer.pk}/", {"answer": "accept"}).status_code == 403
