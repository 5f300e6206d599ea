"""Stamps: a step that has been done with the same input is not done again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(parts: Iterable[Path | str]) -> str:
    """A hash of the contents of files (absent ones count as absent) and of plain words."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            digest.update(part.read_bytes() if part.exists() else b"\0absent")
        else:
            digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def is_fresh(stamp: Path, value: str) -> bool:
    """Whether the stamp says that this very input has been dealt with."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == value


def write(stamp: Path, value: str) -> None:
    """Say that this input has been dealt with."""
    stamp.write_text(value, encoding="ascii")
