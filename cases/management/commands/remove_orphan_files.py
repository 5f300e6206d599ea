"""What the daily job does, by hand: seen first, or where the job found too many to remove them unseen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.actions.orphan_files import remove_orphans
from cases.orphan_files import orphans
from portal.context import portal_context, system_actor


class Command(BaseCommand):
    """``remove_orphan_files``: removes uploaded files that no document refers to; ``--dry-run`` only lists them."""

    help = "Fjerner opplastede filer som ikke hører til noe dokument. Se over med --dry-run først."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--dry-run``."""
        parser.add_argument("--dry-run", action="store_true", help="Vis filene, og fjern ingen.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says which, or how many."""
        with portal_context(system_actor("remove_orphan_files")):
            if options["dry_run"]:
                found = orphans()
                for name in found:
                    self.stdout.write(name)
                self.stdout.write(f"{len(found)} filer ville blitt fjernet.")
            else:
                self.stdout.write(f"{remove_orphans(most=None)} filer er fjernet.")
