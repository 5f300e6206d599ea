"""What the referral adds to ``case_access``: contributors, the referrer, the receiver and the department consulted."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from cases.admission import Grant, Period, merged
from cases.models import Case, Category, Scope
from cases.sharing import SharingFacts, category_of
from portal.together import Together
from referrals.models import Consultation, Contribution, GpAssessment, InformationRequest, Referral
from referrals.states import BEING_MADE


def from_referrals(facts: SharingFacts, now: dt.datetime) -> Iterator[Grant]:
    """The grants that referrals and consultations of a case give rise to.

    A contributor sees the page of its own contribution, also when it was taken back: what it wrote stays its own, and
    there it reads that nothing more is asked; whom it is about, it knows while consent or a named basis lets it. The
    referrer the referral being made, while consent lets it; a receiver the referral as sent (a redirect ends the first
    department's place); a department consulted with the child's name only the consultation, while consent lets it know
    of the child's health.
    """
    found = _read(case_id=facts.case.pk)
    for contribution in found["contributions"]:
        yield Grant(contribution.service_id, f"contribution:{contribution.pk}", Scope.CONTRIBUTION)
        if contribution.state != Contribution.State.CANCELLED:
            yield from _named(contribution, facts, now)
    for referral in found["referrals"]:
        if referral.referrer is not None and referral.state in BEING_MADE:
            yield from _referrer(referral, referral.referrer.service_id, facts, now)
        ended = referral.sent_at is not None or referral.state == Referral.State.WITHDRAWN
        if referral.referrer is not None and ended:
            # Of one withdrawn before it was sent, the outcome page is all that opens: that it was withdrawn.
            yield Grant(referral.referrer.service_id, f"sender:{referral.pk}", Scope.REFERRAL)
        if referral.sent_at is not None:
            # Also after a withdrawal: who had it must be able to learn that it was withdrawn, and no more.
            yield Grant(referral.receiver_id, f"receiver:{referral.pk}", Scope.REFERRAL)
    # The GP who assessed is told the outcome, also where another finalised. Opens the outcome and nothing more.
    for assessment in found["assessed"]:
        yield Grant(assessment.service_id, f"assessor:{assessment.referral_id}", Scope.REFERRAL)
    for request in found["asked"]:
        yield Grant(request.asked_service_id, f"request:{request.pk}", Scope.CONTRIBUTION)
    # A nameless one opens nothing: the department must not learn which case it is.
    for consultation in found["consultations"]:
        department_id, basis = consultation.department_id, f"consultation:{consultation.pk}"
        yield from _during(_health(department_id, facts, now), department_id, basis, Scope.CONSULTATION, now)


def _referrer(referral: Referral, service_id: uuid.UUID, facts: SharingFacts, now: dt.datetime) -> Iterator[Grant]:
    """The case while something may be shared with the service, like any who takes part in it.

    While a reason stands for lacking consent, also the referral itself: nobody is to be left because one is not to be
    had. It opens what is being made, and nothing of the case behind it.
    """
    basis = f"referrer:{referral.pk}"
    shared = merged((w.start, w.end) for c in Category.values for w in facts.windows(service_id, c, now))
    yield from _during(shared, service_id, basis, Scope.CASE, now)
    if referral.missing_consent_reason:
        yield Grant(service_id, basis, Scope.REFERRAL)


def _named(contribution: Contribution, facts: SharingFacts, now: dt.datetime) -> Iterator[Grant]:
    """While the service asked may know whom it writes about (``referrals.asking``): its inbox names the child."""
    service = contribution.service
    periods = merged((w.start, w.end) for w in facts.windows(service.pk, category_of(service, facts.edition), now))
    yield from _during(periods, service.pk, f"named:{contribution.pk}", Scope.CONTRIBUTION, now)


def _health(service_id: uuid.UUID, facts: SharingFacts, now: dt.datetime) -> list[Period]:
    """The periods in which a service may know of the child's health."""
    return merged((w.start, w.end) for w in facts.windows(service_id, Category.HEALTH, now))


def _during(
    periods: Iterable[Period], service_id: uuid.UUID, basis: str, scope: str, now: dt.datetime
) -> Iterator[Grant]:
    for start, end in periods:
        yield Grant(service_id, basis, scope, until=end, valid_from=start if start > now else None)


@Together
def _read(*, case_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """What gives someone a place in the case."""
    ours = {"referral__case": case_id}
    return Case.objects.filter(pk=case_id), {
        "contributions": Contribution.objects.filter(**ours).select_related("service"),
        "referrals": Referral.objects.filter(case=case_id).select_related("referrer"),
        "assessed": GpAssessment.objects.filter(
            **ours,
            referral__sent_at__isnull=False,
            error_at__isnull=True,
            source=GpAssessment.Source.PORTAL,
            completed_at__isnull=False,
        ),
        "asked": InformationRequest.objects.filter(
            **ours, answered_at__isnull=True, cancelled_at__isnull=True, contribution__isnull=True
        ),
        "consultations": Consultation.objects.filter(case=case_id, error_at__isnull=True, nameless=False),
    }
