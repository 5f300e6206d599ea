"""Removing uploaded files that no document refers to."""

import datetime as dt

from django.core.files.storage import default_storage

from cases.orphan_files import orphans

# More than this at once is no trail of failed requests: the database is perhaps older than the files.
TOO_MANY = 100


class TooMany(Exception):
    """So many files without a document that somebody must look before anything is removed; ``count`` of them."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} filer uten dokument")
        self.count = count


def remove_orphans(*, most: int | None = TOO_MANY, now: dt.datetime | None = None) -> int:
    """Removes the files that ``orphans`` finds; how many. Safe to run twice.

    Raises ``TooMany``, and removes nothing, when there are more than ``most`` (None: however many).
    """
    found = orphans(now)
    if most is not None and len(found) > most:
        raise TooMany(len(found))
    for name in found:
        default_storage.delete(name)
    return len(found)
