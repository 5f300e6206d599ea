"""Reading many short lists in one statement: a page may cost twenty in all, and a referral has a dozen lists.

Each list comes back as model instances with what its ``select_related`` names, as if it had been read by itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

Tree = dict[str, Any]
SqlParts = tuple[str, tuple[str | int, ...]]


class WholeRow(models.Func):
    """A table's row as JSON, found by one of its columns. Naming every column costs ten times as much to compile."""

    output_field = models.JSONField()

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> SqlParts:
        """``to_jsonb(alias)``; null where an outer join found nothing."""
        column: Any = self.source_expressions[0]
        return f"to_jsonb({compiler.quote_name_unless_alias(column.alias)})", ()


def read_together(owner: "QuerySet[Any]", **lists: "QuerySet[Any]") -> dict[str, list[Any]]:
    """The rows of every queryset, by name. ``owner`` is a queryset of exactly one row that carries them. One statement.

    Binary columns are left out (unread). Filters must hold their values, not refer to the owner.
    """
    trees = {name: _tree(queryset) for name, queryset in lists.items()}
    columns = {
        f"list_{name}": ArraySubquery(queryset.select_related(None).values(row=_object(queryset.model, trees[name])))
        for name, queryset in lists.items()
    }
    row = owner.order_by().values(**columns).get()
    return {name: [_instance(lists[name].model, data, trees[name]) for data in row[f"list_{name}"]] for name in lists}


def attach(owners: Iterable[Any], name: str, rows: Iterable[Any], by: str) -> None:
    """Gives each owner its rows as ``owner.<name>.all()``, as a prefetch does; ``by`` is their column of the owner."""
    mine: dict[Any, list[Any]] = {}
    for row in rows:
        mine.setdefault(getattr(row, by), []).append(row)
    for owner in owners:
        queryset = getattr(owner, name).all()
        queryset._result_cache, queryset._prefetch_done = mine.get(owner.pk, []), True
        owner._prefetched_objects_cache = getattr(owner, "_prefetched_objects_cache", {}) | {name: queryset}


def _tree(queryset: "QuerySet[Any]") -> Tree:
    related = queryset.query.select_related
    return related if isinstance(related, dict) else {}


def _read(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.BinaryField)]


def _object(model: type[models.Model], tree: Tree, prefix: str = "") -> "models.Func":
    """One JSON object per row: the row itself under «row», and each related row as an object under «+name»."""
    related = {f"+{name}": _object(_target(model, name), below, f"{prefix}{name}__") for name, below in tree.items()}
    return JSONObject(row=_row(model, prefix), **related)


def _row(model: type[models.Model], prefix: str) -> "models.Func":
    fields = _read(model)
    if len(fields) < len(model._meta.concrete_fields):
        # Bytes can be many, and are not for lists.
        columns: dict[str, Any] = {str(field.column): F(f"{prefix}{field.attname}") for field in fields}
        return JSONObject(**columns)
    # Any column of its own will do; the key of a related row would be read from the column that points to it.
    own = next(field for field in fields if not field.primary_key)
    return WholeRow(F(f"{prefix}{own.attname}"))


def _target(model: type[models.Model], name: str) -> type[models.Model]:
    target = model._meta.get_field(name).related_model
    assert isinstance(target, type)
    return target


def _instance(model: type[models.Model], data: Mapping[str, Any], tree: Tree) -> Any:
    """The row as an instance; a related row that is null has no primary key."""
    fields, row = _read(model), data["row"]
    if row is None or row[model._meta.pk.column] is None:
        return None
    made = model.from_db("default", [f.attname for f in fields], [_python(f, row[f.column]) for f in fields])
    for name, below in tree.items():
        setattr(made, name, _instance(_target(model, name), data[f"+{name}"], below))
    return made


def _python(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)
