"""Fetching a question from intake for the service it was put to: the question and their own text, and no more."""

import datetime as dt
import uuid

from cases.access import READ_WITH, viewer_of
from cases.models import Scope
from cases.sharing import SharingFacts
from cases.turned_away import turned_away
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor
from referrals.access import sections_of
from referrals.asking import basis_for_asking
from referrals.models import Contribution, ContributionSection, InformationRequest

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
            "contribution__service",
            "referral__receiver",
            "referral__referrer",
            *(f"referral__case__{name}" for name in READ_WITH),
        )
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise turned_away(actor, WHAT, InformationRequest, request_id)
    case = request.referral.case
    viewer = viewer_of(actor, case)
    if request.asked_service_id != actor.service_id or not viewer.scopes & {
        Scope.CONTRIBUTION, Scope.CASE, Scope.REFERRAL,
    }:  # fmt: skip
        raise Stranger(Refusal(WHAT, "referrals.informationrequest", request.pk, case.pk))
    audit.record_read(
        actor,
        WHAT,
        request,
        case_id=case.pk,
        child_id=case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
    )
    return request


def questions_to(contribution: Contribution) -> list[InformationRequest]:
    """What intake waits for from a contributor. One statement."""
    asked = InformationRequest.objects.filter(
        contribution=contribution, answered_at__isnull=True, cancelled_at__isnull=True
    )
    return list(asked.select_related("asked_in"))


def knows_child(request: InformationRequest, now: dt.datetime) -> bool:
    """Whether the contributor asked may still know whom it is about: else its own text is all it reads. One statement
    at most."""
    if request.contribution is None:
        return True
    return basis_for_asking(SharingFacts(request.referral.case), request.asked_service, now).allowed


def own_sections(request: InformationRequest) -> list[ContributionSection]:
    """What the service itself wrote: the section asked about, or all of its contribution. One statement at most."""
    if request.contribution is None:
        return []
    request.contribution.referral = request.referral
    sections = sections_of(request.contribution)
    if request.section_key:
        return [section for section in sections if section.key == request.section_key]
    return [section for section in sections if section.text]
