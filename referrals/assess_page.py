"""What the assessing page shows: the emergency question first, what is new, what is missing, the contributions."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guideline.editions import current_edition
from guideline.schema import Edition
from portal.models import AuditEvent
from portal.together import Together
from referrals.access import ReferralViewer
from referrals.actions.emergency import emergency_answers
from referrals.missing import Missing, kept_back, missing_from
from referrals.models import Contribution, EmergencyAssessment, GpAssessment, Referral
from referrals.snapshot import written
from referrals.snapshot.build import compose
from referrals.snapshot.carried import held_back_rows
from referrals.snapshot.gather import Sources, gather, may_go_to

VERB = "referral.assess"
# Looking again within this time is the same sitting: what was new when it began is still marked.
SITTING = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class News:
    """Something that came since the person last sat with the page."""

    at: dt.datetime
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class AssessPage:
    """All the page shows, read once."""

    content: dict[str, Any]
    edition: Edition
    # The draft or completed assessment that counts, whoever wrote it.
    gp: GpAssessment | None
    missing: list[Missing]
    # Services whose contributions go along, and those that consent keeps back, in whole or in part.
    going: list[str]
    held_back: list[dict[str, str]]
    # Checklist gaps: advice that never blocks.
    gaps: list[dict[str, str]]
    since: dt.datetime | None
    news: list[News]
    # What the receiver will get, which may be more or less than the reader sees.
    leaving: Sources

    @cached_property
    def outgoing(self) -> dict[str, Any]:
        """The document as it goes to the receiver. No statement."""
        return compose(self.leaving)

    @cached_property
    def held_back_rows(self) -> list[str]:
        """What the case holds besides contributions that consent keeps back: whose it is, never what it says."""
        return held_back_rows(self.leaving)

    @property
    def new_ids(self) -> set[str]:
        """The ids of contributions that are new."""
        return {item.anchor.removeprefix("bidrag-") for item in self.news if item.anchor}


@dataclass(frozen=True)
class Desk:
    """What is read first: it decides what else is shown."""

    gp: GpAssessment | None
    # When this person last sat with the page.
    since: dt.datetime | None
    emergency: EmergencyAssessment | None

    @property
    def stopped(self) -> bool:
        """An emergency, and nobody is called: nothing but the phone and the form for the call may be shown."""
        return self.emergency is not None and self.emergency.is_emergency and self.emergency.called_on is None


def page_of(seen: ReferralViewer, now: dt.datetime, desk: Desk | None = None) -> AssessPage:
    """Reads the page: seven statements, however many contributions there are, six where the desk is read."""
    referral, case = seen.referral, seen.case
    edition = current_edition(case.community)
    source = gather(referral, case, edition, now, seen.viewer)
    content = compose(source)
    desk = desk or desk_of(seen, now)
    gp, since = desk.gp, desk.since
    leaving = replace(source, sees=may_go_to(referral, source.facts, now), for_receiver=True, identifies=True)
    sent_along, withheld = written.contributions(leaving)
    completed = gp is not None and gp.completed_at is not None
    return AssessPage(
        content=content,
        edition=edition,
        gp=gp,
        missing=missing_from(referral, case, source.facts, emergency=source.emergency, gp_completed=completed, now=now),
        going=[row["service"] for row in sent_along],
        held_back=kept_back({"gaps": withheld}),
        gaps=[gap for gap in content["gaps"] if not gap["reason"]],
        since=since,
        news=sorted(_news(source, since), key=lambda item: item.at, reverse=True) if since else [],
        leaving=leaving,
    )


def desk_of(seen: ReferralViewer, now: dt.datetime) -> Desk:
    """The draft or assessment that counts, the last sitting, and the emergency answer. One statement."""
    found = _desk(
        referral_id=seen.referral.pk,
        case_id=seen.referral.case_id,
        started_at=seen.referral.started_at,
        user_id=seen.actor.person.pk,
        before=now - SITTING,
    )
    visit = next(iter(found["visits"]), None)
    return Desk(next(iter(found["gp"]), None), visit.at if visit else None, next(iter(found["emergency"]), None))


@Together
def _desk(
    *,
    referral_id: uuid.UUID,
    case_id: uuid.UUID,
    started_at: dt.datetime,
    user_id: uuid.UUID,
    before: dt.datetime,
) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """What the desk is laid with; ``before``: a visit before this instant was another sitting."""
    mine = {"referral": referral_id, "error_at__isnull": True}
    visits = AuditEvent.objects.filter(
        user_id=user_id, kind=AuditEvent.Kind.READ, verb=VERB, subject_id=referral_id, at__lt=before
    )
    return Referral.objects.filter(pk=referral_id), {
        "gp": GpAssessment.objects.filter(**mine).select_related("recorded_by", "service"),
        "visits": visits.order_by("-id")[:1],
        "emergency": emergency_answers(referral_id, case_id, started_at)[:1],
    }


def _news(source: Sources, since: dt.datetime) -> Iterator[News]:
    """What the viewer may know and has come since."""
    for c in source.contributions:
        anchor = f"bidrag-{c.pk}"
        if c.state == Contribution.State.SUBMITTED and c.submitted_at and c.submitted_at > since:
            yield News(c.submitted_at, _("Bidrag fra %(service)s") % {"service": c.service.name}, anchor)
        if c.state == Contribution.State.DECLINED and c.declined_at and c.declined_at > since:
            yield News(c.declined_at, _("%(service)s bidrar ikke") % {"service": c.service.name})
    for measure in source.measures:
        if measure.recorded_at > since:
            yield News(measure.recorded_at, _("Tiltak registrert av %(service)s") % {"service": measure.service.name})
    for voice in source.voices:
        if voice.recorded_at > since:
            yield News(voice.recorded_at, _("Barnets egne ord er skrevet ned"))
    for talk in source.consultations:
        if talk.answered_at and talk.answered_at > since:
            yield News(talk.answered_at, _("Drøfting med %(department)s") % {"department": talk.department.name})
    for row in source.attachments:
        if row.attached_at > since:
            yield News(row.attached_at, _("Nytt vedlegg fra %(service)s") % {"service": row.document.service.name})
    for consent in source.consents:
        if consent.recorded_at > since:
            yield News(consent.recorded_at, _("Samtykke registrert"))
        if consent.withdrawn_at and consent.withdrawn_at > since:
            yield News(consent.withdrawn_at, _("Samtykke trukket"))
