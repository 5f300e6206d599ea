"""Services in a case: added with a purpose, seeing nothing without a basis, ended with a reason."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.access import cases_for
from cases.actions.participants import add_participant, end_participation
from cases.candidates import possible_participants
from cases.models import Notification, Participant
from cases.service_choices import around, to_choose
from portal.access import Denied
from portal.answering import Invalid
from portal.models import Role
from portal.states import MovedOn
from tests.stories import a_case, with_participants
from tests.world import World


def test_a_service_that_is_added_sees_nothing_before_consent(world: World) -> None:
    case = a_case(world, level=1)
    with_participants(case, world.school)
    assert case not in cases_for(world.teacher)
    assert not Notification.objects.filter(user=world.teacher.user).exists()
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/deltakere/").content.decode()
    assert "Kan ikke se noe ennå: samtykke mangler" in page
    assert f"/saker/{case.pk}/samtykke/" in page


def test_adding_the_same_service_twice_is_once(world: World) -> None:
    case = a_case(world, level=1)
    first, again = with_participants(case, world.school, world.school)
    assert first == again
    assert Participant.objects.count() == 1


def test_nobody_is_added_while_the_case_must_stay_in_its_service(world: World) -> None:
    case = a_case(world, informed=False)
    with pytest.raises(MovedOn):
        with_participants(case, world.school)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/deltakere/ny/").content.decode()
    assert "Registrer at foresatte er informert" in page
    assert 'name="service"' not in page


def test_only_services_that_serve_the_municipality(world: World) -> None:
    case = a_case(world, level=1)
    with pytest.raises(Invalid) as refused:
        with_participants(case, world.other_school)
    assert "service" in refused.value.errors


def test_the_period_runs_forwards(world: World) -> None:
    case = a_case(world, level=1)
    day = timezone.localdate()
    with pytest.raises(Invalid):
        add_participant(
            case=case,
            service=world.school,
            purpose="x",
            valid_from=day,
            valid_until=day - dt.timedelta(days=1),
            by=world.coordinator,
        )


def test_ending_is_done_once_with_a_reason(world: World) -> None:
    case = a_case(world, level=1)
    (row,) = with_participants(case, world.school)
    end_participation(participant=row, reason="Barnet har byttet skole.", by=world.coordinator)
    assert end_participation(participant=row, reason="Barnet har byttet skole.", by=world.coordinator) == row
    other = world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen")
    with pytest.raises(MovedOn):
        end_participation(participant=row, reason="x", by=other)
    # It can come back.
    with_participants(case, world.school)


def test_colleagues_who_do_not_hold_the_case_add_nobody(world: World) -> None:
    case = a_case(world, level=1, by=world.teacher)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    with pytest.raises(Denied):
        with_participants(case, world.ppt, by=colleague)
    assert world.client(colleague).get(f"/saker/{case.pk}/deltakere/ny/").status_code == 403


def test_adding_and_ending_in_the_browser(world: World) -> None:
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    form = {
        "service": str(world.ppt.pk),
        "purpose": "Sakkyndig vurdering",
        "knows": "child",
        "valid_from": "01.09.2026",
    }
    assert client.post(f"/saker/{case.pk}/deltakere/ny/", form).status_code == 303
    wrong = client.post(f"/saker/{case.pk}/deltakere/ny/", {**form, "valid_until": "31.08.2026", "purpose": ""})
    assert wrong.status_code == 422
    row = Participant.objects.get(service=world.ppt)
    assert client.post(f"/deltakere/{row.pk}/avslutt/", {"reason": "Ferdig utredet"}).status_code == 303
    row.refresh_from_db()
    assert row.end_reason == "Ferdig utredet"
    assert world.client(world.teacher).get(f"/deltakere/{row.pk}/avslutt/").status_code == 404


def test_services_for_another_age_come_last_and_say_so(world: World) -> None:
    """Given a child of seventeen, then the kindergarten stands among the others, with the ages it is for."""
    world.kindergarten.age_until = 6
    world.kindergarten.save(update_fields=["age_until"])
    case = a_case(world, level=2, birth_date=timezone.localdate().replace(day=1) - dt.timedelta(days=17 * 366))
    fitting, others = to_choose(possible_participants(case, timezone.now()), case)
    assert (fitting[0], others[0]) == ("For barnets alder", "Andre")
    assert [label for _pk, label in others[1]] == ["Fjordvik barnehage (for 0–6 år) – har ingen brukere ennå"]
    assert [service.name for service in around(case, [])][-1] == "Fjordvik barnehage"
