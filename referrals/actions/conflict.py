"""Two people wrote at once: the one who saved first stands, the other's text is kept."""

import datetime as dt

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


def keep_loser(owner: User, path: str, fields: dict[str, str], *, label: str, now: dt.datetime) -> None:
    """Keeps the text that lost, for its writer, on its page; once per sitting and label."""
    KeptText.objects.filter(owner=owner, path=path, label=label[:120], at__gt=now - SAME_SITTING).delete()
    kept.keep(owner, path, fields, label=label)
