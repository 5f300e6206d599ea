"""Reading once what a snapshot is made of: few statements however many contributions there are."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.access import Viewer
from cases.models import Case, Category, ChildVoice, Concern, Consent, LevelChange, Measure, Participant
from cases.sharing import SharingFacts
from guideline.schema import Edition
from portal.models import Service, ServiceKind
from portal.timeframe import today
from portal.together import Together
from referrals.actions.emergency import emergency_answers
from referrals.missing import NOES, departments_of, reason_stands_in
from referrals.models import (
    Attachment,
    Consultation,
    Contribution,
    ContributionSection,
    EmergencyAssessment,
    GpAssessment,
    InformationRequest,
    Receipt,
    Referral,
    UrgencyChange,
)
from referrals.models.contribution import goes_along
from referrals.snapshot.viewed import identifies, writes

Sees = Callable[[Service, str, bool], bool]


@dataclass
class Sources:
    """Everything a snapshot needs, already read."""

    referral: Referral
    case: Case
    edition: Edition
    now: dt.datetime
    facts: SharingFacts
    contributions: list[Contribution]
    sections: dict[uuid.UUID, list[ContributionSection]]
    attachments: list[Attachment]
    gp: GpAssessment | None
    emergency: EmergencyAssessment | None
    concerns: list[Concern]
    measures: list[Measure]
    levels: list[LevelChange]
    voices: list[ChildVoice]
    consents: list[Consent]
    consultations: list[Consultation]
    requests: list[InformationRequest]
    first_receipt: Receipt | None
    # Services that take part in the case now.
    participants: list[Service]
    # The hospital's own changes of the urgency, the newest last.
    urgency_changes: list[UrgencyChange]
    sees: Sees
    # What is frozen for the receiver, not a draft for someone making it.
    for_receiver: bool
    # Whether the reader may have the child's national number and the guardians' contact.
    identifies: bool = True
    # Whether the reader's service writes the referral's own texts: it reads them whatever they are about.
    writes: bool = False

    @property
    def reads_texts(self) -> bool:
        """Whether the referral's own texts and reasons are told: they are the health service's, by who started it."""
        return self.writes or self.sees(self.referral.started_in, Category.HEALTH, False)

    def known(self, *kinds: str) -> Service | None:
        """The service of one of these kinds that knows the child: asked, refers, assessed or takes part."""
        referrer = self.referral.referrer
        asked = [c.service for c in self.contributions]
        writers = [referrer.service] if referrer else []
        if self.gp is not None and self.gp.source == GpAssessment.Source.PORTAL:
            writers.append(self.gp.service)
        return next((s for s in (*asked, *writers, *self.participants) if s.kind in kinds), None)

    @property
    def child_protection(self) -> list[Contribution]:
        """Contributions from barnevernet, for the fact of its role."""
        return [c for c in self.contributions if c.service.kind == ServiceKind.CHILD_PROTECTION]


def gather(referral: Referral, case: Case, edition: Edition, now: dt.datetime, viewer: Viewer | None = None) -> Sources:
    """Reads the sources. With a viewer, what that service may see; without, what may go to the receiving department.

    Seven statements, however many contributions, measures or attachments.
    """
    facts = SharingFacts(case, viewer)
    found = _read(referral_id=referral.pk, case_id=case.pk, started_at=referral.started_at)
    contributions: list[Contribution] = found["contributions"]
    by_id = {c.pk: c for c in contributions}
    texts: dict[uuid.UUID, list[ContributionSection]] = {c.pk: [] for c in contributions}
    for section in found["sections"]:
        texts.setdefault(section.contribution_id, []).append(section)
    requests: list[InformationRequest] = found["requests"]
    for request in requests:
        request.contribution = by_id.get(request.contribution_id) if request.contribution_id else None
    return Sources(
        referral=referral,
        case=case,
        edition=edition,
        now=now,
        facts=facts,
        contributions=contributions,
        sections=texts,
        attachments=found["attachments"],
        gp=next(iter(found["gp"]), None),
        emergency=next(iter(found["emergency"]), None),
        concerns=found["concerns"],
        measures=found["measures"],
        levels=found["levels"],
        voices=found["voices"],
        consents=facts.consent_rows,
        consultations=found["consultations"],
        requests=requests,
        first_receipt=next(iter(found["receipts"]), None),
        participants=[row.service for row in found["participants"] if not row.over(today(now))],
        urgency_changes=found["urgency_changes"],
        sees=_seen_by_viewer(viewer, referral) if viewer else may_go_to(referral, facts, now),
        for_receiver=viewer is None,
        identifies=viewer is None or identifies(viewer, referral),
        writes=viewer is not None and writes(viewer, referral),
    )


@Together
def _read(
    *, referral_id: uuid.UUID, case_id: uuid.UUID, started_at: dt.datetime
) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """All lists of the referral and what the case carries into it."""
    mine, ours = {"referral": referral_id}, {"case": case_id, "error_at__isnull": True}
    return Referral.objects.filter(pk=referral_id), {
        "contributions": Contribution.objects.filter(**mine)
        .exclude(state=Contribution.State.CANCELLED)
        .select_related("service__organisation", "submitted_by", "delivered_by", "requested_by"),
        "sections": ContributionSection.objects.filter(contribution__referral=referral_id),
        "attachments": Attachment.objects.filter(
            goes_along(), **mine, detached_at__isnull=True, document__error_at__isnull=True
        ).select_related("document__service"),
        "gp": GpAssessment.objects.filter(**mine, error_at__isnull=True, completed_at__isnull=False).select_related(
            "completed_by", "service", "recorded_by"
        ),
        "emergency": emergency_answers(referral_id, case_id, started_at)[:1],
        "concerns": Concern.objects.filter(**ours).select_related("service", "recorded_by"),
        "measures": Measure.objects.filter(**ours).select_related(
            "service", "recorded_in", "recorded_by", "evaluated_by"
        ),
        "levels": LevelChange.objects.filter(case=case_id).select_related("changed_by", "service"),
        "voices": ChildVoice.objects.filter(**ours).select_related("service", "recorded_by"),
        "consultations": Consultation.objects.filter(**mine, error_at__isnull=True).select_related(
            "department", "asked_in", "asked_by", "other_unit"
        ),
        "requests": InformationRequest.objects.filter(**mine, answered_at__isnull=False).select_related(
            "answered_by", "asked_service__organisation"
        ),
        "receipts": Receipt.objects.filter(**mine, error_at__isnull=True).select_related("service")[:1],
        "participants": Participant.objects.filter(case=case_id, ended_at__isnull=True).select_related("service"),
        "urgency_changes": UrgencyChange.objects.filter(**mine),
    }


def may_go_to(referral: Referral, facts: SharingFacts, now: dt.datetime) -> Sees:
    """What consent lets the receiver have. While there is none, the reason recorded for it covers by its named basis
    all but what somebody has said no to.

    A redirect within the hospital takes the referral along: consent to a department that has had it still counts, but
    not against a no to the one that has it now.
    """
    answers: dict[str, bool] = {}
    departments = departments_of(referral)
    instead = reason_stands_in(referral, facts, now)
    basis = facts.edition.consent.statutory_bases.get(referral.missing_consent_basis)
    covered_by_law = (basis.categories if basis else ()) or tuple(Category.values)

    def sees(service: Service, category: str, sealed: bool) -> bool:
        if category not in answers:
            given = [facts.basis(department, category, now) for department in departments]
            refused = any(answer.because in NOES for answer in given)
            refused_here = facts.basis(referral.receiver_id, category, now).because in NOES
            by_law = instead and not refused and category in covered_by_law
            answers[category] = by_law or (not refused_here and any(answer.allowed for answer in given))
        return answers[category]

    return sees


def _seen_by_viewer(viewer: Viewer, referral: Referral) -> Sees:
    referrer = referral.referrer is not None and referral.referrer.service_id == viewer.actor.service_id

    def sees(service: Service, category: str, sealed: bool) -> bool:
        return viewer.sees(service.pk, category, sealed=sealed and not referrer)

    return sees
