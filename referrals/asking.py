"""On what a service can be asked for a contribution: consent that covers it, or a statutory basis named for it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from cases.models import StatutoryBasis
from cases.sharing import SharingFacts, category_of
from portal.access import Stranger
from portal.models import Service
from portal.timeframe import today


@dataclass(frozen=True)
class AskBasis:
    """Whether a service can be asked, and why (not) in a sentence; the named basis if not consent; until when."""

    allowed: bool
    explanation: str
    statutory: StatutoryBasis | None = None
    until: dt.datetime | None = None


def basis_for_asking(facts: SharingFacts, service: Service, now: dt.datetime) -> AskBasis:
    """The basis for asking a service to write in its own category. No statement: the facts are read already."""
    category = category_of(service, facts.edition)
    basis = facts.basis(service.pk, category, now)
    if not basis.allowed:
        return AskBasis(False, str(basis.explanation))
    named = None
    if not basis.consent_ids:
        named = next((row for row in facts.statutory_rows if _covers(row, service, category, now)), None)
    return AskBasis(True, str(basis.explanation), named, basis.expires_at)


def service_of(service_id: uuid.UUID) -> Service:
    """A service to ask, by its id from a form. Raises ``Stranger`` when there is none."""
    service = Service.objects.select_related("organisation").filter(pk=service_id, active=True).first()
    if service is None:
        raise Stranger()
    return service


def _covers(row: StatutoryBasis, service: Service, category: str, now: dt.datetime) -> bool:
    in_time = row.valid_from <= now and (row.valid_until is None or row.valid_until >= today(now))
    return row.service_id == service.pk and category in row.categories and in_time
