"""Every table is accounted for: protected by a policy, or open for a reason; and the database has what is declared."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from portal import policies

pytestmark = pytest.mark.django_db
APPLICATION = {"portal_app", "portal_job"}


def answers(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_every_model_is_protected_or_open_for_a_reason() -> None:
    """Given all models; then each has a policy or a reason why it holds nothing of a child, and none has both."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    protected, open_ = set(policies.PROTECTED), set(policies.OPEN)
    assert tables - protected - open_ == set(), "Si i policies.py hvem som ser radene, eller hvorfor alle kan."
    assert (protected | open_) - tables == set()
    assert protected & open_ == set()
    assert all(len(reason) > 20 for reason in policies.OPEN.values())


def test_whoever_points_to_a_case_or_a_child_is_protected() -> None:
    """Given the tables named as open; then none of them leads to a child, by a key or by an id of its own."""
    wrong = [
        model.__name__
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in policies.OPEN
        for field in model._meta.concrete_fields
        if field.column in {"case_id", "child_id", "referral_id", "consent_id", "guardian_id"}
    ]
    assert wrong == []


def test_the_database_has_what_is_declared_and_nothing_else() -> None:
    """Given the test database; then exactly the declared policies stand, and row-level security is on in their
    tables."""
    standing = set(
        answers("SELECT tablename, policyname, cmd, roles::text FROM pg_policies WHERE schemaname = 'public'")
    )
    wanted = {(p.table, p.name, p.command, f"{{{p.role}}}") for p in policies.policies()}
    assert standing == wanted
    on = {table for (table,) in answers("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")}
    assert on == set(policies.PROTECTED)


def test_a_second_run_changes_nothing() -> None:
    """Given policies in line; when they are brought into line again; then nothing is dropped or locked."""
    with connection.cursor() as cursor:
        assert policies.bring_into_line(cursor) == 0


def test_a_changed_or_foreign_policy_is_put_right() -> None:
    """Given a policy somebody widened and one that nobody declared; when rights are given; then both are put right."""
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY app_all ON cases_child")
        cursor.execute("CREATE POLICY app_all ON cases_child TO portal_app USING (true)")
        cursor.execute("CREATE POLICY backdoor ON cases_guardian TO portal_app USING (true)")
    call_command("grant_roles", stdout=io.StringIO())
    test_the_database_has_what_is_declared_and_nothing_else()
    (using,) = answers("SELECT qual FROM pg_policies WHERE tablename = 'cases_child' AND policyname = 'app_all'")[0]
    assert using != "true"


def test_nothing_in_the_schema_goes_around_the_policies() -> None:
    """Given the schema; then no view shows rows in its owner's name, no function runs with its owner's rights but the
    one that waits for writers of the log, and the application's roles own nothing, are no superusers and bypass
    nothing."""
    assert answers("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    definers = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert answers(definers) == [("portal_hold_events",)], "it locks, and gives nothing back"
    mighty = "SELECT rolname FROM pg_roles WHERE rolname IN ('portal_app', 'portal_job', 'portal_web')"
    assert answers(f"{mighty} AND (rolsuper OR rolbypassrls OR rolcreaterole)") == []
    owners = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert {owner for (owner,) in answers(owners)} == {"portal_owner"}
