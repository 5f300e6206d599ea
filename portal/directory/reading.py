"""Reading one table of a TOML file: each value has a type, and what is missing, unknown or wrong is named."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from portal.directory.shape import DirectoryError

T = TypeVar("T")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
IN_WORDS = {
    str: "tekst",
    int: "et helt tall",
    bool: "true eller false",
    dt.date: "en dato",
    list: "en liste",
    dict: "en tabell",
}


class Table:
    """A table being read. ``done()`` complains about keys that nobody asked for: a misspelt key must not be silence."""

    def __init__(self, file: str, place: str, values: Any) -> None:
        self.file, self.place, self.asked = file, place, set[str]()
        if not isinstance(values, dict):
            raise DirectoryError(file, place, "skal være en tabell")
        self.values: dict[str, Any] = values

    def wrong(self, key: str, reason: str) -> DirectoryError:
        """The error for a key of this table."""
        return DirectoryError(self.file, f"{self.place}.{key}" if self.place and key else self.place or key, reason)

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        """A value of a type; without a default it is required."""
        self.asked.add(key)
        if key not in self.values:
            if default is None:
                raise self.wrong(key, "mangler")
            return default
        value = self.values[key]
        fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if not fits or (kind is dt.date and isinstance(value, dt.datetime)):
            raise self.wrong(key, f"skal være {IN_WORDS.get(kind, kind.__name__)}")
        return value

    def text(self, key: str, default: str | None = None, longest: int = 120) -> str:
        """A line of text; a required one may not be empty."""
        value = self.get(key, str, default).strip()
        if default is None and not value:
            raise self.wrong(key, "er tom")
        if len(value) > longest:
            raise self.wrong(key, f"er {len(value)} tegn lang; høyst {longest} er mulig")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        return self.get(key, bool, default)

    def day(self, key: str, default: dt.date | None = None) -> dt.date:
        """A date."""
        return self.get(key, dt.date, default)

    def day_or_none(self, key: str) -> dt.date | None:
        """A date, or None when it is left out."""
        return self.day(key) if key in self.values else None

    def hour(self, key: str) -> dt.time:
        """A time of day written as "08:00"."""
        written = self.text(key)
        try:
            return dt.time.fromisoformat(written)
        except ValueError as error:
            raise self.wrong(key, f"«{written}» er ikke et klokkeslett som 08:00") from error

    def key(self, key: str, default: str | None = None) -> str:
        """A reference to something by its key."""
        value = self.text(key, default)
        if value and not KEY.fullmatch(value):
            raise self.wrong(key, f"«{value}» er ikke en gyldig nøkkel (små bokstaver a–z, tall og bindestrek)")
        return value

    def numbers(self, key: str, default: list[int] | None = None) -> list[int]:
        """A list of whole numbers."""
        value: list[Any] = self.get(key, list, default)
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            raise self.wrong(key, "skal være en liste av hele tall")
        return value

    def words(self, key: str) -> list[str]:
        """A list of keys; empty when left out."""
        value: list[Any] = self.get(key, list, [])
        if not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "skal være en liste av nøkler i anførselstegn")
        return value

    def table(self, key: str) -> "Table":
        """A table inside this one; empty when left out."""
        self.asked.add(key)
        return Table(self.file, f"{self.place}.{key}" if self.place else key, self.values.get(key, {}))

    def named(self, key: str) -> "Iterator[tuple[str, Table]]":
        """The named tables of a table, such as ``[services.bup-levanger]``."""
        inside = self.table(key)
        for name, values in inside.values.items():
            if not KEY.fullmatch(name):
                raise inside.wrong(name, "er ikke en gyldig nøkkel (små bokstaver a–z, tall og bindestrek)")
            yield name, Table(self.file, f"{inside.place}.{name}", values)

    def listed(self, key: str) -> "Iterator[Table]":
        """The tables of a list of tables."""
        for number, values in enumerate(self.get(key, list, []), start=1):
            yield Table(self.file, f"{self.place}.{key} nr. {number}", values)

    def done(self) -> None:
        """Everything has been asked for; what is left is a mistake."""
        unknown = sorted(set(self.values) - self.asked)
        if unknown:
            raise self.wrong(unknown[0], "er en ukjent nøkkel")
