"""The log of a case: who opened it, from which service, and what they did, in plain words; and the same as a file."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cases.access import Viewer, open_case
from cases.forms.log import LogForm
from cases.log_export import as_csv, as_pdf
from cases.log_reading import Wanted, events_of, kinds, told, visitors_of
from cases.log_summary import summary
from cases.views.frame import frame
from portal.answering import PortalRequest
from portal.csv_file import TYPE
from portal.downloads import attachment
from portal.htmx import respond
from portal.rights import check
from portal.seals.chain import newest_seal

PAGE = 50


@require_safe
def case_log(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Every read, write, export and refusal in the case, newest first; for the case holder (pasientjournalloven §
    22)."""
    viewer, form = _opened(request, case_id)
    kind = request.GET.get("type", "")
    wanted = form.wanted(kind)
    page = Paginator(events_of(viewer.case, wanted), PAGE).get_page(request.GET.get("side"))
    around = frame(viewer, "log")
    context = {
        **around,
        "page": page,
        "rows": list(told(viewer.case, page.object_list)),
        "kinds": kinds(kind),
        "form": form,
        "narrowed": wanted != Wanted(kind=kind),
        "summary": summary(form.visitors, request.actor.person.pk),
        "seal": newest_seal(viewer.case.community_id),
        "guidance": around["edition"].guidance_for("page.log"),
    }
    return respond(request, "cases/log.html", None, context)


@require_safe
def log_csv(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """What is asked for of the log, for a spreadsheet."""
    viewer, form = _opened(request, case_id, recorded=False)
    body = as_csv(viewer.case, form.wanted(request.GET.get("type", "")), by=request.actor)
    return attachment(body, f"logg-{viewer.case.reference}.csv", TYPE)


@require_safe
def log_pdf(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The same for paper and archive."""
    viewer, form = _opened(request, case_id, recorded=False)
    made = as_pdf(viewer.case, form.wanted(request.GET.get("type", "")), by=request.actor)
    return attachment(made.pdf, f"logg-{viewer.case.reference}.pdf", "application/pdf")


def _opened(request: PortalRequest, case_id: uuid.UUID, *, recorded: bool = True) -> tuple[Viewer, LogForm]:
    """The case for those who may read its log, and what they ask for; a file leaves its own event."""
    viewer = open_case(request.actor, case_id, "case.log", recorded=recorded)
    check(request.actor, "case.read_log", viewer.case)
    given = request.GET if {"hvem", "fra", "til"} & set(request.GET) else None
    return viewer, LogForm(given, visitors=visitors_of(viewer.case))
