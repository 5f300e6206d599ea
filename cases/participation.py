"""Who takes part in a case and what each service sees now: the facts of the participants page."""

import datetime as dt
import uuid
from dataclasses import dataclass

from cases.case_facts import CaseFacts, ParticipantRow
from cases.models import Case, Category, Participant
from cases.sharing import SharingFacts
from portal.access import Stranger


@dataclass(frozen=True)
class Covered:
    """One category: whether the service may see others' information in it now, and why or why not."""

    label: str
    allowed: bool
    explanation: str


@dataclass(frozen=True)
class Partaking:
    """A participant with what consent (or a named basis) covers now."""

    row: ParticipantRow
    categories: tuple[Covered, ...]
    holder: bool

    @property
    def sees(self) -> tuple[Covered, ...]:
        """The categories it may see."""
        return tuple(c for c in self.categories if c.allowed)


def partaking(case: Case, facts: CaseFacts, sharing: SharingFacts, now: dt.datetime) -> list[Partaking]:
    """Every participant with its coverage, from facts already read: no statement."""
    return [
        Partaking(row, tuple(_covered(sharing, row.service_id, now)), row.service_id == case.holder.service_id)
        for row in facts.participants
    ]


def _covered(sharing: SharingFacts, service_id: uuid.UUID, now: dt.datetime) -> list[Covered]:
    found = []
    labels = sharing.edition.consent.categories
    for category in Category.values:
        basis = sharing.basis(service_id, category, now)
        found.append(Covered(labels[category].label, basis.allowed, basis.explanation))
    return found


def find(participant_id: uuid.UUID) -> Participant:
    """A participant by id; the case's access check follows. Raises ``Stranger``."""
    participant = Participant.objects.select_related("service", "case__holder").filter(pk=participant_id).first()
    if participant is None:
        raise Stranger()
    return participant
