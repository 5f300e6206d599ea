"""Short lists beside a row, as JSON in the same statement: PostgreSQL builds them, dataclasses give them their types
back."""

import datetime as dt
import uuid
from dataclasses import fields
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

Row = TypeVar("Row")


def rows(
    queryset: "QuerySet[Any]",
    shape: type[Any],
    /,
    *,
    match: dict[str, Any] | None = None,
    limit: int | None = None,
    **sources: str,
) -> ArraySubquery:
    """A list of JSON objects with the fields of a dataclass; ``sources`` names columns called something else."""
    columns = {field.name: F(sources.get(field.name, field.name)) for field in fields(shape)}
    chosen = queryset.filter(**(match or {"case_id": OuterRef("pk")})).values(row=JSONObject(**columns))
    return ArraySubquery(chosen[:limit] if limit else chosen)


def typed(kind: type[Row], data: dict[str, Any]) -> Row:
    """JSON has neither dates nor ids: names tell which is which (``_on`` dates, ``_at`` instants, ``_id`` ids)."""
    return kind(**{name: _value(name, value) for name, value in data.items()})


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "id" or name.endswith("_id"):
        return uuid.UUID(value)
    if name.endswith("_on") or name in {"valid_from", "valid_until"}:
        return dt.date.fromisoformat(value)
    if name == "at" or name.endswith("_at"):
        return dt.datetime.fromisoformat(value)
    return value
