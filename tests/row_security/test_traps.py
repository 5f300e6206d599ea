"""The ways in which row-level security is known to fail without a sound, each tried."""

import uuid

import pytest
from django.core.checks import Error
from django.db import ProgrammingError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from cases.models import Case, CaseAccess, CaseHolder, Child, Measure, Participant, Scope
from portal import audit
from portal.actions.entrance import STRONG, attach_actor
from portal.append_only import TABLES
from portal.checks import owns_nothing, too_mighty
from portal.context import Actor, as_job, portal_context, system_actor
from portal.models import AuditEvent, Role
from portal.policies import PROTECTED
from referrals.models import Referral
from tests.access.rich import Rich
from tests.world import World

pytestmark = pytest.mark.django_db


def stranger(world: World) -> Actor:
    return world.actor(Role.COORDINATOR, world.other_school)


def rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_without_a_context_there_are_no_rows(rich: Rich) -> None:
    """Given everything laid out; when nobody has said who asks, then every protected table is empty."""
    assert all(rows_in(table) for table in ("cases_case", "cases_child", "referrals_referral"))
    with portal_context(None):
        assert {table: rows_in(table) for table in PROTECTED if rows_in(table)} == {}


@pytest.mark.parametrize("right", ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_who_connects_has_no_rights_before_a_role_is_taken_on(right: str) -> None:
    """Code outside the frame fails loudly instead of finding nothing: the web's own login may do nothing anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege('portal_web', oid, %s)",
            [right],
        )
        assert cursor.fetchall() == []


def test_the_owner_is_bound_by_no_policy_and_may_therefore_not_serve(settings: object) -> None:
    """Given the tests' own connection, the owner's; then the check that runs before the portal serves says no."""
    with connection.cursor() as cursor:
        assert too_mighty(cursor)
        cursor.execute("SET LOCAL ROLE portal_app")
        assert too_mighty(cursor), "who can take the owner's role back is as mighty"
    settings.AS_OWNER = False
    assert [type(found) for found in owns_nothing(None, databases=["default"])] == [Error]


def test_a_system_job_sees_all_and_a_person_after_it_only_their_own(rich: Rich) -> None:
    """Given one connection; when a job is followed by a stranger's request, then nothing of the job's sight is left."""
    with portal_context(system_actor("prøve")):
        assert Case.objects.count() > 3
    with portal_context(stranger(rich.world)):
        assert Case.objects.count() == 0
        with as_job():
            assert Case.objects.count() > 3
            with as_job():
                pass
            assert Case.objects.count() > 3, "the inner one does not take the outer one's role away"
        assert Case.objects.count() == 0


def test_nobody_lets_themselves_in(rich: Rich) -> None:
    """Given a stranger's request; then access cannot be written, nor what access is worked out from, nor the log in
    another's name; and what is not seen is not changed."""
    world, case, now = rich.world, rich.case, timezone.now()
    row = Participant.objects.filter(case=case).first()
    assert row is not None
    with portal_context(stranger(world)):
        for refused in (
            lambda: CaseAccess.objects.create(
                case=case, principal_id=world.other_school.pk, basis="holder", scope=Scope.CASE, valid_from=now
            ),
            lambda: Participant.objects.create(
                case=case, service=world.other_school, purpose="x", valid_from=now.date(), added_at=now,
                added_by=stranger(world).person,
            ),
            lambda: audit.record(world.coordinator, "case.overview", case_id=case.pk),
        ):  # fmt: skip
            with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"), transaction.atomic():
                refused()
        assert Participant.objects.filter(pk=row.pk).update(service=world.other_school) == 0
        assert Case.objects.filter(pk=case.pk).update(level=3) == 0
    with portal_context(world.teacher), pytest.raises(ProgrammingError), transaction.atomic():
        # In the case already: a place in it does not let one widen it.
        CaseAccess.objects.filter(case=case).update(until=None)


@pytest.mark.parametrize("scope", [Scope.CONTRIBUTION, Scope.CONSULTATION, Scope.OWN])
def test_a_place_outside_the_case_changes_nothing_that_gives_access(rich: Rich, scope: str) -> None:
    """Given a service that is only asked; then it can make itself neither holder nor referrer, nor offer itself the
    case."""
    world, case = rich.world, rich.case
    asked = world.actor(Role.CONTRIBUTOR, world.kindergarten)
    CaseAccess.objects.create(
        case=case, principal_id=world.kindergarten.pk, basis="prøve", scope=scope, valid_from=timezone.now()
    )
    with portal_context(asked):
        for refused in (
            lambda: Case.objects.filter(pk=case.pk).update(holder=asked.seat),
            lambda: Referral.objects.filter(case=case).update(referrer=asked.seat),
            lambda: CaseHolder.objects.create(
                case=case, membership=asked.seat, state="offered", offered_at=timezone.now(), offered_by=asked.person
            ),
        ):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                refused()


@pytest.mark.parametrize("table", sorted(PROTECTED))
def test_nothing_is_hung_on_a_case_that_is_not_seen(rich: Rich, table: str) -> None:
    """A foreign key is checked past the policies, so each table that hangs on a case has one of its own: a row copied
    from another's case, as the stranger, is refused."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM {table} LIMIT 1")
        cursor.execute("SELECT count(*) FROM copied")
        if cursor.fetchone() == (0,):
            assert table in EMPTY_IN_THE_RICH_WORLD
            return
        cursor.execute("SELECT pg_typeof(id)::text FROM copied")
        (kind,) = cursor.fetchone()
        cursor.execute("UPDATE copied SET id = %s", [str(uuid.uuid4()) if kind == "uuid" else 10**15])
        cursor.execute("GRANT SELECT ON copied TO portal_app")
    closed = pytest.raises(ProgrammingError, match=r"row-level security|permission denied")
    with portal_context(stranger(rich.world)), connection.cursor() as cursor, closed, transaction.atomic():
        cursor.execute(f"INSERT INTO {table} SELECT * FROM copied")


# Of these the rich world has no row to copy; what they say is what the others of their kind say.
EMPTY_IN_THE_RICH_WORLD = {
    "cases_consentwithdrawal",
    "cases_levelstepdone",
    "cases_lookedat",
    "cases_waiver",
    "referrals_intakedecision",
    "referrals_rendereddocument",
    "referrals_treatmentstart",
    "referrals_urgencychange",
}


def test_locking_skips_what_is_not_seen_and_takes_what_is(rich: Rich) -> None:
    """``FOR UPDATE`` asks the policies of both reading and changing; with only one of them it finds nothing."""
    seen = Measure.objects.filter(case=rich.case).count()
    assert seen
    for table in PROTECTED:
        with portal_context(rich.world.coordinator), connection.cursor() as cursor:
            if table in {"cases_caseaccess", *TABLES}:
                # Nobody changes these, and so nobody locks them.
                continue
            count = rows_in(table)
            cursor.execute(f"SELECT FROM {table} FOR UPDATE SKIP LOCKED")
            assert len(cursor.fetchall()) == count, table
    with portal_context(stranger(rich.world)):
        assert not Measure.objects.select_for_update(skip_locked=True).exists()


def test_what_a_place_does_not_open_stays_shut_by_role(rich: Rich) -> None:
    """Given a leader of a municipality in the holder's own service; then not one row of a case is theirs."""
    leader = rich.world.actor(Role.MUNICIPALITY_LEADER, rich.world.coordinating_unit)
    with portal_context(leader):
        assert Case.objects.count() == 0
        assert Child.objects.count() == 0
    with portal_context(rich.world.coordinator):
        assert Child.objects.count() > 0


def test_a_policy_judges_by_the_instant(rich: Rich) -> None:
    """Given a place that ended this second; then the rows are gone in the next statement of the same transaction."""
    world = rich.world
    with portal_context(world.teacher):
        assert Case.objects.filter(pk=rich.case.pk).exists()
        with as_job():
            CaseAccess.objects.filter(case=rich.case, principal_id=world.school.pk).update(until=timezone.now())
        assert not Case.objects.filter(pk=rich.case.pk).exists()


def test_the_log_is_read_by_those_in_the_case_and_by_the_one_it_names(rich: Rich) -> None:
    """Given reads by several; then a stranger finds only what they did themselves."""
    outsider = stranger(rich.world)
    with portal_context(outsider):
        audit.record_read(outsider, "inbox")
        assert {event.user_id for event in AuditEvent.objects.all()} == {outsider.person.pk}


def test_a_password_alone_shows_no_row(rich: Rich, settings: object) -> None:
    """Given a session that only a password has opened; when its first request has begun, then the database knows the
    person and no service, whatever the gate lets through."""
    settings.PORTAL_REQUIRE_MFA = True
    request = RequestFactory().get("/")
    request.user, request.session = rich.world.coordinator.person, {}
    with portal_context(None):
        attach_actor(request)
        assert request.actor.membership is not None
        assert Case.objects.count() == 0
        request.session = {STRONG: True}
        attach_actor(request)
        assert Case.objects.count() > 0
