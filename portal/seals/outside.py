"""The newest seals, put outside the database every day: the end of each chain, which holds all that goes before."""

from pathlib import Path

from django.conf import settings

from portal.seals.chain import newest_seals
from portal.seals.lists import FILE, append, lines
from portal.seals.telling import send_list


def put_outside() -> None:
    """Mails the newest seal of every chain, and adds them to the list in the settings' folder, as far as either is
    set. Raises OSError for a folder that cannot be written in; the letter is sent first."""
    seals = newest_seals().values()
    if not seals:
        return
    send_list(lines(seals))
    if settings.PORTAL_SEAL_FOLDER:
        append(Path(settings.PORTAL_SEAL_FOLDER) / FILE, seals)
