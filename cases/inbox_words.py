"""What the inbox says when nothing waits: why, and what will come here, for the role that reads it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.models import Role


@dataclass(frozen=True)
class Empty:
    """The empty inbox: a heading, a sentence, and where to go instead."""

    title: Any
    text: Any
    url_name: str = ""
    label: Any = ""


ORDINARY = Empty(
    _("Ingenting venter på deg nå"),
    _("Når noen trenger noe fra deg, kommer det hit med fristen. Det som haster mest, står øverst."),
)
EMPTY: dict[str, Empty] = {
    Role.MUNICIPALITY_LEADER: Empty(
        _("Her kommer det ingen saker"),
        _("Som kommuneleder ser du ingen enkeltsaker. Tjenestene har egne innbokser, og lederne der følger dem opp."),
        "guideline:page",
        _("Les hva kommunen har ansvar for"),
    ),
    Role.USER_ADMINISTRATOR: Empty(
        _("Ingen tilganger venter på godkjenning"),
        _("Når noen inviterer en ny bruker, kommer invitasjonen hit. To må stå bak hver tilgang. Saker ser du ikke."),
        "portal:users",
        _("Gå til brukerne"),
    ),
    Role.SERVICE_LEADER: Empty(
        _("Ingenting venter på tjenesten nå"),
        _("Alt tjenesten blir bedt om, kommer hit med fristen. Du kan gi en oppgave til en annen når noen er borte."),
    ),
    Role.DEPUTY: Empty(
        _("Ingenting venter på tjenesten nå"),
        _("Alt tjenesten blir bedt om, kommer hit med fristen. Du kan gi en oppgave til en annen når noen er borte."),
    ),
}


def say_when_empty(role: Role, words: Empty) -> None:
    """Says it for a role whose pages an upper app has; called when that app starts."""
    EMPTY[role] = words


def empty_for(role: str) -> Empty:
    """The words for a role."""
    return EMPTY.get(Role(role), ORDINARY) if role in Role.values else ORDINARY
