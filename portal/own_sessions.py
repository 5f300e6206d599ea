"""Where a person is logged in: the sessions that would still be let in."""

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.actions.entrance import BEGAN, DEVICE, HANDLE, HOW, LAST_SEEN
from portal.eid.providers import KINDS
from portal.models import Session, User


@dataclass(frozen=True)
class OwnSession:
    """One session as its owner sees it."""

    handle: str
    device: str
    how: str
    began: dt.datetime
    last_seen: dt.datetime
    is_this: bool
    key: str = field(repr=False)


def sessions_of(user: User, current_key: str | None) -> list[OwnSession]:
    """A person's sessions, this one first and then the one used last. One statement, however many there are."""
    now = time.time()
    rows = Session.objects.filter(user_id=user.pk, expire_date__gt=timezone.now())
    found = [_described(row, row.get_decoded(), current_key) for row in rows]
    alive = [
        one
        for one in found
        if one.handle
        and now - one.last_seen.timestamp() <= settings.PORTAL_IDLE_SECONDS
        and now - one.began.timestamp() <= settings.PORTAL_SESSION_SECONDS
    ]
    return sorted(alive, key=lambda one: (not one.is_this, -one.last_seen.timestamp()))


def how_in_words(how: str) -> str:
    """How somebody came in, for people."""
    if how in KINDS:
        return KINDS[how].name
    words = {
        "password": _("passord"),
        "password+totp": _("passord og kode-app"),
        "password+webauthn": _("passord og sikkerhetsnøkkel"),
        "password+recovery_codes": _("passord og reservekode"),
        "demo": _("demo"),
    }
    return words.get(how, how)


def _described(row: Session, data: dict[str, Any], current_key: str | None) -> OwnSession:
    began = data.get(BEGAN, 0)
    return OwnSession(
        handle=data.get(HANDLE, ""),
        device=data.get(DEVICE, "") or _("Ukjent nettleser"),
        how=how_in_words(data.get(HOW, "")),
        began=_moment(began),
        last_seen=_moment(data.get(LAST_SEEN, began)),
        is_this=row.session_key == current_key,
        key=row.session_key,
    )


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
