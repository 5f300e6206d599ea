"""The referral and what belongs to it."""

from referrals.models.assessment import Consultation, EmergencyAssessment, GpAssessment
from referrals.models.contribution import Attachment, Contribution, ContributionSection, InformationRequest
from referrals.models.referral import (
    IntakeDecision,
    Receipt,
    Referral,
    RenderedDocument,
    Snapshot,
    UrgencyChange,
)
from referrals.models.treatment import TreatmentStart

__all__ = [
    "Attachment",
    "Consultation",
    "Contribution",
    "ContributionSection",
    "EmergencyAssessment",
    "GpAssessment",
    "InformationRequest",
    "IntakeDecision",
    "Receipt",
    "Referral",
    "RenderedDocument",
    "Snapshot",
    "TreatmentStart",
    "UrgencyChange",
]
