"""The folders of TOML files behind the editions, joined into one table per edition, with the file of every key kept.

An edition is a folder; every file adds top-level tables to it. ``extends`` names another edition whose tables are used
wherever this one says nothing. In an extending table, ``omit = true`` drops an entry and ``replace = true`` starts the
table afresh.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from guideline.errors import EditionError

FOLDER: Final = Path(__file__).parent / "editions"
MARKERS: Final = frozenset({"omit", "replace"})

Table = dict[str, Any]
KeyPath = tuple[str, ...]


@dataclass(slots=True)
class Source:
    """The joined tables of an edition, and which file each key path came from."""

    name: str
    table: Table = field(default_factory=dict)
    files: dict[KeyPath, str] = field(default_factory=dict)

    def file_of(self, path: KeyPath) -> str:
        """The file that set the key, or the nearest key above it; the edition's name where no file did."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.files:
                return self.files[path[:length]]
        return self.name


def read_source(name: str, folder: Path = FOLDER, below: KeyPath = ()) -> Source:
    """Read the folder ``name`` and everything it extends. Raises ``EditionError``."""
    path = folder / name
    if name in below:
        raise EditionError(name, "extends", f"utgavene viser til hverandre i ring: {' → '.join((*below, name))}")
    files = sorted(path.glob("*.toml"))
    if not files:
        raise EditionError(name, "", "mappen finnes ikke, eller den har ingen TOML-filer")
    own = Source(name)
    for file in files:
        _join(own, _parse(file, f"{name}/{file.name}"), f"{name}/{file.name}")
    base_name = own.table.pop("extends", "")
    if not isinstance(base_name, str):
        raise EditionError(own.file_of(("extends",)), "extends", "må være navnet på en annen utgave, som tekst")
    if not base_name:
        return own
    base = read_source(base_name, folder, (*below, name))
    return Source(name, _merge(base.table, own.table, (), own), base.files | own.files)


def _parse(file: Path, label: str) -> Table:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise EditionError(label, "", "filen er ikke lagret som UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        if said.startswith(("Cannot declare", "Cannot overwrite", "Cannot mutate")):
            raise EditionError(label, "", f"en nøkkel er skrevet to ganger ({said})") from error
        raise EditionError(label, "", f"filen er ikke gyldig TOML ({said})") from error


def _join(own: Source, table: Table, label: str) -> None:
    for key, value in table.items():
        if key in own.table:
            raise EditionError(label, key, f"finnes også i {own.file_of((key,))}; en nøkkel kan bare stå i én fil")
        own.table[key] = value
        _remember(own, (key,), value, label)


def _remember(own: Source, path: KeyPath, value: object, label: str) -> None:
    own.files[path] = label
    if isinstance(value, dict):
        for key, inner in value.items():
            _remember(own, (*path, key), inner, label)


def _merge(base: Table, over: Table, path: KeyPath, own: Source) -> Table:
    """``over`` laid on ``base``: tables key by key, everything else replaced."""
    if over.get("replace") is True:
        return {key: value for key, value in over.items() if key not in MARKERS}
    merged = dict(base)
    for key, value in over.items():
        here = (*path, key)
        if key == "replace":
            raise EditionError(own.file_of(here), ".".join(here), "kan bare være true")
        if isinstance(value, dict) and value.get("omit") is True:
            if key not in base:
                raise EditionError(own.file_of(here), ".".join(here), "kan ikke utelates: den finnes ikke fra før")
            del merged[key]
        elif isinstance(value, dict):
            before = base.get(key)
            merged[key] = _merge(before if isinstance(before, dict) else {}, value, here, own)
        else:
            merged[key] = value
    return merged
