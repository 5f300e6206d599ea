"""Unusual access: what a service's leader is shown, what it does not tell, and how a finding is closed."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.unusual import end_acquaintance, look_at, record_acquaintance
from cases.models import Acquaintance, Case, LookedAt
from cases.unusual import Finding, findings_for, found_in, most_in_an_hour, opened_by
from portal.access import Denied
from portal.answering import Invalid
from portal.context import Actor
from portal.ids import uuid7
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db
OSLO = timezone.get_default_timezone()
# A Tuesday at ten, in a week without holidays; everything is looked at the day after.
TUESDAY = dt.datetime(2026, 9, 15, 10, 0, tzinfo=OSLO)
LATER = TUESDAY + dt.timedelta(days=1)


def opened(who: Actor, at: dt.datetime, case: Case | None = None, **given: object) -> AuditEvent:
    """An opening of a case, as ``audit.record_read`` writes it, at another time than now."""
    words = {"kind": "read", "verb": "case.overview", "case_id": case.pk if case else uuid7(), **given}
    return AuditEvent.objects.create(
        at=at, user_id=who.person.pk, user_name=who.name, service_id=who.service_id, service_name=who.unit.name,
        role=who.role, **words,
    )  # fmt: skip


def found(world: World, now: dt.datetime = LATER) -> list[Finding]:
    """The findings of the school."""
    return findings_for(world.school, now)


def a_shared_case(world: World) -> Case:
    """A case that the school takes part in."""
    case = a_case(world, level=1)
    with_participants(case, world.school)
    consent(case, [world.school])
    return fresh(case)


def leader(world: World) -> Actor:
    return world.actor(Role.SERVICE_LEADER, world.school)


def page_of(client: Client) -> str:
    """The list as the leader reads it."""
    answer = client.get("/oppslag/")
    assert answer.status_code == 200
    html = answer.content.decode()
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize(("minutes", "expected"), [(2, 20), (4, 0)])
def test_twenty_different_cases_within_an_hour(world: World, minutes: int, expected: int) -> None:
    """Given twenty cases opened with two, or four, minutes between; then only the first are within one hour."""
    for n in range(20):
        opened(world.teacher, TUESDAY + dt.timedelta(minutes=n * minutes))
    assert [finding.most for finding in found(world) if finding.kind == "many"] == ([expected] if expected else [])


def test_the_same_case_many_times_is_one_case(world: World) -> None:
    case = a_case(world)
    for n in range(30):
        opened(world.teacher, TUESDAY + dt.timedelta(minutes=n), case)
    assert found(world) == []


def test_a_list_is_no_opening_and_neither_is_writing(world: World) -> None:
    for n in range(30):
        opened(world.teacher, TUESDAY, detail={"list": True})
        opened(world.teacher, TUESDAY, kind="write")
        opened(world.coordinator, TUESDAY + dt.timedelta(seconds=n))
    assert found(world) == []


def test_the_hour_slides() -> None:
    """Whatever clock hour it falls in; and an opening exactly an hour earlier is outside."""
    ids = [uuid7() for _n in range(3)]
    at = [TUESDAY + dt.timedelta(minutes=m) for m in (40, 70, 100)]
    assert most_in_an_hour(list(zip(at, ids, strict=True))) == 2
    assert most_in_an_hour([(at[0], ids[0]), (at[0] + dt.timedelta(minutes=59), ids[1])]) == 2
    assert most_in_an_hour([]) == 0


@pytest.mark.parametrize(
    ("at", "unusual"),
    [
        ("2026-09-15T05:59", True),
        ("2026-09-15T06:00", False),
        ("2026-09-15T19:59", False),
        ("2026-09-15T20:00", True),
        ("2026-09-12T11:00", True),  # A Saturday.
        ("2026-05-14T11:00", True),  # Ascension Day.
        ("2026-05-15T11:00", False),  # The Friday after it.
    ],
)
def test_out_of_hours_by_the_norwegian_calendar(world: World, at: str, unusual: bool) -> None:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=OSLO)
    opened(world.teacher, moment)
    seen = found(world, moment + dt.timedelta(days=1))
    assert [finding.kind for finding in seen] == (["hours"] if unusual else [])


def test_a_service_that_works_at_night_is_not_asked_about_it(world: World) -> None:
    doctor = world.actor(Role.EMERGENCY_CLINIC, world.emergency_clinic)
    opened(doctor, TUESDAY.replace(hour=3))
    assert findings_for(world.emergency_clinic, LATER) == []


def test_what_is_older_than_a_month_is_not_listed(world: World) -> None:
    opened(world.teacher, TUESDAY.replace(hour=3))
    assert len(found(world)) == 1
    assert found(world, TUESDAY + dt.timedelta(days=40)) == []


def test_the_person_the_family_named_is_listed_and_a_colleague_is_not(world: World) -> None:
    """Given that the family knows one teacher; when two open the case; then one finding tells of the one."""
    case, other = a_shared_case(world), world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    record_acquaintance(case=case, service=world.school, person=world.teacher.person, by=world.coordinator)
    opened(world.teacher, TUESDAY, case)
    opened(other, TUESDAY, case)
    assert [(row.kind, row.user_id, row.case_id) for row in found(world)] == [
        ("known", world.teacher.person.pk, case.pk)
    ]


def test_somebody_in_the_service_is_anybody_there_until_it_is_taken_back(world: World) -> None:
    case, other = a_shared_case(world), world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    flag = record_acquaintance(case=case, service=world.school, person=None, by=world.coordinator)
    opened(world.teacher, TUESDAY, case)
    opened(other, TUESDAY, case)
    assert len(found(world)) == 2
    end_acquaintance(acquaintance=flag, by=world.coordinator)
    Acquaintance.objects.filter(pk=flag.pk).update(ended_at=TUESDAY + dt.timedelta(hours=1))
    assert len(found(world)) == 2
    opened(other, TUESDAY + dt.timedelta(hours=2), case)
    assert {finding.last_at for finding in found(world)} == {TUESDAY}
    assert {row.verb for row in AuditEvent.objects.filter(verb__startswith="acquaintance.")} == {
        "acquaintance.recorded", "acquaintance.ended",
    }  # fmt: skip


def test_what_the_family_says_is_recorded_once_by_the_holders_side(world: World) -> None:
    case = a_shared_case(world)
    said = {"case": case, "service": world.school, "person": None}
    assert record_acquaintance(**said, by=world.coordinator) == record_acquaintance(**said, by=world.coordinator)
    with pytest.raises(Denied):
        record_acquaintance(**said, by=world.teacher)
    with pytest.raises(Invalid):
        record_acquaintance(**{**said, "service": world.ppt}, by=world.coordinator)
    row = Acquaintance.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Acquaintance.objects.create(
            case=case, service=world.school, recorded_at=row.recorded_at, recorded_by=row.recorded_by
        )


def test_the_holder_records_it_on_a_page_and_takes_it_back(world: World) -> None:
    case = a_shared_case(world)
    client, url = world.client(world.coordinator), f"/saker/{case.pk}/kjennskap/"
    assert url in client.get(f"/saker/{case.pk}/deltakere/").content.decode()
    who = f"{world.school.pk}.{world.teacher.person.pk}"
    assert client.post(url, {"who": who, "note": "Naboen vår"}).status_code == 303
    assert "Naboen vår" in client.get(url).content.decode()
    assert client.post(url, {"who": "tull"}).status_code == 422
    row = Acquaintance.objects.get(ended_at__isnull=True)
    assert client.post(f"/kjennskap/{row.pk}/ta-bort/").status_code == 303
    assert not Acquaintance.objects.filter(ended_at__isnull=True).exists()
    assert world.client(world.teacher).get(url).status_code == 403
    assert world.client(world.intake).get(url).status_code == 404


def test_a_leader_reads_of_the_own_service_and_leaves_an_event(world: World) -> None:
    """Given a night's opening in two services; then each leader reads of the own, and the reading is logged."""
    night = timezone.now().replace(hour=1, minute=0)
    opened(world.teacher, night)
    opened(world.coordinator, night)
    html = page_of(world.client(leader(world)))
    assert world.teacher.name in html
    assert world.coordinator.name not in html
    read = AuditEvent.objects.get(verb="unusual.list")
    assert (read.user_id, read.case_id, read.detail) == (leader(world).person.pk, None, {"findings": 1})


