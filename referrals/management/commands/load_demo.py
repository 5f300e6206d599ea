"""Tells the demo story, once; only in the demo and the tests."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from referrals.demo.crew import Crew
from referrals.demo.plot import read_what_is_old, tell
from referrals.demo.tale import CHILDREN


class Command(BaseCommand):
    """``load_demo``: about forty fictitious children in every state, made through the actions people use."""

    help = "Forteller demohistorien: oppdiktede barn i alle tilstander. Kan kjøres flere ganger."

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction a child, so that a stop in the middle can go on later."""
        if settings.PRODUCTION:
            raise CommandError("Demohistorien kan bare lastes i demo og test.")
        crew, told = Crew(), 0
        for number, spec in enumerate(CHILDREN, start=1):
            with transaction.atomic():
                told += tell(number, spec, crew)
            if options["verbosity"] > 1:
                self.stdout.write(f"  {number:2} {spec['stage']}")
        if told:
            read_what_is_old(crew)
        self.stdout.write(f"Demohistorien: {told} nye saker, {len(CHILDREN) - told} fantes fra før.")
