"""What is written once stays: no role of the portal changes, removes or empties the trail, and no setting lets it."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from portal.append_only import TABLES
from portal.models import AuditEvent
from tests.append_only import refuse_emptying

ROLES = ("portal_app", "portal_job", "portal_owner")
OPERATIONS = ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")
every_table = pytest.mark.parametrize("table", sorted(TABLES))
every_operation = pytest.mark.parametrize("operation", OPERATIONS)


def attempt(statement: str, role: str) -> None:
    """Runs a statement as a role, in a savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@every_operation
@every_table
def test_the_trigger_refuses_also_who_has_been_given_the_right(table: str, operation: str, role: str) -> None:
    """Given a role with every privilege on the table, then the trigger alone still refuses."""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON {', '.join(sorted(TABLES))} TO {role}")
    refuse_emptying(table)
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(operation.format(table), role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["portal_app", "portal_job"])
@every_operation
@every_table
def test_the_application_has_no_right_to_try(table: str, operation: str, role: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt(operation.format(table), role)


@pytest.mark.django_db
@every_table
def test_the_login_of_the_web_has_no_right_at_all(table: str) -> None:
    with connection.cursor() as cursor:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN"):
            cursor.execute("SELECT has_table_privilege('portal_web', %s, %s)", [table, right])
            assert cursor.fetchone() == (False,), right


@pytest.mark.django_db
@every_table
def test_no_setting_of_a_session_turns_the_triggers_off(table: str) -> None:
    """Given the setting that every trigger of django-pgtrigger obeys, then these do not; and they fire as replica."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{append_only,no_truncate}', true)")
        with pytest.raises(IntegrityError, match="append-only"):
            attempt(OPERATIONS[1].format(table), "portal_owner")
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgname IN ('append_only', 'no_truncate') ORDER BY 1",
            [table],
        )
        # «A»: always, session_replication_role or not. Tests turn the other off to clean up (tests/append_only.py).
        assert cursor.fetchall() == [("append_only", "A"), ("no_truncate", "D")]


@pytest.mark.django_db
def test_the_migrations_leave_both_triggers_on_always() -> None:
    """The tests' own database is the only one where emptying is let through: the SQL of the guard says «always»."""
    from portal.append_only import guard

    sql = str(guard("x").sql)
    assert "ENABLE ALWAYS TRIGGER append_only" in sql
    assert "ENABLE ALWAYS TRIGGER no_truncate" in sql


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nobody_writes_an_event_into_a_time_that_is_sealed(role: str) -> None:
    """Given a transaction id that is not one's own, then the event is refused; without one it is the database's."""
    insert = "INSERT INTO portal_auditevent (at, kind, verb, user_name, hpr_number, organisation_name, service_name,"
    insert += " role, purpose, basis, subject_type, detail{0}) VALUES (now(), 'read', 'test', '', '', '', '', '', '',"
    insert += " '', '', '{{}}'{1})"
    with pytest.raises(IntegrityError, match="another transaction"):
        attempt(insert.format(", xid", ", '700'"), role)
    attempt(insert.format("", ""), role)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert [AuditEvent.objects.get().xid] == list(cursor.fetchone())


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["portal_app", "portal_job"])
def test_nobody_says_which_number_an_event_has(role: str) -> None:
    """Given that epochs are told apart by the ids of events, then the application cannot choose one."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt("INSERT INTO portal_auditevent (id) VALUES (4611686018427387904)", role)


def test_every_guarded_table_is_one_of_ours() -> None:
    assert set(TABLES) <= {model._meta.db_table for model in apps.get_models()}


@pytest.mark.django_db
def test_seals_are_written_by_jobs_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('portal_app', 'portal_auditseal', 'INSERT'),"
            " has_table_privilege('portal_job', 'portal_auditseal', 'INSERT'),"
            " has_function_privilege('portal_app', 'portal_hold_events()', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False, True, False)
