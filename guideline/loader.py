"""Editions from their files and from stored JSON, validated. Bad data raises ``EditionError``: file, key, reason."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from guideline.reading import Reader, dump
from guideline.schema import Edition
from guideline.tables import FOLDER, read_source
from guideline.validation import validate


def edition_names(folder: Path = FOLDER) -> list[str]:
    """The editions at hand: the names of the folders."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.toml")))


def load_edition(name: str, folder: Path = FOLDER) -> Edition:
    """Read, join and validate one edition. Raises ``EditionError``."""
    return _loaded(name, folder, _stamp(folder))


@lru_cache(maxsize=16)
def _loaded(name: str, folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Edition:
    """Kept while no file in the folder changes: the checks and the import read the same editions."""
    source = read_source(name, folder)
    reader = Reader(source.file_of)
    edition = reader.read(Edition, source.table)
    if edition.key != name:
        raise reader.fail(("key",), f"må være «{name}», det samme som mappen")
    validate(edition, reader.fail)
    return replace(edition, sha256=fingerprint(content_of(edition)))


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(folder.glob("*/*.toml"))
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)


def load_editions(folder: Path = FOLDER) -> list[Edition]:
    """Every edition at hand. Raises ``EditionError`` about the first that is wrong."""
    return [load_edition(name, folder) for name in edition_names(folder)]


def content_of(edition: Edition) -> dict[str, Any]:
    """The edition as JSON values: what is stored, and what the hash covers."""
    content: dict[str, Any] = dump(replace(edition, sha256=""))
    return content


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one canonical form, in hexadecimal."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def edition_from(content: Mapping[str, Any]) -> Edition:
    """A stored edition. Fields that this code no longer knows are passed over, so that old snapshots stay readable."""
    edition = Reader(lambda path: "lagret utgave", stored=True).read(Edition, content)
    return replace(edition, sha256=fingerprint(content))
