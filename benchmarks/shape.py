"""What belongs to a case, read from the models: which columns a copy of a case must have renamed."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from cases.models import Case, Child
from portal.models import AuditEvent, Membership, Service, StateChange, User
from portal.models.transaction_id import TransactionIdField

# Every so many copies live in a place of their own: services, people and memberships of that place.
COPIES_IN_A_PLACE = 20
PLACE_TABLES: tuple[type[models.Model], ...] = (Service, User, Membership)
TRAIL: tuple[type[models.Model], ...] = (StateChange, AuditEvent)
# Columns that hold an id without being foreign keys.
OF_CASE = {"subject_id", "url_id", "case_id", "child_id"}
OF_PLACE = {"user_id", "service_id", "principal_id"}


def case_tables() -> list[type[models.Model]]:
    """The models whose rows belong to one case, found by following the foreign keys from child and case; then the
    trail."""
    found: list[type[models.Model]] = [Child, Case]
    candidates = [*apps.get_app_config("cases").get_models(), *apps.get_app_config("referrals").get_models()]
    grew = True
    while grew:
        grew = False
        for model in candidates:
            if model not in found and any(field.related_model in found for field in foreign_keys(model)):
                found.append(model)
                grew = True
    return [*found, *TRAIL]


def foreign_keys(model: type[models.Model]) -> Iterable[models.ForeignKey]:
    """The foreign keys and one-to-one fields of a model."""
    return (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))


def copied_columns(model: type[models.Model], of_case: set[type[models.Model]]) -> dict[str, str]:
    """Column → SQL that gives its value in copy ``n`` of the row ``s``. Identity columns and transactions are left to
    the database."""
    return {
        field.column: expression(field, of_case)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | TransactionIdField)
    }


def expression(field: "models.Field", of_case: set[type[models.Model]]) -> str:
    """The value of one column in copy ``n``."""
    column = f's."{field.column}"'
    target = field.related_model if isinstance(field, models.ForeignKey) else None
    if target in of_case or field.primary_key or (target is None and field.column in OF_CASE):
        return renamed(column, "n")
    if target in PLACE_TABLES or (target is None and field.column in OF_PLACE):
        return f"CASE WHEN n < {COPIES_IN_A_PLACE} THEN {column} ELSE {renamed(column, f'n / {COPIES_IN_A_PLACE}')} END"
    if field.column == "reference":
        # NT-2026-000017-K: the running number goes on; a copy's check letter is nobody's concern.
        number = f"substr({column}, 9, 6)::int + n * (SELECT count(*) FROM bench.cases_case)"
        return (
            f"CASE WHEN {column} = '' THEN '' ELSE overlay({column} PLACING lpad(({number})::text, 6, '0') FROM 9) END"
        )
    if field.column == "number_hash":
        return f"CASE WHEN {column} = '' THEN '' ELSE {column} || ':' || n END"
    if field.unique:
        return f"{column} || '-' || n"
    return column


def renamed(column: str, number: str) -> str:
    """An id with another beginning: unique, in the order of the copies, and known without looking anything up."""
    return f"(lpad(to_hex({number}), 8, '0') || right({column}::text, 28))::uuid"


def place_columns(model: type[models.Model]) -> dict[str, str]:
    """Column → SQL that gives its value in place ``n`` of a service, a person or a membership."""
    columns = {}
    for field in model._meta.concrete_fields:
        column = f's."{field.column}"'
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        if field.primary_key or target in PLACE_TABLES:
            columns[field.column] = renamed(column, "n")
        elif field.column == "email":
            columns[field.column] = f"n || '.' || {column}"
        else:
            columns[field.column] = f"{column} || '-' || n" if field.unique else column
    return columns
