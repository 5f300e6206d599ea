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
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from tests.stories import a_case, consent, with_participants
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


def test_a_service_added_before_consent_is_told_when_consent_lets_it_in(world: World) -> None:
    """Given a school that was added and sees nothing, when consent comes, then it is told once, also after another
    consent."""
    case = a_case(world, level=1)
    with_participants(case, world.school)
    told = Notification.objects.filter(user=world.teacher.user, kind="participant.added")
    assert not told.exists()
    consent(case, [world.school], ["school"])
    assert [notice.get_absolute_url() for notice in told] == [f"/saker/{case.pk}/"]
    consent(case, [world.school], ["health"])
    assert told.count() == 1


def test_why_a_service_left_is_for_the_holders_side_and_the_service(world: World) -> None:
    case = a_case(world, level=1)
    school, _ppt = with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt])
    end_participation(participant=school, reason="Uenighet med far.", by=world.coordinator)
    path = f"/saker/{case.pk}/tidslinje/"
    other = world.client(world.actor(Role.CONTRIBUTOR, world.ppt)).get(path).content.decode()
    assert "er ikke lenger deltaker" in other
    assert "Uenighet med far." not in other
    assert "Uenighet med far." in world.client(world.coordinator).get(path).content.decode()


def test_purpose_and_period_are_changed_without_ending_and_adding(world: World) -> None:
    """Given a school in the case, when its last day is set, then its access ends with that day, and a day that has
    passed is refused."""
    case = a_case(world, level=1)
    (school,) = with_participants(case, world.school)
    consent(case, [world.school])
    client, url = world.client(world.coordinator), f"/deltakere/{school.pk}/endre/"
    day = timezone.localdate()
    form = {"purpose": "Oppfølging på skolen", "knows": "family", "valid_until": day.strftime("%d.%m.%Y")}
    assert client.post(url, form).status_code == 303
    school.refresh_from_db()
    assert (school.purpose, school.knows, school.valid_until, school.ended_at) == (
        "Oppfølging på skolen", "family", day, None,
    )  # fmt: skip
    assert case in cases_for(world.teacher)
    assert case not in cases_for(world.teacher, now=timezone.now() + dt.timedelta(days=1))
    earlier = (day - dt.timedelta(days=1)).strftime("%d.%m.%Y")
    assert client.post(url, {**form, "valid_until": earlier}).status_code == 422
    assert client.post(url, {**form, "valid_until": ""}).status_code == 303
    assert case in cases_for(world.teacher, now=timezone.now() + dt.timedelta(days=1))
    assert world.client(world.teacher).post(url, form).status_code == 403
    assert AuditEvent.objects.filter(verb="participant.changed").count() == 2


def test_services_for_another_age_come_last_and_say_so(world: World) -> None:
    """Given a child of seventeen, then the kindergarten stands among the others, with the ages it is for."""
    world.kindergarten.age_until = 6
    world.kindergarten.save(update_fields=["age_until"])
    case = a_case(world, level=2, birth_date=timezone.localdate().replace(day=1) - dt.timedelta(days=17 * 366))
    fitting, others = to_choose(possible_participants(case, timezone.now()), case)
    assert (fitting[0], others[0]) == ("For barnets alder", "Andre")
    assert [label for _pk, label in others[1]] == ["Fjordvik barnehage (for 0–6 år) – har ingen brukere ennå"]
    assert [service.name for service in around(case, [])][-1] == "Fjordvik barnehage"
