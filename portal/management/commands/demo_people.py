"""Print the people one can be in the demo."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.context import portal_context, system_actor
from portal.demo.people import people_now


class Command(BaseCommand):
    """``demo_people``: name, role and service of each, under the headings of the demo page."""

    help = "Skriver ut demoens personer med rolle og tjeneste."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a person."""
        if settings.PRODUCTION:
            raise CommandError("Demopersoner finnes ikke med produksjonsinnstillinger.")
        with portal_context(system_actor("demo_people")):
            for group, people in groupby(people_now(), key=lambda person: person.group):
                self.stdout.write(group)
                for person in people:
                    membership = person.membership
                    role = str(membership.get_role_display())
                    self.stdout.write(f"  {membership.user.name:<22} {role:<28} {membership.service.name}")