def test_nobody_else_opens_the_list(world: World) -> None:
    assert world.client(world.teacher).get("/oppslag/").status_code == 403
    assert "/oppslag/" not in world.client(world.teacher).get("/innboks/").content.decode()
    assert "/oppslag/" in world.client(leader(world)).get("/innboks/").content.decode()


def test_a_case_is_named_by_reference_only_where_the_leader_may_see_it(world: World) -> None:
    """Given two cases opened at night, one that the school is in; then the other is «en sak», and no child is named."""
    shared, alien = a_shared_case(world), a_case(world, name="Bo Hemmelig")
    night = timezone.now().replace(hour=1, minute=0)
    opened(world.teacher, night, shared)
    opened(world.teacher, night, alien)
    html = page_of(world.client(leader(world)))
    assert shared.reference in html
    assert alien.reference not in html
    assert str(alien.pk) not in html
    assert "en sak" in html
    for child in ("Ada Fjord", "Bo Hemmelig"):
        assert child not in html


def test_a_finding_that_is_looked_at_comes_back_only_with_something_new(world: World) -> None:
    """Given a finding; when the leader notes what it was; then it is gone until the person does more that day."""
    night = timezone.now().replace(hour=1, minute=0)
    opened(world.teacher, night)
    client = world.client(leader(world))
    (finding,) = findings_for(world.school, timezone.now())
    assert client.post("/oppslag/", {"finding": finding.key, "note": ""}).status_code == 422
    assert client.post("/oppslag/", {"finding": finding.key, "note": "Var på vakt"}).status_code == 303
    html = page_of(client)
    assert "Ingen uvanlige oppslag" in html
    assert "Var på vakt" in html
    opened(world.teacher, night + dt.timedelta(minutes=5))
    assert len(findings_for(world.school, timezone.now())) == 1
    # What was looked at meanwhile, or has grown, cannot be closed by an old page.
    assert client.post("/oppslag/", {"finding": finding.key, "note": "Igjen"}).status_code == 303
    assert LookedAt.objects.count() == 1


