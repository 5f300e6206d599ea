"""Import the guideline's editions; can be run as often as one likes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guideline.errors import EditionError
from guideline.imports import Imported, Outcome, import_editions
from guideline.loader import load_editions
from guideline.schema import Edition


class Command(BaseCommand):
    """``load_editions`` imports; ``load_editions --check`` only reads and validates the files."""

    help = "Importerer utgavene av retningslinjen fra guideline/editions/. Kan kjøres om igjen."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check`` touches no database."""
        parser.add_argument("--check", action="store_true", help="Les og kontroller filene uten å importere dem.")

    def handle(self, *args: Any, check: bool = False, verbosity: int = 1, **options: Any) -> None:
        """Say what was added and what was left alone. Bad data is a ``CommandError`` naming file, key and reason."""
        try:
            lines = checked() if check else imported()
        except EditionError as error:
            raise CommandError(f"Utgaven kan ikke brukes. {error}") from error
        for line in lines if verbosity else []:
            self.stdout.write(line)


def checked() -> list[str]:
    """Read and validate the files; what to say about each."""
    return [f"I orden: {named(edition)}" for edition in load_editions()]


def imported() -> list[str]:
    """Import the editions; what to say about each."""
    return [told(item) for item in import_editions(by="load_editions")]


def told(item: Imported) -> str:
    """One line about one edition."""
    line = f"{item.outcome.value}: {named(item.edition)}"
    if item.outcome is Outcome.SKIPPED:
        return f"{line}: helsefellesskapet «{item.edition.community}» finnes ikke i katalogen"
    return line


def named(edition: Edition) -> str:
    """Key, version and the start of the hash."""
    return f"{edition.key} {edition.version} ({edition.sha256[:12]})"
