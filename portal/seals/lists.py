"""Lists of seals kept outside the database, one line a seal: what a rewritten history is held up against."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from portal.models import AuditSeal
from portal.seals.checking import Break

HEADER = ["helsefellesskap", "epoke", "segl", "forseglet", "hendelser", "hash"]
# The chain of events without a community.
NONE = "-"
FILE = "segl.csv"
BATCH = 500


class ListUnreadable(Exception):
    """A line of the file is not a line of a list of seals. The message names the line."""


@dataclass(frozen=True)
class Listed:
    """One line."""

    community: uuid.UUID | None
    epoch: int
    number: int
    sealed_at: dt.datetime
    hash: str


def lines(seals: Iterable[AuditSeal], *, header: bool = True) -> str:
    """The seals as text, in the order of their chains."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    if header:
        writer.writerow(HEADER)
    for seal in sorted(seals, key=lambda seal: (str(seal.community_id), seal.number)):
        at = seal.sealed_at.astimezone(dt.UTC).isoformat()
        writer.writerow([seal.community_id or NONE, seal.epoch, seal.number, at, seal.n, seal.hash])
    return out.getvalue()


def append(path: Path, seals: Iterable[AuditSeal]) -> None:
    """Adds the seals to a list, or begins it. Lines that stand there are never touched."""
    text = lines(seals, header=not path.exists() or not path.stat().st_size)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def read(path: Path) -> Iterator[Listed]:
    """The lines of a list, one at a time. Raises ``ListUnreadable``."""
    with path.open(encoding="utf-8", newline="") as file:
        for place, row in enumerate(csv.reader(file, delimiter=";"), start=1):
            if not row or row == HEADER:
                continue
            try:
                whose, epoch, number, at, _n, sealed = row
                community = None if whose == NONE else uuid.UUID(whose)
                yield Listed(community, int(epoch), int(number), dt.datetime.fromisoformat(at), sealed)
            except ValueError as wrong:
                raise ListUnreadable(f"Linje {place} i {path.name} er ikke et segl.") from wrong


def compare(listed: Iterable[Listed]) -> Iterator[Break]:
    """Every line that the database does not hold today: a seal that is gone, or is another. Batch by batch."""
    rows = iter(listed)
    while batch := list(islice(rows, BATCH)):
        held = {
            (seal.community_id, seal.epoch, seal.number): seal.hash
            for seal in AuditSeal.objects.filter(number__in={line.number for line in batch}).only(
                "community_id", "epoch", "number", "hash"
            )
        }
        for line in batch:
            found = held.get((line.community, line.epoch, line.number))
            if found != line.hash:
                what = (
                    "seglet står i lista, men mangler i databasen"
                    if found is None
                    else "seglet er et annet enn i lista"
                )
                yield Break(line.community, line.number, None, line.sealed_at, what)
