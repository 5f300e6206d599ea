"""The log of a case: who opened it, from which service, and what they did, in plain words."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cases.access import open_case
from cases.log_reading import events_of, kinds, told
from cases.views.frame import frame
from portal.answering import PortalRequest
from portal.htmx import respond
from portal.rights import check
from portal.seals.chain import newest_seal

PAGE = 50


@require_safe
def case_log(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Every read, write, export and refusal in the case, newest first; for the case holder (pasientjournalloven §
    22)."""
    viewer = open_case(request.actor, case_id, "case.log")
    check(request.actor, "case.read_log", viewer.case)
    kind = request.GET.get("type", "")
    page = Paginator(events_of(viewer.case, kind), PAGE).get_page(request.GET.get("side"))
    around = frame(viewer, "log")
    context = {
        **around,
        "page": page,
        "rows": [told(event) for event in page.object_list],
        "kinds": kinds(kind),
        "seal": newest_seal(viewer.case.community_id),
        "guidance": around["edition"].guidance_for("page.log"),
    }
    return respond(request, "cases/log.html", None, context)
