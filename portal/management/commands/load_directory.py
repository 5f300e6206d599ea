"""Load the directory of communities, organisations and services; can be run as often as one likes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.directory.loader import FOLDER, load_files
from portal.directory.shape import DirectoryError
from portal.directory.sync import Report, apply


class Command(BaseCommand):
    """``load_directory`` writes; ``load_directory --dry-run`` only tells what it would do."""

    help = (
        "Laster helsefellesskap, virksomheter, tjenester og vakttelefoner fra portal/directory/. Kan kjøres om igjen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--dry-run``, and another folder for trying changed files."""
        parser.add_argument("--dry-run", action="store_true", help="Si hva som ville blitt endret, uten å skrive.")
        parser.add_argument("--folder", default=str(FOLDER), help="Mappen med .toml-filene.")

    def handle(self, *args: Any, dry_run: bool = False, folder: str = "", verbosity: int = 1, **options: Any) -> None:
        """Says what it added, changed and left alone. Bad data is a ``CommandError`` naming file, key and reason."""
        try:
            report = apply(load_files(Path(folder)), today=timezone.localdate(), dry_run=dry_run)
        except DirectoryError as error:
            raise CommandError(f"Katalogen er ikke lastet. {error}") from error
        for line in lines(report, verbosity) if verbosity else []:
            self.stdout.write(line)
        if dry_run and verbosity:
            self.stdout.write("Dette var en prøve: ingenting er skrevet.")


def lines(report: Report, verbosity: int) -> list[str]:
    """The report: everything that changed or ended, and what was added when that is not the whole directory."""
    few = verbosity > 1 or len(report.added) <= 40
    return [
        *([f"+ {line}" for line in report.added] if few else []),
        *[f"~ {line}" for line in report.changed],
        *[f"- {line}" for line in report.ended],
        *[f"! {line}" for line in report.warnings],
        f"Lagt til {len(report.added)}, endret {len(report.changed)}, avsluttet {len(report.ended)}, "
        f"uendret {report.unchanged}.",
    ]
