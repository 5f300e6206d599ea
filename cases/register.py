"""What cases adds to the registers: kinds of task, words of notifications, navigation, header counts, case sections."""

from django.utils.translation import gettext_lazy as _

from cases import shell_counts
from cases.inbox import LEADING, TaskKind, add_kinds, add_notices
from portal.context import Actor
from portal.rights import can
from portal.shell import NavItem, add_counts, add_nav

add_kinds(
    TaskKind("level0.decide", _("Avgjør om undringen gir grunn til bekymring"), "cases:level"),
    TaskKind("holder.answer", _("Svar på tilbud om å bli stafettholder"), "cases:holder_answer", personal=True),
    TaskKind("holder.gone", _("Stafettholderen har sluttet. Gi saken til en annen"), "cases:holder", LEADING),
    TaskKind(
        "duplicate.look", _("Noen har opprettet en sak som kan gjelde samme barn"), "cases:case", anchor="#samme-barn"
    ),
    TaskKind(
        "emergency_access.review", _("Saken er åpnet i en nødsituasjon: gå gjennom det"), "cases:emergency_review"
    ),
    TaskKind("consent.renew", _("Samtykket må fornyes"), "cases:consents"),
    TaskKind(
        "consent.ask_again",
        _("Spør på nytt: en fødselsdag endrer hvem som bestemmer"),
        "cases:consents",
        anchor="#spor-pa-nytt",
    ),
)
add_notices(
    holder__accepted=_("Stafettpinnen er tatt imot"),
    holder__gone=_("En sak i tjenesten har ikke lenger noen stafettholder"),
    holder__declined=_("Tilbudet om stafettpinnen er avslått"),
    consent__withdrawn=_("Et samtykke er trukket tilbake"),
    consent__lifted=_("Et nei til deling gjelder ikke lenger"),
    participant__added=_("Tjenesten din er lagt til i en sak"),
    duplicate__found=_("Det kan finnes to saker om samme barn"),
    case__merged=_("To saker er slått sammen"),
    emergency_access__opened=_("En sak er åpnet i en nødsituasjon"),
    level__changed=_("BTI-nivået er endret"),
)
add_counts(shell_counts.counts)


def _works_with_cases(actor: Actor) -> bool:
    return can(actor, "case.search")


def _looks_after_access(actor: Actor) -> bool:
    return can(actor, "unusual.read")


add_nav(NavItem(10, "cases:inbox", _("Innboks"), "Tasklist", count="tasks"))


def _helps_in_emergencies(actor: Actor) -> bool:
    return can(actor, "case.emergency_access")


add_nav(NavItem(80, "cases:emergency_access", _("Nødtilgang"), "ExclamationmarkTriangle", _helps_in_emergencies))
add_nav(NavItem(85, "cases:unusual", _("Uvanlige oppslag"), "Eye", shown_to=_looks_after_access))
add_nav(NavItem(20, "cases:list", _("Saker"), "Folder", shown_to=_works_with_cases))
