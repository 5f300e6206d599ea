"""Make the demo's people; can be run as often as one likes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.demo.people import make_people


class Command(BaseCommand):
    """``load_demo_people``: refused in production. Needs ``load_directory`` first."""

    help = "Lager demoens oppdiktede personer gjennom de vanlige handlingene. Kan kjøres om igjen."

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        """Says how many were made and how many were there."""
        if settings.PRODUCTION:
            raise CommandError("Demopersoner lages ikke med produksjonsinnstillinger.")
        try:
            with transaction.atomic():
                made, there = make_people()
        except LookupError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"Demopersoner: {made} tilganger laget, {there} fantes fra før.")
