"""A person who holds cases cannot leave their membership before the cases are in other hands: never an ownerless
case."""

from django.urls import reverse
from django.utils.translation import ngettext

from cases.models import Case
from portal.leaving import Standing, add_check
from portal.models import Membership


@add_check
def held_cases(membership: Membership) -> Standing | None:
    """Cases that are not closed and that this membership holds."""
    count = Case.objects.filter(holder=membership).exclude(state=Case.State.CLOSED).count()
    if not count:
        return None
    return Standing(
        count=count,
        text=ngettext(
            "%(count)d sak der personen er stafettholder", "%(count)d saker der personen er stafettholder", count
        )
        % {"count": count},
        url=reverse("cases:list") + "?vis=tjenesten",
        action=ngettext("Gi stafettpinnen videre", "Gi stafettpinnene videre", count),
    )
