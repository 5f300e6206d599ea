"""What network adds to the registers of the lower apps: navigation, the secretariat's empty inbox, page help."""

from django.utils.translation import gettext_lazy as _

from cases.inbox_words import Empty, say_when_empty
from cases.log_words import add_words
from guideline.page_help import add_help
from portal.context import Actor
from portal.models import Role
from portal.rights import can
from portal.shell import NavItem, add_nav


def _reads_numbers(actor: Actor) -> bool:
    return can(actor, "statistics.read")


add_words({"statistics.read": _("lese tall")})
add_nav(NavItem(40, "network:consultations", _("Drøftinger i tall"), "BarChart", shown_to=_reads_numbers))
say_when_empty(
    Role.SECRETARIAT,
    Empty(
        _("Her kommer det ingen saker"),
        _("Sekretariatet ser ingen enkeltpersoner. Se hvor mange ganger avdelingene har drøftet, og hva de svarte."),
        "network:consultations",
        _("Se drøftingene i tall"),
    ),
)
add_help(
    "network",
    "page.consultation",
    consultations=_(
        "Her ser du hvor mange ganger avdelingene har drøftet før henvisning, og hva de svarte. Bare tall."
    ),
)
