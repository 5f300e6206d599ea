"""What the referral adds to ``case_access``: contributors, the referrer, the receiver and the department consulted."""

import datetime as dt
from collections.abc import Iterator

from cases.admission import Grant
from cases.models import Case, Scope
from referrals.models import Consultation, Contribution, GpAssessment, InformationRequest, Referral
from referrals.states import BEING_MADE


def from_referrals(case: Case, now: dt.datetime) -> Iterator[Grant]:
    """The grants that referrals and consultations of a case give rise to.

    A contributor sees the page of its own contribution; the referrer the referral being made and, by consent, the
    case's items; a receiver the referral as sent (a redirect ends the first department's place); a department consulted
    with the child's name only the consultation.
    """
    for contribution in Contribution.objects.filter(referral__case=case).exclude(state=Contribution.State.CANCELLED):
        yield Grant(contribution.service_id, f"contribution:{contribution.pk}", Scope.CONTRIBUTION)
    referrals = Referral.objects.filter(case=case).select_related("referrer")
    for referral in referrals:
        if referral.referrer is not None and referral.state in BEING_MADE:
            yield Grant(referral.referrer.service_id, f"referrer:{referral.pk}", Scope.CASE)
        if referral.referrer is not None and referral.sent_at is not None:
            yield Grant(referral.referrer.service_id, f"sender:{referral.pk}", Scope.REFERRAL)
        if referral.sent_at is not None:
            # Also after a withdrawal: who had it must be able to learn that it was withdrawn, and no more.
            yield Grant(referral.receiver_id, f"receiver:{referral.pk}", Scope.REFERRAL)
    # The GP who assessed is told the outcome, also where another finalised. Opens the outcome and nothing more.
    assessed = GpAssessment.objects.filter(
        referral__in=[r.pk for r in referrals if r.sent_at], error_at__isnull=True, source=GpAssessment.Source.PORTAL
    )
    for assessment in assessed.exclude(completed_at__isnull=True):
        yield Grant(assessment.service_id, f"assessor:{assessment.referral_id}", Scope.REFERRAL)
    asked = InformationRequest.objects.filter(
        referral__case=case, answered_at__isnull=True, cancelled_at__isnull=True, contribution__isnull=True
    )
    for request in asked:
        yield Grant(request.asked_service_id, f"request:{request.pk}", Scope.CONTRIBUTION)
    # A nameless one opens nothing: the department must not learn which case it is.
    for consultation in Consultation.objects.filter(case=case, error_at__isnull=True, nameless=False):
        yield Grant(consultation.department_id, f"consultation:{consultation.pk}", Scope.CONSULTATION)
