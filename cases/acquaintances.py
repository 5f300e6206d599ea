"""What the family has said about people in the services of a case, and who it can be said of."""

import uuid
from itertools import groupby

from django.utils.translation import gettext as _

from cases.models import Acquaintance, Case
from cases.service_choices import in_case
from portal.access import Stranger
from portal.directory.lookup import NOT_AT_WORK
from portal.models import Membership, Service, User
from portal.timeframe import today

ANYBODY = "anybody"
Choice = tuple[Service, User | None]


def standing_in(case: Case) -> list[Acquaintance]:
    """What stands now, in the order it was said. One statement."""
    rows = Acquaintance.objects.filter(case=case, ended_at__isnull=True)
    return list(rows.select_related("service", "person", "recorded_by").order_by("recorded_at", "id"))


def find(acquaintance_id: uuid.UUID) -> Acquaintance:
    """One by its id; the case's access check follows. Raises ``Stranger``."""
    found = Acquaintance.objects.select_related("case__holder").filter(pk=acquaintance_id).first()
    if found is None:
        raise Stranger()
    return found


def people_in(case: Case) -> tuple[dict[str, Choice], list[tuple[str, object]]]:
    """Whom it can be said of: what each value of the field means, and the field's choices, service by service. Two
    statements."""
    services = in_case(case)
    rows = (
        Membership.objects.current(today())
        .filter(service__in=services)
        .exclude(role__in=NOT_AT_WORK)
        .select_related("user", "service")
        .order_by("service__sort_key", "service_id", "user__sort_key", "user_id")
    )
    working = {key: list(group) for key, group in groupby(rows, key=lambda row: row.service_id)}
    meaning: dict[str, Choice] = {}
    choices: list[tuple[str, object]] = [("", _("Velg hvem"))]
    for service in services:
        people = {row.user_id: row.user for row in working.get(service.pk, [])}
        group: list[tuple[str, str]] = [(f"{service.pk}.{ANYBODY}", _("Noen i %(service)s") % {"service": service})]
        group += [(f"{service.pk}.{person.pk}", person.name) for person in people.values()]
        meaning[f"{service.pk}.{ANYBODY}"] = (service, None)
        meaning |= {f"{service.pk}.{person.pk}": (service, person) for person in people.values()}
        choices.append((service.name, group))
    return meaning, choices
