"""Who has been in a case, said in one sentence at the top of its log, and as choices to narrow the log by."""

import uuid
from collections.abc import Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.log_reading import Visitor
from portal.templatetags.dates import nb_datetime

EVERYONE = ""
PERSON, SERVICE = "p-", "t-"


def summary(visitors: Sequence[Visitor], reader: uuid.UUID | None) -> str:
    """«12 personer fra 5 tjenester har sett eller endret noe i saken. Sist: …», the reader's own visit left out of the
    last part; what was refused is counted by itself."""
    inside = [visitor for visitor in visitors if visitor.times and visitor.user_id]
    people = len({visitor.user_id for visitor in inside})
    services = len({visitor.service_id for visitor in inside})
    said = [
        ngettext("%(count)s person", "%(count)s personer", people) % {"count": people}
        + " "
        + ngettext("fra %(count)s tjeneste", "fra %(count)s tjenester", services) % {"count": services}
        + " "
        + _("har sett eller endret noe i saken.")
    ]
    others = [visitor for visitor in inside if visitor.user_id != reader]
    if others:
        last = max(others, key=lambda visitor: visitor.last_at)
        said.append(
            _("Sist, utenom deg: %(who)s, %(service)s, %(when)s.")
            % {"who": last.user_name, "service": last.service_name, "when": nb_datetime(last.last_at)}
        )
    refused = sum(visitor.refused for visitor in visitors)
    if refused:
        said.append(_("%(count)s forsøk ble avvist.") % {"count": refused})
    return " ".join(said)


def who_choices(visitors: Sequence[Visitor]) -> list[tuple[str, object]]:
    """Each service with its people, for a field: a value, or a group of values."""
    known: dict[tuple[uuid.UUID | None, uuid.UUID | None], Visitor] = {}
    for visitor in visitors:
        # The newest name of each, since people and services change theirs.
        known.setdefault((visitor.service_id, visitor.user_id), visitor)
    named = [visitor for visitor in known.values() if visitor.service_id and visitor.user_id]
    named.sort(key=lambda visitor: (visitor.service_name, str(visitor.service_id), visitor.user_name))
    choices: list[tuple[str, object]] = [(EVERYONE, _("Alle"))]
    for (name, service_id), group in groupby(named, key=lambda visitor: (visitor.service_name, visitor.service_id)):
        people = [(f"{PERSON}{visitor.user_id}", visitor.user_name) for visitor in group]
        choices.append((name, [(f"{SERVICE}{service_id}", _("Alle i %(service)s") % {"service": name}), *people]))
    return choices
