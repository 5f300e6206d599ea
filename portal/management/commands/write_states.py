"""Writes docs/states.md from the state tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.states_document import document, path


class Command(BaseCommand):
    """``bin/manage write_states``; with ``--check`` it only says whether the file is up to date."""

    help = "Skriver docs/states.md fra tilstandstabellene."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check`` writes nothing."""
        parser.add_argument("--check", action="store_true", help="Bare si om filen er ny nok.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file, or compares."""
        text, target = document(), path()
        current = target.read_text(encoding="utf-8") if target.exists() else ""
        if current == text:
            self.stdout.write("docs/states.md er oppdatert.")
        elif options["check"]:
            self.stderr.write("docs/states.md er ikke oppdatert. Kjør bin/manage write_states.")
            raise SystemExit(1)
        else:
            target.write_text(text, encoding="utf-8")
            self.stdout.write("docs/states.md er skrevet.")
