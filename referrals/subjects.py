"""What the obligations 6.1 are judged on: a case's referrals and consultations, each with the facts the evidence asks
for."""

import copy
import uuid
from typing import Any

from django.db.models import Q, QuerySet

from cases.evidence import add_begun
from cases.models import Case, Participant
from portal.together import Together, attach
from referrals.models import Consultation, Contribution, EmergencyAssessment, GpAssessment, Referral


def referrals_of_case(case: Case) -> list[Referral]:
    """The referrals, newest first, with contributions, GP assessments, emergency answers and participants. One
    statement."""
    found = _read(case_id=case.pk)
    # A copy carries the lists, so that the caller's case does not remember them after they have changed.
    case = copy.copy(case)
    attach([case], "emergencies", found["emergencies"], "case_id")
    attach([case], "participants", found["participants"], "case_id")
    attach(found["referrals"], "contributions", found["contributions"], "referral_id")
    attach(found["referrals"], "gp_assessments", found["gp_assessments"], "referral_id")
    for referral in found["referrals"]:
        referral.case = case
    return found["referrals"]


@add_begun
def has_referral(case: Case) -> bool:
    """Whether a referral is made, or was sent: then the child and the family take part, on level 0 too. One
    statement."""
    never_sent = Q(state=Referral.State.WITHDRAWN, sent_at__isnull=True)
    return Referral.objects.filter(~never_sent, case=case).exists()


def consultations_of_case(case: Case) -> list[Consultation]:
    """The consultations that stand, oldest first. One statement."""
    return _read_consultations(case_id=case.pk)["consultations"]


@Together
def _read(*, case_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """Everything but what is marked feilregistrert."""
    ours, standing = {"case": case_id}, {"error_at__isnull": True}
    return Case.objects.filter(pk=case_id), {
        "referrals": Referral.objects.filter(**ours).select_related("receiver", "sent_by", "referrer__user"),
        "contributions": Contribution.objects.filter(referral__case=case_id).select_related("service"),
        "gp_assessments": GpAssessment.objects.filter(referral__case=case_id, **standing),
        "emergencies": EmergencyAssessment.objects.filter(**ours, **standing)
        .select_related("called_service", "assessed_by", "service")
        .order_by("-assessed_at", "-id"),
        "participants": Participant.objects.filter(**ours).select_related("service"),
    }


@Together
def _read_consultations(*, case_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """Everything but what is marked feilregistrert."""
    standing = Consultation.objects.filter(case=case_id, error_at__isnull=True)
    return Case.objects.filter(pk=case_id), {"consultations": standing.select_related("department")}
