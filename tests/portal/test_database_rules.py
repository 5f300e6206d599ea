"""What the database itself holds: who-and-when pairs, who may write what."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction

from portal.models import AuditEvent
from tests.world import World

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in {"portal", "guideline", "cases", "referrals"}
]


# Always with a time; without a person when a scheduled job did it.
BY_THE_SYSTEM_TOO = {("Task", "opened"), ("Notification", "told")}


def pairs() -> Iterator[tuple[type[models.Model], str]]:
    """Every ``<event>_at`` that has an ``<event>_by``."""
    for model in OURS:
        names = {field.name for field in model._meta.get_fields()}
        for name in sorted(names):
            if name.endswith("_at") and f"{name[:-3]}_by" in names:
                yield model, name[:-3]


@pytest.mark.parametrize(
    ("model", "event"), [pytest.param(*pair, id=f"{pair[0].__name__}-{pair[1]}") for pair in pairs()]
)
def test_when_and_who_go_together(model: type[models.Model], event: str) -> None:
    at, by = model._meta.get_field(f"{event}_at"), model._meta.get_field(f"{event}_by")
    if (not at.null and not by.null) or (not at.null and (model.__name__, event) in BY_THE_SYSTEM_TOO):
        return
    both = {f"{event}_at__isnull", f"{event}_by__isnull"}
    held = [
        constraint.name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and all(word in str(constraint.condition) for word in both)
    ]
    assert held, f"{model.__name__}: {event}_at og {event}_by mangler constraint"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["portal_app", "portal_job"])
@pytest.mark.parametrize("statement", ["UPDATE portal_auditevent SET verb = 'x'", "DELETE FROM portal_auditevent",
                                       "UPDATE portal_statechange SET reason = 'x'", "DELETE FROM portal_statechange",
                                       "DELETE FROM portal_membership", "TRUNCATE portal_auditevent",
                                       "DROP TABLE portal_auditevent", "UPDATE cases_lookedat SET note = 'x'",
                                       "DELETE FROM cases_lookedat"])  # fmt: skip
def test_the_application_cannot_rewrite_the_trail(world: World, role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.django_db
def test_not_even_the_owner_changes_the_trail_by_accident(world: World) -> None:
    AuditEvent.objects.create(at="2026-01-01T00:00:00Z", kind="read", verb="test")
    for change in (lambda: AuditEvent.objects.update(verb="x"), lambda: AuditEvent.objects.all().delete()):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_the_web_alone_may_nothing(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
            " AND EXISTS (SELECT FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee"
            "             WHERE r.rolname IN ('portal_web') OR a.grantee = 0)"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolinherit, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'portal_web'")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'portal_web'"
        )
        assert cursor.fetchone() == (0,)


def test_constraints_have_words_for_people() -> None:
    english = re.compile(r"^Constraint “")
    for model in OURS:
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                assert not english.match(str(constraint.violation_error_message)), constraint.name


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "column"), [("contribution", "external_from"), ("contribution", "external_how"),
                                               ("contributionsection", "delivered_text")])  # fmt: skip
def test_processes_from_before_a_column_came_can_still_write_rows(table: str, column: str) -> None:
    """Given a text column that came after the first release, then the database fills it in where it is not named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default, is_nullable FROM information_schema.columns WHERE table_name = %s"
            " AND column_name = %s",
            [f"referrals_{table}", column],
        )
        assert cursor.fetchone() == ("''::" + ("text" if column == "delivered_text" else "character varying"), "NO")


@pytest.mark.django_db
def test_how_a_consent_was_given_is_not_searched_and_has_no_index() -> None:
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "cases_consent").values()
    assert not [index for index in indexes if index["index"] and "how" in index["columns"]]
