"""What the clock does every five minutes, by hand: before a backup is taken, and after one is restored."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.actions.sealing import seal_events
from portal.context import portal_context, system_actor
from portal.seals.chain import newest_seals
from portal.seals.lists import append, lines


class Command(BaseCommand):
    """``seal_audit``: seals the log, and prints the newest seal of every chain, or adds them to a list
    (``--til FIL``); ``--ny-epoke GRUNN`` begins an epoch."""

    help = "Forsegler hendelsesloggen og gir de nyeste seglene, slik verify_audit --mot leser dem."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--ny-epoke GRUNN`` and ``--til FIL``."""
        parser.add_argument("--til", type=Path, metavar="FIL", help="Legg seglene til i denne fila. Skriv hele stien.")
        parser.add_argument("--ny-epoke", default="", metavar="GRUNN", help="Begynn en ny epoke, og si hvorfor.")

    def handle(self, *args: Any, ny_epoke: str, til: Path | None, **options: Any) -> None:
        """How many on the error stream, the list in the file or on the other."""
        with portal_context(system_actor("seal_audit")):
            made = seal_events(reason=ny_epoke[:200])
            newest = list(newest_seals().values())
        self.stderr.write(f"{len(made)} nye segl.")
        if til is None:
            self.stdout.write(lines(newest), ending="")
        else:
            append(til, newest)
