"""Copies of the editions' files that a test can spoil."""

import shutil
from pathlib import Path

from guideline.tables import FOLDER


def copied(tmp_path: Path) -> Path:
    """A folder with all editions, as they are in the repository."""
    folder = tmp_path / "editions"
    shutil.copytree(FOLDER, folder)
    return folder


def spoiled(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """The editions with one text in one file replaced; ``file`` as ``nordre-trondelag/deadlines.toml``."""
    folder = copied(tmp_path)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder
