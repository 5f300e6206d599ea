"""The regular look at who has access, and the services with the people they have."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.actions.memberships import mark_reviewed
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect, respond
from portal.models import Role
from portal.people_access import open_membership, review_due, review_list, services_with_counts
from portal.rights import can, check
from portal.searching import remember, remembered, typed
from portal.timeframe import today

PER_PAGE = 50


@require_safe
def review(request: PortalRequest) -> HttpResponse:
    """Everyone with access now, the longest unreviewed first; each is confirmed or ended."""
    page = Paginator(review_list(request.actor), PER_PAGE).get_page(request.GET.get("side"))
    rows = [
        {
            "membership": membership,
            "due": review_due(membership, today()),
            "may_review": can(request.actor, "people.review", membership),
            "may_end": can(request.actor, "people.end", membership),
        }
        for membership in page
    ]
    context = {"page": page, "rows": rows, "all_services": request.actor.role == Role.USER_ADMINISTRATOR}
    return respond(request, "portal/review.html", None, context)


@require_POST
def reviewed(request: PortalRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Confirms that an access is still needed."""
    membership = open_membership(request.actor, membership_id)
    if attempt(request, None, mark_reviewed, membership=membership, by=request.actor) is not None:
        messages.success(request, _("Tilgangen til %(name)s er gjennomgått.") % {"name": membership.user.name})
    return redirect(request, "portal:review")


@require_http_methods(["GET", "HEAD", "POST"])
def services(request: PortalRequest) -> HttpResponse:
    """The services with how many have access, who lacks a leader, and who lacks people altogether."""
    check(request.actor, "people.read")
    if request.method == "POST":
        chosen = {"vis": "uten" if request.POST.get("vis") == "uten" else ""}
        return redirect(request, reverse("portal:services") + remember(request, "services", typed(request), **chosen))
    only_empty = request.GET.get("vis") == "uten"
    text = remembered(request, "services")
    found = services_with_counts(request.actor, text=text, only_empty=only_empty)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("side"))
    return respond(request, "portal/services.html", None, {"page": page, "only_empty": only_empty, "q": text})
