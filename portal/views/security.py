"""One's own login: the way in, what it takes, where one is logged in, and ending that."""

import uuid
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.actions.sessions import end_everywhere, end_session
from portal.answering import PortalRequest
from portal.htmx import redirect, respond
from portal.own_sessions import sessions_of
from portal.second_factor import factors_of, has_factor


class Login(LoginView):
    """The password form, with one button for each provider of electronic identity above it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the providers that are set up."""
        return {**super().get_context_data(**kwargs), "eid_providers": list(settings.EID_PROVIDERS.values())}


login = Login.as_view()


@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    """What it takes to log in as oneself, and how to change it."""
    person = request.actor.person
    context = {
        "person": person,
        "factors": factors_of(person),
        "eid_providers": list(settings.EID_PROVIDERS.values()),
        "required": settings.PORTAL_REQUIRE_MFA,
        "has_password": person.has_usable_password(),
    }
    return respond(request, "portal/security.html", None, context)


@require_safe
def required(request: PortalRequest) -> HttpResponse:
    """Where somebody who has only given a password is led: why, and the ways on."""
    person = request.actor.person
    context = {
        "has_factor": has_factor(person),
        "has_eid": person.pid_hash is not None,
        "eid_providers": list(settings.EID_PROVIDERS.values()),
    }
    return respond(request, "account/second_factor_required.html", None, context)


@require_safe
def sessions(request: PortalRequest) -> HttpResponse:
    """Where the person is logged in now."""
    found = sessions_of(request.actor.person, request.session.session_key)
    return respond(request, "portal/sessions.html", None, {"sessions": found})


@require_POST
def end_one(request: PortalRequest, handle: uuid.UUID) -> HttpResponse:
    """Ends one of them."""
    end_session(handle=str(handle), current_key=request.session.session_key, by=request.actor)
    messages.success(request, _("Økten er avsluttet."))
    return redirect(request, "account_sessions")


@require_POST
def end_all(request: PortalRequest) -> HttpResponse:
    """Ends them all, this one included."""
    end_everywhere(by=request.actor)
    logout(request)
    messages.success(request, _("Du er logget ut overalt."))
    return redirect(request, settings.LOGIN_URL)
