"""Gives the application's roles exactly what they need in each table; run by the owner after every migrate."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from portal.append_only import TABLES as APPEND_ONLY
from portal.policies import bring_into_line

# What jobs alone write, and the application only reads: seals, and who may be in a case (whoever could write there
# could let themselves in).
WRITTEN_BY_JOBS = {"portal_auditseal", "cases_caseaccess"}
# What the database alone gives: nobody may say which number an event has.
GIVEN = {"portal_auditevent": {"id"}}
# Housekeeping tables where rows come and go; nothing of a case is among them.
DELETABLE = {
    "portal_session",
    "portal_kepttext",
    # Removed with the attempt it belongs to.
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
    "mfa_authenticator",
}


class Command(BaseCommand):
    """``grant_roles``: SELECT, INSERT, UPDATE for portal_app and portal_job; less for the trail, DELETE for
    sessions."""

    help = "Gir rollene portal_app og portal_job rettigheter til tabellene."

    def handle(self, *args: Any, **options: Any) -> None:
        """Revokes and grants in one transaction, so that no request sees a half-granted schema."""
        tables = sorted(
            {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
        )
        columns = {
            model._meta.db_table: {str(field.column) for field in model._meta.concrete_fields}
            for model in apps.get_models()
        }
        existing = set(connection.introspection.table_names())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("GRANT USAGE ON SCHEMA public TO portal_app, portal_job, portal_web")
            for table in tables:
                if table not in existing:
                    continue
                name = connection.ops.quote_name(table)
                cursor.execute(f"REVOKE ALL ON {name} FROM portal_app, portal_job, portal_web")
                for role in ("portal_app", "portal_job"):
                    cursor.execute(f"GRANT {privileges(table, role)} ON {name} TO {role}")
                if table in GIVEN:
                    said = ", ".join(sorted(columns[table] - GIVEN[table]))
                    cursor.execute(f"REVOKE INSERT ON {name} FROM portal_app, portal_job")
                    cursor.execute(f"GRANT INSERT ({said}) ON {name} TO portal_app, portal_job")
            # A health check before any request has a role must see that migrations have been run.
            cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_app, portal_job")
            changed = bring_into_line(cursor)
        self.stdout.write(f"Rettigheter gitt for {len(tables)} tabeller. Regler for rader: {changed} endret.")


def privileges(table: str, role: str) -> str:
    """The privileges of one of the application's roles in a table."""
    if table == "django_migrations" or (table in WRITTEN_BY_JOBS and role == "portal_app"):
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table in DELETABLE:
        return "SELECT, INSERT, UPDATE, DELETE"
    return "SELECT, INSERT, UPDATE"
