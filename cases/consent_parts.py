"""The parts of a consent, service by category: what stands, and what was taken back while the rest stands."""

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from cases.models import Consent
from guideline.schema import ConsentCategory

# A service (None: all of them, of a no that names none) and a category.
Part = tuple[uuid.UUID | None, str]


def parts_of(row: Consent) -> list[Part]:
    """Everything a decision covers, by service as they stand in it. No statements where the facts are at hand."""
    services: list[uuid.UUID | None] = [link.service_id for link in row.covered.all()]
    return [(service_id, category) for service_id in services or [None] for category in row.categories]


def standing_parts(row: Consent) -> list[Part]:
    """What of a decision has not been taken back; whether it is in force is another matter."""
    if row.withdrawn_at is not None:
        return []
    closed = {link.service_id for link in row.covered.all() if link.withdrawn_at}
    gone = {(part.service_id, part.category) for part in row.parts_withdrawn.all()}
    return [part for part in parts_of(row) if part[0] not in closed and part not in gone]


def given_to(row: Consent) -> list[uuid.UUID]:
    """The services that a yes names now; none where it was a no, or has been taken back."""
    if row.decision != Consent.Decision.GIVEN or row.withdrawn_at or row.in_error:
        return []
    return [link.service_id for link in row.covered.all() if link.withdrawn_at is None]


def withdrawn_in_words(row: Consent, labels: Mapping[str, ConsentCategory]) -> list[str]:
    """The categories taken back for some services while the rest stands: «Helse for Fjordvik skole»."""
    names: dict[uuid.UUID | None, str] = {link.service_id: link.service.name for link in row.covered.all()}
    by_service: dict[uuid.UUID | None, list[str]] = {}
    for part in row.parts_withdrawn.all():
        label = labels[part.category].label if part.category in labels else part.category
        by_service.setdefault(part.service_id, []).append(label)
    return [
        _("%(categories)s for %(service)s")
        % {"categories": ", ".join(sorted(categories)), "service": names.get(service_id, _("alle tjenester"))}
        for service_id, categories in by_service.items()
    ]
