"""The context of the assessing page: which parts are shown to whom, and the forms in them."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.child_words import age_words
from cases.models import Category
from guideline.schema import Edition
from portal.rights import can
from portal.timeframe import today
from referrals.access import ReferralViewer
from referrals.actions.assess import standing_assessment
from referrals.assess_page import AssessPage, desk_of, page_of
from referrals.forms.assess import CallForm, ExternalAssessmentForm, GpAssessmentForm, OverallForm, ReasonsForm
from referrals.models import GpAssessment, Referral
from referrals.own_texts import UNREAD
from referrals.phones import callable_services, phone_of
from referrals.rights import refers_by_reason
from referrals.snapshot.viewed import reads_own_texts
from referrals.states import WITH_HOSPITAL


def context_of(seen: ReferralViewer, now: dt.datetime, **bound: Any) -> dict[str, Any]:
    """What ``referrals/assess.html`` needs; ``bound`` are forms with what was typed.

    While an emergency has been answered with yes and nobody is called, nothing but the phone and the form for the call
    is read or shown (6.1.5).
    """
    referral, case, actor = seen.referral, seen.case, seen.actor
    desk = desk_of(seen, now)
    emergency = desk.emergency
    if emergency is not None:
        emergency.case = case
    phone = phone_of(referral.receiver, now)
    frame: dict[str, Any] = {
        "seen": seen,
        "referral": referral,
        "case": case,
        "child": case.child,
        "age": age_words(case.child, today(now)),
        "emergency": emergency,
        "phone": phone,
        "may_judge": can(actor, "referral.emergency", seen.viewer) or refers_by_reason(actor, referral),
        # Where it is marked is a page of the case, which a reason for lacking consent does not open.
        "may_mark_wrong": emergency is not None and seen.viewer.has_case and can(actor, "case.mark_error", emergency),
        "crumbs": [(_("Innboks"), reverse("cases:inbox")), (case.reference, reverse("cases:case", args=[case.pk]))],
    }
    if desk.stopped:
        services = callable_services(case, now, phone.service, referral.receiver)
        call_form = bound.get("call_form") or CallForm(services=services, shown=[phone], now=now)
        return frame | {"stopped": True, "call_form": call_form}
    page = page_of(seen, now, desk)
    may_assess = can(actor, "referral.assess", referral) and not _external(page.gp) and _readable(seen, page.gp)
    closed = page.gp is not None and (page.gp.completed_at is not None or page.gp.service_id != actor.service_id)
    entitled, reads = can(actor, "referral.finalise", referral), reads_own_texts(seen.viewer, referral)
    may = {
        "assess": may_assess and not closed,
        # Completed, or another service's: opened again by a choice of its own, never by typing.
        "reopen": may_assess and closed,
        # Nobody signs what they may not read: the draft of the overall assessment is the referral's own text.
        "finalise": entitled and reads,
        "unread": UNREAD if entitled and not reads else "",
        "register": can(actor, "referral.register_assessment", referral),
        "mark_wrong": page.gp is not None and _may_mark_wrong(seen, page.gp),
    }
    return frame | {
        "stopped": False,
        "page": page,
        "content": page.content,
        "edition": page.edition,
        "guidance": page.edition.guidance_for("page.gp_assessment"),
        "may": may,
        # The forms wait for the answer; what helps to judge it does not.
        "answered": emergency is not None,
        "external": _external(page.gp),
        **_forms(referral, page, page.edition, bound),
    }


def _may_mark_wrong(seen: ReferralViewer, gp: GpAssessment) -> bool:
    gp.referral = seen.referral
    return can(seen.actor, "referral.mark_assessment_wrong", gp)


def _readable(seen: ReferralViewer, gp: GpAssessment | None) -> bool:
    """What another office has written is not put into a form before those who may not read it."""
    return gp is None or seen.viewer.sees(gp.service_id, Category.HEALTH)


def _external(gp: GpAssessment | None) -> bool:
    return gp is not None and gp.source == GpAssessment.Source.EXTERNAL


def _forms(referral: Referral, page: AssessPage, edition: Edition, bound: dict[str, Any]) -> dict[str, Any]:
    gp = page.gp
    missing = {item.key for item in page.missing}
    return {
        "gp_form": bound.get("gp_form")
        or GpAssessmentForm(
            template=edition.gp_assessment,
            auto_id="gp_%s",
            initial={**(gp.sections if gp else {}), "version": gp.version if gp else 0, "page": uuid.uuid4()},
        ),
        "overall_form": bound.get("overall_form")
        or OverallForm(
            auto_id="overall_%s",
            initial={
                "overall": referral.overall_assessment,
                "version": referral.assessment_version,
                "page": uuid.uuid4(),
            },
        ),
        "reasons_form": bound.get("reasons_form")
        or ReasonsForm(
            edition=edition,
            receiver=referral.receiver,
            auto_id="reasons_%s",
            initial=ReasonsForm.given(referral),
        ),
        "reason_gp": "gp" in missing or bool(referral.missing_gp_reason),
        "reason_consent": "consent" in missing or bool(referral.missing_consent_reason),
        "reasons_open": "reasons_form" in bound or bool(referral.missing_gp_reason or referral.missing_consent_reason),
        "external_form": bound.get("external_form") or ExternalAssessmentForm(auto_id="external_%s"),
        "external_open": "external_form" in bound,
    }


def correctable(seen: ReferralViewer) -> GpAssessment | None:
    """The GP's assessment written here, where it can be corrected for the next version by whoever wrote it."""
    found = standing_assessment(seen.referral) if seen.referral.state in WITH_HOSPITAL else None
    if found is None or found.source != GpAssessment.Source.PORTAL or found.completed_at is None:
        return None
    found.referral = seen.referral
    return found
