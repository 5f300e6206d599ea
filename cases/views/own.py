"""What a service has written itself, in a case that is closed to it."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cases.access import open_case
from cases.models import Scope
from cases.own_entries import own_entries
from portal.answering import PortalRequest
from portal.htmx import respond


@require_safe
def own(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The acting service's own entries, and nothing else of the case."""
    viewer = open_case(request.actor, case_id, "case.own", scopes=(Scope.OWN,))
    context = {"case": viewer.case, "child": viewer.case.child, "entries": own_entries(viewer)}
    return respond(request, "cases/own.html", None, context)
