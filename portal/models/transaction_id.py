"""The id of the transaction that wrote a row, given by the database itself."""

from typing import Any

from django.db import models
from django.db.models import Func


class CurrentTransaction(Func):
    """``pg_current_xact_id()``: the whole transaction's id, also inside a savepoint."""

    function = "pg_current_xact_id"
    arity = 0


class TransactionIdField(models.Field):
    """PostgreSQL's ``xid8``, an int in Python. Never sent by us: the database fills it in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        kwargs["db_default"] = CurrentTransaction(output_field=models.TextField())
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Without what is always so."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["db_default"]
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """The driver gives text."""
        return None if value is None else int(value)
