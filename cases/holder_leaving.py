"""A person who holds cases cannot leave their membership before the cases are in other hands: never an ownerless
case."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from portal.leaving import Standing, add_check
from portal.models import Membership
from portal.states import MovedOn
from portal.timeframe import today


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


def take_seat(membership_id: uuid.UUID, now: dt.datetime) -> Membership:
    """The membership that is to hold a case, locked: who ends it at the same time takes turns, and finds the case.

    Raises ``MovedOn`` when it does not hold any more.
    """
    rows = Membership.objects.current(today(now)).select_for_update(of=("self",), no_key=True)
    found = rows.select_related("user", "service__organisation", "community").filter(pk=membership_id).first()
    if found is None:
        raise MovedOn(_("Tilgangen i tjenesten er avsluttet, så saken kan ikke ha stafettholder der."))
    return found
