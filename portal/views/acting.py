"""Whom one acts as: the front page, the choice of role, and the page of someone who has none."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.actions.entrance import act_as
from portal.answering import PortalRequest
from portal.htmx import redirect, respond
from portal.models import Membership
from portal.people_access import own_waiting


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: the inbox, or the way in."""
    if request.user.is_authenticated:
        return redirect(request, settings.LOGIN_REDIRECT_URL)
    return redirect(request, "demo:people" if settings.DEMO else settings.LOGIN_URL)


@require_http_methods(["GET", "HEAD", "POST"])
def acting_as(request: PortalRequest) -> HttpResponse:
    """The person's own memberships; POST chooses one for this session."""
    if request.method == "POST":
        chosen = act_as(
            session=request.session,
            membership_id=request.POST.get("membership", ""),
            memberships=request.memberships,
            by=request.actor,
        )
        messages.success(request, _welcome(chosen))
        return redirect(request, _next(request, request.POST.get("next", "")))
    context = {"memberships": request.memberships, "next": _next(request, request.GET.get("next", ""))}
    return respond(request, "portal/acting_as.html", None, context)


def no_membership(request: HttpRequest) -> HttpResponse:
    """What a person without any access now reads: why, and what to do. Answered 403."""
    waiting = own_waiting(request.user)
    return respond(request, "portal/no_membership.html", None, {"waiting": waiting}, status=403)


def _next(request: HttpRequest, wanted: str) -> str:
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else settings.LOGIN_REDIRECT_URL


def _welcome(membership: Membership) -> str:
    return _("Du arbeider nå som %(role)s i %(service)s.") % {
        "role": membership.get_role_display().lower(),
        "service": membership.service.name,
    }
