"""A queryset that is always the same but for its arguments: compiled once per process, planned once per connection.

Django needs ten milliseconds to write a statement with a dozen lists as SQL, and PostgreSQL as many to plan one with a
dozen joins; answering takes less than one. Pages that are opened all day should pay for neither each time.
"""

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql
from django.db.models import QuerySet, UUIDField
from django.db.models.lookups import Lookup
from psycopg import Connection, Cursor

Value = uuid.UUID | dt.datetime | list[uuid.UUID]


@UUIDField.register_lookup
class OneOf(Lookup):
    """``id__one_of=ids``: as ``in``, but one parameter however many ids, so that the statement stays the same."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """``column = ANY(ids)``."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, self.rhs)


@dataclass(frozen=True)
class Argument:
    """The place of an argument among the parameters of a compiled statement."""

    name: str


class Statement:
    """Decorates a function of named arguments that returns a ``values()`` queryset; calling it gives the rows.

    A cursor of psycopg's own binds in the server and prepares (``prepare_threshold`` in the settings).
    The function is called once, with stand-ins for the arguments, so it may only filter by them, never look at them:
    ids, lists of ids (``__one_of``) and instants. JSON comes as text. Raises TypeError for an argument that is not
    filtered by, which would be a leak.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"]) -> None:
        functools.update_wrapper(self, build)
        self._build = build
        self._compiled: tuple[str, tuple[str, ...]] | None = None

    def __call__(self, **given: Value) -> list[tuple[Any, ...]]:
        """The rows, as tuples in the order of ``values()``."""
        connection.ensure_connection()
        link: Connection[Any] = connection.connection
        compiled = self._compiled = self._compiled or self._compile(given)
        text, names = compiled
        # Django's own cursor plans each time, but shows the statement to those who count or log statements.
        own = connection.cursor() if connection.queries_logged else connection.make_cursor(cast("Any", Cursor(link)))
        with own as cursor:
            cursor.execute(text, [given[name] for name in names])
            return list(cursor.fetchall())

    def _compile(self, given: Mapping[str, Value]) -> tuple[str, tuple[str, ...]]:
        stand_ins = {name: _stand_in(value) for name, value in given.items()}
        text, params = self._build(**stand_ins).query.sql_with_params()
        arguments = {value: Argument(name) for name, value in stand_ins.items()}
        filled = [arguments.get(p, p) if isinstance(p, uuid.UUID | dt.datetime | tuple) else p for p in params]
        names = tuple(p.name for p in filled if isinstance(p, Argument))
        if unused := given.keys() - set(names):
            raise TypeError(f"the statement does not filter by {', '.join(sorted(unused))}")
        # What never changes stands in the text, where its type is plain; the arguments stay parameters.
        text = text.replace("%%", "%%%%")
        return text % tuple("%s" if isinstance(p, Argument) else _literal(p) for p in filled), names


def _literal(value: Any) -> str:
    link: Connection[Any] = connection.connection
    return sql.Literal(value).as_string(link).replace("%", "%%")


def _stand_in(value: Value) -> Any:
    """A value of the same kind that occurs nowhere else in the statement."""
    made = uuid.uuid4()
    if isinstance(value, uuid.UUID):
        return made
    if isinstance(value, dt.datetime):
        return value.replace(year=1, microsecond=made.int % 1_000_000)
    return (made,)
