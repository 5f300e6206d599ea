"""docs/access.md as data: every cell of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "access.md"
YES, NO, BY_PROFESSION = "ja", "–", "yrke"


@dataclass(frozen=True)
class Row:
    """One verb from one place: what the document says for the holder in person and for each role."""

    verb: str
    place: str
    holder: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.verb} ({self.place})"


def tables() -> Iterator[list[list[str]]]:
    """The tables of the document as lists of cells, the heading first."""
    table: list[list[str]] = []
    for line in [*DOCUMENT.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not all(re.fullmatch("-+", cell) for cell in cells):
                table.append(cells)
        elif table:
            yield table
            table = []


def roles() -> dict[str, str]:
    """The letters of a column → the role's code."""
    table = next(table for table in tables() if table[0][0] == "Kolonne")
    return {letters: code.strip("`") for letters, _name, code in table[1:]}


def places() -> set[str]:
    """The places that are explained."""
    table = next(table for table in tables() if table[0] == ["Hvor", "Betyr"])
    return {place for place, _meaning in table[1:]}


def rows() -> list[Row]:
    """Every row of every table of rights."""
    codes, found = roles(), []
    for table in tables():
        if table[0][:4] == ["Hva", "Ord", "Hvor", "Holder"]:
            for _what, verb, place, holder, *cells in table[1:]:
                by_role = dict(zip((codes[letters] for letters in table[0][4:]), cells, strict=True))
                found.append(Row(verb.strip("`"), place, holder, by_role))
    return found
