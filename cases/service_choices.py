"""Which services a form about a case offers: those in the case first, then the others that serve the municipality, and
last those for children of another age."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from cases.models import Case, Participant
from portal.directory.lookup import services_for, with_people
from portal.models import Service
from portal.timeframe import today

Choices = list[tuple[str, str]]


def in_case(case: Case) -> list[Service]:
    """The holder's service and the services that take part, in Norwegian order. One statement."""
    rows = Participant.objects.taking_part(today()).filter(case=case).select_related("service")
    found = {row.service_id: row.service for row in rows} | {case.holder.service_id: case.holder.service}
    return sorted(found.values(), key=lambda service: (service.sort_key, str(service.pk)))


def around(case: Case, besides: list[Service]) -> list[Service]:
    """The other services that serve the case's municipality, those for the child's age first. One statement."""
    found = [service for service in services_for(case.municipality) if service not in besides]
    return sorted(found, key=lambda service: not fits(service, case))


def fits(service: Service, case: Case) -> bool:
    """Whether a service is for children of this child's age; one not born yet counts as newborn."""
    return service.age_from <= (case.child.age_on(today()) or 0) <= service.age_until


def named(service: Service, case: Case) -> str:
    """The service's name; with its ages where the child is of another."""
    if fits(service, case):
        return service.name
    ages = {"service": service.name, "first": service.age_from, "last": service.age_until}
    return _("%(service)s (for %(first)s–%(last)s år)") % ages


def to_choose(services: Iterable[Service], case: Case) -> list[tuple[str, Choices]]:
    """Services for a list one chooses from: for the child's age, then «Andre»; those without users say so."""
    found = list(services)
    peopled = with_people(service.pk for service in found)
    nobody = _("%(service)s – har ingen brukere ennå")

    def label(service: Service) -> str:
        name = named(service, case)
        return name if service.pk in peopled else nobody % {"service": name}

    groups = {_("For barnets alder"): True, _("Andre"): False}
    made = [
        (title, [(str(s.pk), label(s)) for s in found if fits(s, case) is wanted]) for title, wanted in groups.items()
    ]
    return [(title, rows) for title, rows in made if rows]
