"""Changing what is recorded about the child, and what the forms answer to wrong numbers and dates."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.actions.child import change_child, version_of
from cases.models import Task
from cases.national_number import read, reveal
from portal.access import Denied
from portal.identity.fnr import synthetic
from portal.ids import uuid7
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from tests.stories import BORN, a_case, fresh
from tests.world import World


def form(case: object, **given: str) -> dict[str, str]:
    """The child's form as the page sends it."""
    child = fresh(case).child
    return {
        "name": child.name,
        "birth_date": child.birth_date.strftime("%d.%m.%Y") if child.birth_date else "",
        "due_date": child.due_date.strftime("%d.%m.%Y") if child.due_date else "",
        "municipality_id": str(child.municipality_id),
        "address_protection": child.address_protection,
        "interpreter_language": child.interpreter_language,
        "version": version_of(child),
        **given,
    }


def test_the_log_says_which_fields_and_not_what(world: World) -> None:
    case = a_case(world)
    change_child(
        case=case,
        version=version_of(case.child),
        name="Ada Fjell",
        interpreter_language="nordsamisk",
        by=world.coordinator,
    )
    event = AuditEvent.objects.get(verb="case.child_changed")
    assert event.detail == {"fields": ["interpreter_language", "name"]}
    assert fresh(case).child.sort_key.startswith("ada")


def test_weaker_protection_needs_a_reason_that_the_log_keeps(world: World) -> None:
    """Given a protected child; when the protection gets weaker; then a reason is asked for, and stands in the log."""
    case = a_case(world, address_protection="strictly_confidential")
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/barnet/"
    assert client.post(url, form(case, address_protection="none")).status_code == 422
    assert fresh(case).child.address_protection == "strictly_confidential"
    assert client.post(url, form(case, address_protection="none", protection_reason="ended")).status_code == 303
    event = AuditEvent.objects.get(verb="case.child_changed")
    assert event.detail["protection"] == {"from": "strictly_confidential", "to": "none", "reason": "ended"}
    assert client.post(url, form(case, address_protection="confidential")).status_code == 303


def test_a_born_child_gets_its_birth_date_and_keeps_its_due_date(world: World) -> None:
    today = timezone.localdate()
    case = a_case(world, name="Ufødt", birth_date=None, due_date=today + dt.timedelta(days=3))
    answer = world.client(world.coordinator).post(
        f"/saker/{case.pk}/barnet/", form(case, name="Liv Fjord", birth_date=today.strftime("%d.%m.%Y"))
    )
    assert answer.status_code == 303
    child = fresh(case).child
    assert (child.name, child.birth_date) == ("Liv Fjord", today)
    assert child.due_date is not None


def test_the_loser_of_two_edits_is_told_and_nothing_is_overwritten(world: World) -> None:
    case = a_case(world)
    stale = form(case, name="Ada Sjø")
    change_child(case=case, version=stale["version"], name="Ada Fjell", by=world.coordinator)
    answer = world.client(world.coordinator).post(f"/saker/{case.pk}/barnet/", stale)
    assert answer.status_code == 422
    assert "Noen andre endret" in answer.content.decode()
    assert "Ada Sjø" in answer.content.decode()
    assert fresh(case).child.name == "Ada Fjell"
    # Told once: saving what stands there once more is meant.
    again = {**stale, "version": version_of(fresh(case).child)}
    assert f'name="version" value="{again["version"]}"' in answer.content.decode()
    assert world.client(world.coordinator).post(f"/saker/{case.pk}/barnet/", again).status_code == 303
    assert fresh(case).child.name == "Ada Sjø"
    with pytest.raises(MovedOn):
        change_child(case=case, version="feil", name="x", by=world.coordinator)


def test_the_number_is_shown_in_full_on_the_childs_page_alone_and_logged(world: World) -> None:
    digits = synthetic(BORN)
    case = a_case(world, number=read(digits))
    client = world.client(world.coordinator)
    shown = f"{digits[:6]} {digits[6:]}"
    assert shown not in client.get(f"/saker/{case.pk}/").content.decode()
    assert shown in client.get(f"/saker/{case.pk}/barnet/").content.decode()
    assert AuditEvent.objects.filter(verb="case.child_number", case_id=case.pk).exists()


def test_a_wrong_number_is_replaced_or_removed(world: World) -> None:
    case = a_case(world, number=read(synthetic(BORN)))
    client = world.client(world.coordinator)
    client.post(f"/saker/{case.pk}/barnet/", form(case, number=synthetic(BORN, 3)))
    assert reveal(fresh(case).child).digits == synthetic(BORN, 3)
    client.post(f"/saker/{case.pk}/barnet/", form(case, clear_number="on"))
    assert fresh(case).child.number_hash == ""


def test_a_number_given_later_finds_the_other_case(world: World) -> None:
    a_case(world, number=read(synthetic(BORN)))
    case = a_case(world, name="A. Fjord", by=world.teacher)
    change_child(case=case, version=version_of(case.child), number=read(synthetic(BORN)), by=world.teacher)
    assert Task.objects.filter(kind="duplicate.look").count() == 1


def test_a_colleague_without_the_holders_role_neither_sees_nor_changes(world: World) -> None:
    case = a_case(world, by=world.teacher)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    assert world.client(colleague).get(f"/saker/{case.pk}/barnet/").status_code == 403
    with pytest.raises(Denied):
        change_child(case=case, version=version_of(case.child), name="x", by=colleague)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("123", "11 siffer"),
        ("abcdefghijk", "bare inneholde siffer"),
        ("14051712345", "syntetiske"),
        ("14851700000", "ikke gyldig"),
        ("99851712345", "hjelpenummer"),
    ],
)
def test_a_wrong_number_is_answered_at_the_field_and_keeps_what_was_typed(
    world: World, number: str, words: str
) -> None:
    answer = world.client(world.teacher).post(
        "/saker/ny/", {"case_id": str(uuid7()), "name": "Bo", "birth_date": "14.05.2017", "number": number}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Bo"' in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Oppgi fødselsdato, eller termin"),
        ({"birth_date": "31.02.2020"}, "Skriv datoen som"),
        ({"birth_date": "01.01.2099"}, "fram i tid"),
        ({"birth_date": "01.01.1950"}, "til og med 25 år"),
        ({"birth_date": "01.01.2020", "due_date": "01.01.2027"}, "enten fødselsdato eller termin"),
        ({"due_date": "01.01.2035"}, "for langt fram"),
        ({"name": "x" * 200_000, "birth_date": "01.01.2020"}, "for lang"),
        ({"case_id": "tull", "birth_date": "01.01.2020"}, "Last siden på nytt"),
    ],
)
def test_bad_input_gets_a_sentence_and_never_a_500(world: World, given: dict[str, str], words: str) -> None:
    answer = world.client(world.teacher).post("/saker/ny/", {"case_id": str(uuid7()), "name": "Bo", **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_number_of_another_day_is_a_hint_and_not_an_error(world: World) -> None:
    answer = world.client(world.teacher).post(
        "/saker/ny/",
        {
            "case_id": str(uuid7()),
            "name": "Bo Fjord",
            "birth_date": "15.05.2017",
            "number": synthetic(BORN),
            "address_protection": "none",
            "seen_and_heard": "x",
            "how_long": "x",
            "shared_with": "x",
        },
        follow=True,
    )
    assert "en annen enn fødselsdatoen" in answer.content.decode()
