"""After a new key has been put first in PORTAL_FNR_KEYS or PORTAL_FNR_HASH_KEYS: store every number under it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.rotate import rotate_some
from portal.context import portal_context, system_actor
from portal.identity.crypto import DecryptionError


class Command(BaseCommand):
    """``rotate_number_keys``: in batches, each its own transaction; stopped and begun again it loses nothing."""

    help = "Krypterer fødselsnumrene på nytt med den gjeldende nøkkelen. Etterpå kan den gamle nøkkelen fjernes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how many were changed."""
        by, total, after, more = system_actor("rotate_number_keys"), 0, None, True
        while more:
            try:
                with portal_context(by):
                    count, after = rotate_some(after=after, by=by)
            except DecryptionError as error:
                raise CommandError(f"Et nummer kan ikke leses med nøklene som er i bruk: {error}") from error
            total, more = total + count, after is not None
        self.stdout.write(f"{total} numre er kryptert på nytt.")
