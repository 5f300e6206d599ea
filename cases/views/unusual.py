"""Unusual access: the list of a service's leader, and what the family has said about people in the services."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import open_case
from cases.acquaintances import find, standing_in
from cases.actions.unusual import end_acquaintance, look_at, record_acquaintance
from cases.forms.unusual import AcquaintanceForm, LookedAtForm
from cases.unusual import Finding
from cases.unusual_page import look, referenced
from cases.views.form_page import form_page
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.rights import can, check

PAGE = 20
HISTORY = 30


@require_http_methods(["GET", "HEAD", "POST"])
def unusual(request: PortalRequest) -> HttpResponse:
    """What the leader has not looked at yet, and what was looked at before; a note closes one."""
    actor = request.actor
    check(actor, "unusual.read")
    found, looked = look(actor, timezone.now())
    form = LookedAtForm(posted(request))
    if request.method == "POST":
        asked = next((finding for finding in found if finding.key == request.POST.get("finding")), None)
        if asked is None:
            messages.error(request, _("Det er kommet nye oppslag, eller noen andre har sett på dette. Se på nytt."))
            return redirect(request, "cases:unusual")
        check(actor, "unusual.look_at", asked)
        note = form.cleaned_data["note"] if form.is_valid() else ""
        if note and attempt(request, form, look_at, finding=asked, note=note, by=actor) is not None:
            messages.success(request, _("Notert. Oppslaget er tatt av listen."))
            return redirect(request, "cases:unusual")
    page = Paginator(found, PAGE).get_page(request.GET.get("side"))
    references = referenced(actor, page.object_list)
    context = {
        "page": page,
        "rows": [_row(request, finding, references, form) for finding in page],
        "history": looked[:HISTORY],
    }
    return respond(request, "cases/unusual.html", None, context, status=422 if form.errors else 200)


def _row(
    request: PortalRequest, finding: Finding, references: dict[uuid.UUID, str], typed: LookedAtForm
) -> dict[str, Any]:
    """A finding with its own form; what was typed stays in the one it was typed in."""
    form = LookedAtForm(initial={"finding": finding.key}, auto_id=f"id_{finding.last_event}_{finding.kind}_%s")
    if typed.is_bound and typed.data.get("finding") == finding.key:
        form = typed
        form.auto_id = f"id_{finding.last_event}_{finding.kind}_%s"
    known = [(case_id, references[case_id]) for case_id in finding.case_ids if case_id in references]
    return {
        "finding": finding,
        "form": form,
        "known": known,
        "others": len(finding.case_ids) - len(known),
        "may_look": can(request.actor, "unusual.look_at", finding),
    }


def acquaintances(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records that somebody in a service knows the child, as the family says, and shows what is recorded."""
    viewer = open_case(request.actor, case_id, "case.acquaintances")
    check(request.actor, "case.record_acquaintance", viewer.case)
    form = AcquaintanceForm(posted(request), case=viewer.case)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, record_acquaintance, case=viewer.case, by=request.actor, **form.answer()) is not None
    ):
        messages.success(request, _("Lagret. Lederen i tjenesten ser det om den det gjelder, åpner saken."))
        return redirect(request, "cases:acquaintances", case_id)
    return form_page(
        request,
        viewer,
        form,
        title=_("Noen familien kjenner"),
        lead=_("Har familien sagt at noen i en av tjenestene kjenner barnet, eller er kollega med en i familien?"),
        confirm=_("Lagre"),
        section="participants",
        back=reverse("cases:participants", args=[case_id]),
        template="cases/acquaintances.html",
        standing=standing_in(viewer.case),
    )


@require_POST
def acquaintance_end(request: PortalRequest, acquaintance_id: uuid.UUID) -> HttpResponse:
    """Takes it back."""
    found = find(acquaintance_id)
    viewer = open_case(request.actor, found.case_id, "case.acquaintances")
    check(request.actor, "case.record_acquaintance", viewer.case)
    if attempt(request, None, end_acquaintance, acquaintance=found, by=request.actor):
        messages.success(request, _("Tatt bort."))
    return redirect(request, "cases:acquaintances", viewer.case.pk)
