"""What has happened in a case: state changes, concerns and participants. Never the text of what others wrote."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.event_words import told, words_for
from cases.json_rows import rows, typed
from cases.models import Case, Concern, Participant
from cases.page import Entry, add_entries
from portal.models import StateChange

# More than this in one case is read in the log, page by page.
MOST = 400
# Processes whose reasons are told, to the holder's side and the service that gave them.
REASONED = {"case", "level", "guardians"}


@dataclass(frozen=True)
class ConcernTold:
    """A concern: when, by whom."""

    id: uuid.UUID
    recorded_at: dt.datetime
    who: str
    service: str


@dataclass(frozen=True)
class ParticipantTold:
    """A service that joined, and perhaps left."""

    added_at: dt.datetime
    added_name: str
    service: str
    purpose: str
    ended_at: dt.datetime | None
    ended_name: str | None
    end_reason: str
    service_id: uuid.UUID


@add_entries
def from_states(viewer: Viewer) -> Iterable[Entry]:
    """Moves of every process that has words (cases.event_words). One statement."""
    changes = StateChange.objects.filter(case_id=viewer.case.pk, process__in=told()).order_by("-id")[:MOST]
    for change in changes:
        words = words_for(change.process, change.to_state)
        if words is None:
            continue
        yield Entry(
            at=change.at,
            title=str(words.title),
            who=change.user_name,
            service=change.service_name,
            text=change.reason if change.process in REASONED and viewer.reads(change.service_id) else "",
            icon=words.icon,
            kind=words.kind,
        )


@add_entries
def from_rows(viewer: Viewer) -> Iterable[Entry]:
    """Concerns recorded, services that joined and left. One statement for both."""
    concerns = Concern.objects.filter(error_at__isnull=True).order_by("-recorded_at")
    participants = Participant.objects.order_by("-added_at")
    found = (
        Case.objects.filter(pk=viewer.case.pk)
        .values(
            its_concerns=rows(concerns, ConcernTold, limit=MOST, who="recorded_by__name", service="service__name"),
            its_participants=rows(
                participants,
                ParticipantTold,
                limit=MOST,
                added_name="added_by__name",
                ended_name="ended_by__name",
                service="service__name",
            ),
        )
        .get()
    )
    for data in found["its_concerns"]:
        yield _concern(viewer, typed(ConcernTold, data))
    for data in found["its_participants"]:
        yield from _participant(viewer, typed(ParticipantTold, data))


def _concern(viewer: Viewer, row: ConcernTold) -> Entry:
    return Entry(
        at=row.recorded_at,
        title=_("Undring registrert"),
        who=row.who,
        service=row.service,
        icon="Eye",
        kind="content",
        url=reverse("cases:case", args=[viewer.case.pk]) + f"#undring-{row.id}",
    )


def _participant(viewer: Viewer, row: ParticipantTold) -> Iterator[Entry]:
    url = reverse("cases:participants", args=[viewer.case.pk])
    yield Entry(
        at=row.added_at,
        title=_("%(service)s ble deltaker") % {"service": row.service},
        who=row.added_name,
        text=row.purpose,
        icon="PersonPlus",
        kind="people",
        url=url,
    )
    if row.ended_at:
        yield Entry(
            at=row.ended_at,
            title=_("%(service)s er ikke lenger deltaker") % {"service": row.service},
            who=row.ended_name or "",
            # Why is for the holder's side, and the service it is about.
            text=row.end_reason if viewer.reads(row.service_id) else "",
            icon="Leave",
            kind="people",
            url=url,
        )
