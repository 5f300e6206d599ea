"""Bootstrap: invite a user administrator by e-mail, from the command line of the server."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from portal.actions.people import first_administrator
from portal.answering import Invalid
from portal.context import portal_context, system_actor
from portal.models import Service, ServiceKind


class Command(BaseCommand):
    """``createadmin navn@kommune.no "Fornavn Etternavn" --service <nøkkel>``.

    An installation needs two: whoever invites cannot approve. All others are invited in the portal.
    """

    help = "Inviterer en brukeradministrator. Lag to: den som inviterer, kan ikke selv godkjenne."

    def add_arguments(self, parser: CommandParser) -> None:
        """Address, name, and which portal administration."""
        parser.add_argument("email", help="E-postadressen, som blir brukernavnet.")
        parser.add_argument("name", help="Fornavn og etternavn.")
        parser.add_argument("--service", required=True, help="Nøkkelen til portaladministrasjonen i katalogen.")

    def handle(self, *args: Any, email: str, name: str, service: str, **options: Any) -> None:
        """Makes the user and sends the letter with the link to choose a password."""
        system = system_actor("createadmin")
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"«{email}» er ikke en e-postadresse.") from error
        with portal_context(system):
            possible = Service.objects.filter(kind=ServiceKind.PORTAL_ADMINISTRATION, active=True).select_related(
                "organisation"
            )
            chosen = possible.filter(key=service).first()
            if chosen is None:
                keys = ", ".join(possible.order_by("key").values_list("key", flat=True))
                raise CommandError(f"Det finnes ingen portaladministrasjon «{service}». Mulige: {keys or 'ingen'}.")
            try:
                first_administrator(email=email, name=name, service=chosen, by=system)
            except Invalid as invalid:
                raise CommandError(" ".join(invalid.errors.values())) from invalid
        self.stdout.write(f"{name} er brukeradministrator i {chosen.name}. Invitasjonen er sendt til {email}.")
