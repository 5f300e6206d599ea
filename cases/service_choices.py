"""Which services a form about a case offers: those in the case first, then the others that serve the municipality."""

from cases.models import Case, Participant
from portal.directory.lookup import services_for
from portal.models import Service
from portal.timeframe import today


def in_case(case: Case) -> list[Service]:
    """The holder's service and the services that take part, in Norwegian order. One statement."""
    rows = Participant.objects.taking_part(today()).filter(case=case).select_related("service")
    found = {row.service_id: row.service for row in rows} | {case.holder.service_id: case.holder.service}
    return sorted(found.values(), key=lambda service: (service.sort_key, str(service.pk)))


def around(case: Case, besides: list[Service]) -> list[Service]:
    """The other services that serve the case's municipality. One statement."""
    return [service for service in services_for(case.municipality) if service not in besides]
