"""The section «Henvisning» of a case: its referrals, what comes next, and the way to start one."""

import uuid

from django.http import HttpResponse

from cases.access import open_case
from cases.rights import offered
from cases.views.frame import frame
from portal.answering import PortalRequest
from portal.htmx import respond
from referrals.access import referrals_of
from referrals.consult_access import consultations_context
from referrals.in_case import ANSWERS, LOOKS, standing
from referrals.outcome_reading import reads_outcomes


def section(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Open referrals with who owes what and what comes next; earlier ones in their thread below."""
    viewer = open_case(request.actor, case_id, "referral.section")
    standings = [standing(referral) for referral in referrals_of(viewer.case)]
    context = {
        **frame(viewer, "referral"),
        "current": [row for row in standings if row.referral.state not in {"decided", "withdrawn"}],
        "earlier": [row for row in standings if row.referral.state in {"decided", "withdrawn"}],
        "looks": LOOKS,
        "answers": ANSWERS,
        "may_start": offered(viewer, "referral.start") and viewer.case.may_be_shared,
        "reads_outcome": reads_outcomes(viewer),
        "may_edit": offered(viewer, "referral.edit"),
        **consultations_context(viewer, [row.referral for row in standings]),
    }
    return respond(request, "referrals/section.html", None, context)
