"""The check of every chain as a clock can do it: a little at a time, and from where it came to."""

import datetime as dt
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.seals.chain import newest_seals
from portal.seals.checking import Break, chains, check_chain
from portal.seals.content import Ids, waiting
from portal.seals.lists import FILE, compare, read

# A sealer that has not come by for so long has stopped.
LATE = dt.timedelta(hours=1)
# The list goes out once a day.
LISTED = dt.timedelta(days=2)


@dataclass(frozen=True)
class Turn:
    """What one turn found, and where the next begins: chain and seal number; None when all is checked."""

    broken: list[Break] = field(default_factory=list)
    next: tuple[str, int] | None = None


def turn(chain: str, after: int, seconds: float) -> Turn:
    """Checks chains from ``chain`` (an empty string for the first) and the seal after number ``after``, for so many
    seconds. Needs a role that reads the log of all."""
    begun = time.monotonic()
    broken: list[Break] = []
    for community in chains():
        if chain and str(community) < chain:
            continue
        left = seconds - (time.monotonic() - begun)
        if left <= 0:
            return Turn(broken, (str(community), 0))
        checked = check_chain(community, after=after if str(community) == chain else 0, seconds=left)
        if checked.broken:
            broken.append(checked.broken)
        elif not checked.done:
            return Turn(broken, (str(community), checked.number))
    return Turn([*broken, *compared()])


def compared() -> list[Break]:
    """What the list in the settings' folder has, and the database has not."""
    if not settings.PORTAL_SEAL_FOLDER:
        return []
    path = Path(settings.PORTAL_SEAL_FOLDER) / FILE
    if path.exists():
        return list(compare(read(path)))
    first = min((seal.sealed_at for seal in newest_seals().values()), default=None)
    if first is None or timezone.now() - first < LISTED:
        # Nothing has been put there yet.
        return []
    gone = (
        f"listen {FILE} er borte fra mappen seglene legges i. Uten den kan ingen se om hele loggen er skrevet på nytt"
    )
    return [Break(None, 0, None, first, gone)]


def behind(now: dt.datetime | None = None) -> int:
    """How many events have waited for a seal for more than an hour: then sealing has stopped."""
    now, heads, count = now or timezone.now(), newest_seals(), 0
    for community in chains():
        head = heads.get(community)
        count += waiting(community, head.hi if head else 0, Ids(head.from_id) if head else Ids(), now - LATE)
    return count
