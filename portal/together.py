"""Reading many short lists in one statement: a page may cost twenty in all, and a referral has a dozen lists.

Each list comes back as model instances with what its ``select_related`` names, as if it had been read by itself.
"""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from portal.statement import Statement, Value

Tree = dict[str, Any]
SqlParts = tuple[str, tuple[str | int, ...]]
Lists = Callable[..., tuple["QuerySet[Any]", dict[str, "QuerySet[Any]"]]]


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


class Rows:
    """Decorates a function that returns a queryset; calling it reads the rows. One statement (``portal.statement``).

    As ``list(queryset)``, for what is read on every page: the function takes ids, lists of ids and instants by keyword
    and may only filter by them. Related rows come as ``select_related`` names them; binary columns are left unread.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any]"]) -> None:
        functools.update_wrapper(self, build)
        self._rows = build
        self._shape: tuple[type[models.Model], Tree] | None = None
        self._statement = Statement(self._build)

    def __call__(self, **given: Value) -> list[Any]:
        """The rows as instances, in the queryset's order."""
        rows = self._statement(**given)
        assert self._shape is not None
        model, tree = self._shape
        return [_instance(model, json.loads(data), tree) for (data,) in rows]

    def _build(self, **given: Value) -> "QuerySet[Any, Any]":
        queryset = self._rows(**given)
        self._shape = (queryset.model, _tree(queryset))
        return queryset.select_related(None).values(row=_object(*self._shape))


class Together:
    """Decorates a function that names the lists; calling it reads them. One statement (``portal.statement``).

    The function takes ids and instants by keyword and returns ``(owner, lists)``: a queryset of exactly one row that
    carries the lists, and a queryset per name. It may only filter by its arguments, never look at them. Binary columns
    are left out (unread).
    """

    def __init__(self, lists: Lists) -> None:
        functools.update_wrapper(self, lists)
        self._lists = lists
        self._shapes: list[tuple[str, type[models.Model], Tree]] = []
        self._statement = Statement(self._build)

    def __call__(self, **given: Value) -> dict[str, list[Any]]:
        """The rows of every queryset, by name, as instances. Raises ``ObjectDoesNotExist`` where there is no owner."""
        rows = self._statement(**given)
        if not rows:
            raise ObjectDoesNotExist
        return {
            name: [_instance(model, json.loads(data), tree) for data in found]
            for (name, model, tree), found in zip(self._shapes, rows[0], strict=True)
        }

    def _build(self, **given: Value) -> "QuerySet[Any, Any]":
        owner, lists = self._lists(**given)
        self._shapes = [(name, rows.model, _tree(rows)) for name, rows in lists.items()]
        columns = {
            f"list_{name}": ArraySubquery(lists[name].select_related(None).values(row=_object(model, tree)))
            for name, model, tree in self._shapes
        }
        return owner.order_by().values(**columns)


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
