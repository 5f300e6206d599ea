"""A strict reader from plain tables to the dataclasses of ``schema``: nothing unknown, missing or guessed.

It also writes them back as JSON. There a keyed table is a list, since PostgreSQL's jsonb keeps no order of keys, and
what equals the default is left out, so that a new field with a default changes no stored hash.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from guideline.errors import EditionError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
KeyPath = tuple[str, ...]
_KNOWN_HINTS: dict[type, dict[str, Any]] = {}
PLAIN: Mapping[type, str] = {str: "tekst", int: "et heltall", bool: "true eller false", date: "en dato (ÅÅÅÅ-MM-DD)"}


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Reads one edition. ``file_of`` names the file behind a key; ``stored`` accepts the JSON form of the database."""

    file_of: Callable[[KeyPath], str]
    stored: bool = False

    def fail(self, path: KeyPath, reason: str) -> EditionError:
        """The error to raise about ``path``."""
        return EditionError(self.file_of(path), ".".join(path), reason)

    def read(self, cls: type[T], table: object, path: KeyPath = ()) -> T:
        """``table`` as an instance of the dataclass ``cls``; its ``key`` is the last part of the path."""
        if not isinstance(table, Mapping):
            raise self.fail(path, "må være en tabell med felter")
        values = dict(table)
        hints = _hints(cls)
        if "key" in hints and path:
            values.setdefault("key", path[-1])
        fields = {item.name: item for item in dataclasses.fields(cls)}
        given = {}
        for name, value in values.items():
            if name in fields:
                given[name] = self.value(hints[name], value, (*path, name))
            elif not self.stored:
                raise self.fail((*path, name), f"ukjent felt; kjente felt er {', '.join(fields)}")
        for name, item in fields.items():
            required = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
            if required and name not in given:
                raise self.fail((*path, name), "mangler")
        return cls(**given)

    def value(self, kind: Any, value: object, path: KeyPath) -> Any:
        """``value`` as the annotated type ``kind``."""
        origin, args = get_origin(kind), get_args(kind)
        if origin is UnionType:
            kinds = [arg for arg in args if arg is not NoneType]
            return None if value is None else self.value(kinds[0], value, path)
        if origin is tuple:
            if not isinstance(value, list):
                raise self.fail(path, "må være en liste")
            return tuple(self.value(args[0], item, (*path, str(n))) for n, item in enumerate(value, 1))
        if issubclass(origin or kind, Mapping):
            return self.keyed(args[1], value, path)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            return self.read(kind, value, path)
        if issubclass(kind, StrEnum):
            if value not in set(kind):
                raise self.fail(path, f"«{value}» er ikke et gyldig valg; velg blant {', '.join(kind)}")
            return kind(value)
        return self.plain(kind, value, path)

    def keyed(self, kind: Any, value: object, path: KeyPath) -> Mapping[str, Any]:
        """A table of entries by key, in the order they are written."""
        if self.stored and isinstance(value, list):
            pairs = [(str(item[0]), item[1]) for item in value]
        elif isinstance(value, Mapping):
            pairs = list(value.items())
        else:
            raise self.fail(path, "må være en tabell med én oppføring per nøkkel")
        return MappingProxyType({key: self.value(kind, item, (*path, key)) for key, item in pairs})

    def plain(self, kind: type, value: object, path: KeyPath) -> object:
        """A text, whole number, yes/no or date. Single line breaks in a text are the file's, not the reader's."""
        if self.stored and kind is date and isinstance(value, str):
            return date.fromisoformat(value)
        if type(value) is not kind:
            raise self.fail(path, f"må være {PLAIN[kind]}")
        if isinstance(value, str):
            return "\n\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", value.strip()))
        return value


def dump(item: object) -> Any:
    """Any part of an edition as JSON values."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        return {f.name: dump(getattr(item, f.name)) for f in dataclasses.fields(item) if not _is_default(item, f)}
    if isinstance(item, Mapping):
        return [[key, dump(value)] for key, value in item.items()]
    if isinstance(item, tuple):
        return [dump(value) for value in item]
    if isinstance(item, StrEnum):
        return item.value
    return item.isoformat() if isinstance(item, date) else item


def _is_default(item: object, f: "dataclasses.Field[Any]") -> bool:
    value = getattr(item, f.name)
    if f.default is not dataclasses.MISSING:
        return bool(value == f.default)
    return f.default_factory is not dataclasses.MISSING and value == f.default_factory()


def _hints(cls: type) -> dict[str, Any]:
    """Resolved annotations, kept: an edition has a thousand entries of a score of classes."""
    if cls not in _KNOWN_HINTS:
        _KNOWN_HINTS[cls] = get_type_hints(cls)
    return _KNOWN_HINTS[cls]
