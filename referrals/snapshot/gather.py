"""Reading once what a snapshot is made of: few statements however many contributions there are."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cases.access import Viewer
from cases.models import Case, ChildVoice, Concern, Consent, LevelChange, Measure
from cases.sharing import SharingFacts
from guideline.schema import Edition
from portal.models import Service, ServiceKind
from portal.together import read_together
from referrals.actions.emergency import emergency_answers
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
)

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
    sees: Sees
    # What is frozen for the receiver, not a draft for someone making it.
    for_receiver: bool

    @property
    def child_protection(self) -> list[Contribution]:
        """Contributions from barnevernet, for the fact of its role."""
        return [c for c in self.contributions if c.service.kind == ServiceKind.CHILD_PROTECTION]


def gather(referral: Referral, case: Case, edition: Edition, now: dt.datetime, viewer: Viewer | None = None) -> Sources:
    """Reads the sources. With a viewer, what that service may see; without, what may go to the receiving department.

    Seven statements, however many contributions, measures or attachments.
    """
    facts = SharingFacts(case)
    found = _read(referral, case)
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
        sees=_seen_by_viewer(viewer, referral) if viewer else may_go_to(referral, facts, now),
        for_receiver=viewer is None,
    )


def _read(referral: Referral, case: Case) -> dict[str, list[Any]]:
    """All lists of the referral and what the case carries into it. One statement."""
    mine, ours = {"referral": referral.pk}, {"case": case.pk, "error_at__isnull": True}
    return read_together(
        Referral.objects.filter(pk=referral.pk),
        contributions=Contribution.objects.filter(**mine)
        .exclude(state=Contribution.State.CANCELLED)
        .select_related("service__organisation", "submitted_by", "requested_by"),
        sections=ContributionSection.objects.filter(contribution__referral=referral.pk),
        attachments=Attachment.objects.filter(
            **mine, detached_at__isnull=True, document__error_at__isnull=True
        ).select_related("document__service"),
        gp=GpAssessment.objects.filter(**mine, error_at__isnull=True, completed_at__isnull=False).select_related(
            "completed_by", "service", "recorded_by"
        ),
        emergency=emergency_answers(referral)[:1],
        concerns=Concern.objects.filter(**ours).select_related("service", "recorded_by"),
        measures=Measure.objects.filter(**ours).select_related("service"),
        levels=LevelChange.objects.filter(case=case.pk).select_related("changed_by"),
        voices=ChildVoice.objects.filter(**ours).select_related("service", "recorded_by"),
        consultations=Consultation.objects.filter(**mine, error_at__isnull=True).select_related(
            "department", "asked_by", "other_unit"
        ),
        requests=InformationRequest.objects.filter(**mine, answered_at__isnull=False).select_related(
            "answered_by", "asked_service__organisation"
        ),
        receipts=Receipt.objects.filter(**mine).select_related("service")[:1],
    )


def may_go_to(referral: Referral, facts: SharingFacts, now: dt.datetime) -> Sees:
    """What consent lets the receiver have; a reason recorded for lacking consent covers the whole by its named basis.

    A redirect within the hospital takes the referral along: consent to a department that has had it still counts.
    """
    answers: dict[str, bool] = {}
    departments = {referral.receiver_id}
    if referral.first_received_on is not None:
        departments |= set(Receipt.objects.filter(referral=referral).values_list("service_id", flat=True))

    def sees(service: Service, category: str, sealed: bool) -> bool:
        if referral.missing_consent_reason:
            return True
        if category not in answers:
            answers[category] = any(facts.basis(department, category, now).allowed for department in departments)
        return answers[category]

    return sees


def _seen_by_viewer(viewer: Viewer, referral: Referral) -> Sees:
    referrer = referral.referrer is not None and referral.referrer.service_id == viewer.actor.service_id

    def sees(service: Service, category: str, sealed: bool) -> bool:
        return viewer.sees(service.pk, category, sealed=sealed and not referrer)

    return sees
