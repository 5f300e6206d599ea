"""Two people wrote at once: the one who saved first stands, the other's text is kept."""

import datetime as dt
import uuid
from typing import NoReturn

from portal import kept
from portal.models import KeptText, User

# A page that goes on saving after a conflict replaces what it kept a moment ago instead of piling it up.
SAME_SITTING = dt.timedelta(hours=1)


class TextConflict(Exception):
    """The text was changed by someone else since the form was opened. Nothing is saved; both texts still exist.

    ``current`` is what stands now, ``version`` its number, ``who`` the name of the one who saved it (or empty).
    """

    def __init__(self, *, current: str, version: int, who: str) -> None:
        super().__init__("stale version")
        self.current = current
        self.version = version
        self.who = who


def stale(opened: int, page: uuid.UUID | None, *, version: int, written_in: uuid.UUID | None) -> bool:
    """Whether someone else saved since the form was opened with version ``opened``.

    ``page`` names the open page: a version raised by that page's own last save is no conflict (an autosave on its way
    when the person submits).
    """
    return opened != version and (page is None or written_in != page)


def lose(
    conflict: TextConflict, *, owner: User, path: str, fields: dict[str, str], label: str, now: dt.datetime
) -> NoReturn:
    """Keeps the text that lost, for its writer, on its page, once per sitting and label; then raises the conflict.

    Called after the transaction of the save, which must not take the kept text back with it.
    """
    KeptText.objects.filter(owner=owner, path=path, label=label[:120], at__gt=now - SAME_SITTING).delete()
    kept.keep(owner, path, fields, label=label)
    raise conflict