def test_nobody_looks_at_their_own_access(world: World) -> None:
    mine = leader(world)
    opened(mine, timezone.now().replace(hour=1, minute=0))
    (finding,) = findings_for(world.school, timezone.now())
    with pytest.raises(Denied):
        look_at(finding=finding, note="Bare meg", by=mine)
    answer = world.client(mine).post("/oppslag/", {"finding": finding.key, "note": "Bare meg"})
    assert answer.status_code == 403
    deputy = world.actor(Role.DEPUTY, world.school)
    assert look_at(finding=finding, note="Avklart", by=deputy).seen_by_id == deputy.person.pk


def test_what_was_looked_at_cannot_be_changed(world: World) -> None:
    opened(world.teacher, timezone.now().replace(hour=1, minute=0))
    (finding,) = findings_for(world.school, timezone.now())
    seen = look_at(finding=finding, note="Avklart", by=leader(world))
    for change in (lambda: LookedAt.objects.filter(pk=seen.pk).update(note="x"), lambda: seen.delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_a_closed_case_takes_no_more_of_what_the_family_says(world: World) -> None:
    from cases.actions.closing import close_case

    case = a_shared_case(world)
    close_case(case=case, code="goal_reached", reason="Bra nå", by=world.coordinator)
    with pytest.raises(MovedOn):
        record_acquaintance(case=case, service=world.school, person=None, by=world.coordinator)


def test_the_list_costs_the_same_with_many_more_findings(world: World) -> None:
    """Given findings of every kind; when there are ten times as many; then the page takes no more statements."""
    case, client, costs = a_shared_case(world), world.client(leader(world)), []
    record_acquaintance(case=case, service=world.school, person=None, by=world.coordinator)
    night = timezone.now().replace(hour=1, minute=0)
    client.get("/oppslag/")
    for people in range(1, 11, 9):
        for n in range(people):
            who = world.actor(Role.CONTRIBUTOR, world.school, f"Person nr. {people} {n}")
            opened(who, night, case)
            for _m in range(21):
                opened(who, night)
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/oppslag/").status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 20


def test_the_trail_is_read_by_service_and_time(world: World) -> None:
    """Given a trail of a hundred services over two years; then the last month of one is found by the index."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=TUESDAY - dt.timedelta(days=n % 700), kind="read", verb="case.overview", user_id=uuid7(),
            service_id=uuid.UUID(int=n % 100), case_id=uuid7(),
        )
        for n in range(5000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE portal_auditevent")
    plan = opened_by(world.school, TUESDAY - dt.timedelta(days=30)).order_by().explain()
    assert "auditevent_service_reads" in plan


def test_taking_it_back_takes_back_nothing_that_was_opened(world: World) -> None:
    """Given a case opened while the family's word stood; when it is taken back; then the leader still has it to look
    at; and the one it is about leaves the taking back to a colleague."""
    case = a_case(world, level=1)
    row = record_acquaintance(
        case=case, service=world.coordinating_unit, person=world.coordinator.person, by=world.coordinator
    )
    opened(world.coordinator, timezone.now(), case)
    with pytest.raises(MovedOn):
        end_acquaintance(acquaintance=row, by=world.coordinator)
    colleague = world.actor(Role.COORDINATING_UNIT, world.coordinating_unit)
    end_acquaintance(acquaintance=row, by=colleague)
    assert "known" in [f.kind for f in found_in(world.coordinating_unit, timezone.now())]
