"""Fetching a question from intake for the service it was put to: the question and their own text, and no more."""

import uuid

from cases.access import viewer_of
from cases.models import Scope
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor
from referrals.access import CASE
from referrals.models import ContributionSection, InformationRequest

WHAT = "information.page"


def open_request(actor: Actor, request_id: uuid.UUID) -> InformationRequest:
    """The question for the service asked, with its access event. Three statements. Raises ``Stranger``."""
    request = (
        InformationRequest.objects.select_related(
            "asked_service",
            "asked_in__organisation",
            "asked_by",
            "answered_by",
            "contribution__submitted_by",
            "referral__receiver",
            "referral__referrer",
            *(f"referral__case__{name}" for name in CASE),
        )
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise Stranger()
    case = request.referral.case
    viewer = viewer_of(actor, case)
    if request.asked_service_id != actor.service_id or not viewer.scopes & {
        Scope.CONTRIBUTION, Scope.CASE, Scope.REFERRAL,
    }:  # fmt: skip
        raise Stranger(Refusal(WHAT, "referrals.informationrequest", request.pk, case.pk))
    audit.record_read(actor, WHAT, request, case_id=case.pk, child_id=case.child_id, basis=viewer.basis)
    return request


def own_sections(request: InformationRequest) -> list[ContributionSection]:
    """What the service itself wrote: the section asked about, or all of its contribution. One statement at most."""
    if request.contribution is None:
        return []
    sections = ContributionSection.objects.filter(contribution=request.contribution).exclude(text="")
    return list(sections.filter(key=request.section_key) if request.section_key else sections)
