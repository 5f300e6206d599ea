"""Who takes part in a case and what each service sees now: the facts of the participants page."""

import datetime as dt
import uuid
from dataclasses import dataclass

from cases.case_facts import CaseFacts, ParticipantRow
from cases.models import Case, Category, Participant
from cases.open_doors import Doors, doors_of, places_in
from cases.sharing import SharingFacts
from cases.turned_away import turned_away
from portal.context import Actor
from portal.directory.lookup import with_people
from portal.timeframe import today


@dataclass(frozen=True)
class Covered:
    """One category: whether the service sees others' information in it now, and what consent (or the law) says."""

    label: str
    allowed: bool
    explanation: str


@dataclass(frozen=True)
class Partaking:
    """A participant with what it sees now; ``coming`` before its period, ``nobody`` while it has no users."""

    row: ParticipantRow
    categories: tuple[Covered, ...]
    holder: bool
    coming: bool = False
    nobody: bool = False

    @property
    def sees(self) -> tuple[Covered, ...]:
        """The categories it may see."""
        return tuple(c for c in self.categories if c.allowed)


def partaking(case: Case, facts: CaseFacts, sharing: SharingFacts, now: dt.datetime) -> list[Partaking]:
    """Every participant with what its access opens now. Two statements."""
    peopled = with_people((row.service_id for row in facts.participants), today(now))
    doors, holder, day = doors_of(places_in(case.pk), now), case.holder.service_id, today(now)
    return [
        Partaking(
            row,
            tuple(_covered(sharing, row.service_id, doors.get(row.service_id, Doors()), now)),
            row.service_id == holder,
            coming=row.valid_from > day,
            nobody=row.service_id not in peopled,
        )
        for row in facts.participants
    ]


def _covered(sharing: SharingFacts, service_id: uuid.UUID, doors: Doors, now: dt.datetime) -> list[Covered]:
    labels = sharing.edition.consent.categories
    return [
        Covered(labels[c].label, c in doors.items, sharing.basis(service_id, c, now).explanation)
        for c in Category.values
    ]


def find(actor: Actor, participant_id: uuid.UUID) -> Participant:
    """A participant by id; the case's access check follows. Raises ``Stranger``."""
    participant = Participant.objects.select_related("service", "case__holder").filter(pk=participant_id).first()
    if participant is None:
        raise turned_away(actor, "case.participants", Participant, participant_id)
    return participant
