"""Intake: the list by clock, and one referral as it was sent."""

import functools
import uuid
from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guideline.editions import current_edition
from portal import audit
from portal.answering import PortalRequest
from portal.htmx import respond
from portal.rights import check
from referrals import intake_page
from referrals.intake_reading import VIEWS, Counts, Intake, Row, SentOn, counts_of, intake_list, open_intake, rows_of

PAGE = 25
View = Callable[[PortalRequest, Intake], HttpResponse]


def intake(request: PortalRequest) -> HttpResponse:
    """The department's referrals by the legal clock, with what needs somebody first."""
    check(request.actor, "intake.list")
    now = timezone.now()
    chosen = request.GET.get("vis", "")
    view = chosen if chosen in VIEWS else VIEWS[0]
    counts = counts_of(request.actor, now)
    page = Paginator(intake_list(request.actor, view, now), PAGE).get_page(request.GET.get("side"))
    rows = rows_of(request.actor, list(page.object_list), now)
    community = request.actor.community
    guidance = current_edition(community).guidance_for(f"inbox.{request.actor.role}") if community else None
    context = {
        "page": page,
        "rows": rows,
        "groups": _grouped(rows, view),
        "counts": counts,
        "view": view,
        "tabs": _tabs(counts, view),
        "guidance": guidance,
    }
    return respond(request, "referrals/intake.html", None, context)


def at_department(what: str) -> Callable[[View], Callable[[PortalRequest, uuid.UUID], HttpResponse]]:
    """A view of one referral for the department that has it; one that sent it on reads that it did.

    Strangers meet 404.
    ``what`` is the right it takes and the code of the access event.
    """

    def decorate(view: View) -> Callable[[PortalRequest, uuid.UUID], HttpResponse]:
        @functools.wraps(view)
        def opened(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
            try:
                found = open_intake(request.actor, referral_id, what)
            except SentOn as sent:
                stay = sent.stay
                check(request.actor, "intake.list")
                case = stay.referral.case
                audit.record_read(
                    request.actor, "intake.sent_on", stay, case_id=case.pk, child_id=case.child_id, basis="sent_on"
                )
                crumbs = [(_("Inntak"), reverse("referrals:intake"))]
                return respond(request, "referrals/intake_sent_on.html", None, {"stay": stay, "crumbs": crumbs})
            check(request.actor, what, found.referral)
            return view(request, found)

        return opened

    return decorate


@at_department("intake.read")
def intake_referral(request: PortalRequest, found: Intake) -> HttpResponse:
    """The referral as it was sent, with its clock, versions, questions, and what can be done."""
    return respond(request, "referrals/intake_referral.html", None, intake_page.page(found, request.GET.get("versjon")))


def _tabs(counts: Counts, view: str) -> list[dict[str, object]]:
    here = reverse("referrals:intake")
    labels = [
        ("alle", _("Alle åpne"), counts.open),
        ("mine", _("Mine"), counts.mine),
        ("ikke-fordelt", _("Ikke fordelt"), counts.unassigned),
        ("avgjort", _("Nylig avgjort"), counts.decided),
    ]
    return [
        {"url": here if key == "alle" else f"{here}?vis={key}", "label": label, "count": count, "current": key == view}
        for key, label, count in labels
    ]


def _grouped(rows: list[Row], view: str) -> list[dict[str, object]]:
    """Rows that need the same: receipt, an answer already due, one due soon, and the rest."""
    if view == "avgjort":
        return [{"key": "avgjort", "label": _("Avgjort de siste 30 dagene"), "rows": rows}] if rows else []
    labels = {
        "waiting": _("Ikke registrert mottatt"),
        "late": _("Over fristen"),
        "soon": _("Fristen nærmer seg"),
        "running": _("Fristen er lenger fram"),
    }
    groups: list[dict[str, object]] = [
        {"key": key, "label": label, "rows": [row for row in rows if row.clock.state == key]}
        for key, label in labels.items()
    ]
    return [group for group in groups if group["rows"]]
