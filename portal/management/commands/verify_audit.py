"""Whether the log is as it was written: every chain from its first seal, and the first link that does not hold."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.context import as_job, portal_context, system_actor
from portal.seals.checking import Break, chains, check_chain, events_counted
from portal.seals.lists import ListUnreadable, compare, read
from portal.seals.nightly import behind, compared
from portal.seals.telling import names, words


class Command(BaseCommand):
    """``verify_audit``, and ``verify_audit --mot FIL`` against a list kept outside the database. Exits with 1 when
    something does not hold."""

    help = "Kontrollerer hendelsesloggen mot seglene, og sier hvilket ledd som først er brutt."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--mot FIL``."""
        parser.add_argument(
            "--mot", type=Path, metavar="FIL", help="En liste over segl som er tatt vare på. Skriv hele stien."
        )

    def handle(self, *args: Any, mot: Path | None, **options: Any) -> None:
        """One line a chain, then what is broken."""
        with portal_context(system_actor("verify_audit")), as_job():
            called = names()
            broken = self._chains(called)
            try:
                broken += list(compare(read(mot))) if mot else compared()
            except FileNotFoundError as wrong:
                raise CommandError(f"Fant ikke {wrong.filename}.") from wrong
            except ListUnreadable as wrong:
                raise CommandError(str(wrong)) from wrong
            if waiting := behind():
                self.stdout.write(f"{events_counted(waiting)} har ventet på forsegling i mer enn en time.")
        if broken:
            raise CommandError("Loggen stemmer ikke:\n" + "\n".join(words(found, called) for found in broken))
        self.stdout.write("Loggen stemmer med seglene.")

    def _chains(self, called: dict[Any, str]) -> list[Break]:
        broken = []
        for community in chains():
            checked = check_chain(community)
            name = called.get(community, str(community))
            self.stdout.write(f"{name}: {checked.seals} segl og {events_counted(checked.events)} kontrollert.")
            if checked.broken:
                broken.append(checked.broken)
        return broken
