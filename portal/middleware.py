"""The request's frame: one transaction in the application's role, the actor, and what happens when it is refused."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers, patch_cache_control

from portal import audit, kept
from portal.access import Refusal
from portal.actions.entrance import BEGAN, ENDED, LAST_SEEN, attach_actor
from portal.context import NOBODY, Actor, portal_context
from portal.models import AuditEvent

logger = logging.getLogger("portal.request")


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Gives each request a short id that error pages show and the log carries instead of a person's data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        started = time.monotonic()
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        match = request.resolver_match
        logger.info(
            "request",
            extra={
                "request_id": request.request_id,  # type: ignore[attr-defined]
                "method": request.method,
                "view": match.view_name if match else "",
                "status": response.status_code,
                "ms": round((time.monotonic() - started) * 1000),
            },
        )
        return response

    return middleware


class DatabaseRole:
    """Runs the request in one transaction as ``portal_app``; an error of ours or somebody turned away rolls it back.

    Who was turned away (403, 404) has read nothing, and must not stand in the log as a reader. The refusal is written
    afterwards in a transaction of its own. A 403 that is an answer of its own (a stale form) keeps what it wrote.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        with portal_context(None):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            turned_away = getattr(request, "turned_away", False) and response.status_code in {403, 404}
            if turned_away or response.status_code >= 500:
                transaction.set_rollback(True)
        refusal: Refusal | None = getattr(request, "refusal", None)
        if refusal is not None and response.status_code in {403, 404}:
            actor: Actor = getattr(request, "actor", NOBODY)
            with portal_context(actor):
                audit.record(
                    actor,
                    refusal.verb,
                    kind=AuditEvent.Kind.REFUSED,
                    case_id=refusal.case_id,
                    detail={"subject_type": refusal.subject_type, "subject_id": str(refusal.subject_id or "")},
                )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keeps the refusal that an access check raised, for the log; and that the person was turned away."""
        request.turned_away = isinstance(exception, PermissionDenied | Http404)  # type: ignore[attr-defined]
        refusal = getattr(exception, "refusal", None)
        if isinstance(refusal, Refusal):
            request.refusal = refusal  # type: ignore[attr-defined]


class IdleTimeout:
    """Ends a session that has been idle too long or has lasted a working day.

    What was being sent is kept for the same person (portal.kept), who comes back to the page they stood on. The
    session's row lives longer than the session, so that we still know whose text it was the next morning.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get(LAST_SEEN, now)
            began = request.session.get(BEGAN, now)
            if now - last > settings.PORTAL_IDLE_SECONDS or now - began > settings.PORTAL_SESSION_SECONDS:
                if request.headers.get("X-Polling"):
                    # The tab stands as it was, with what is typed in it; the person's own next click ends the session.
                    return HttpResponse(status=204)
                page = kept.page_of(request)
                was_kept = kept.keep_post(request) is not None
                logout(request)
                attach_actor(request)
                # Read by the login page, forgotten when somebody has logged in.
                request.session[ENDED] = "kept" if was_kept else "idle"
                if request.method == "POST":
                    return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
            # Written at most once a minute: a session save is a statement on every page otherwise.
            elif (now - last > 60 or LAST_SEEN not in request.session) and not request.headers.get("X-Polling"):
                request.session[LAST_SEEN] = now
                request.session.setdefault(BEGAN, now)
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response


class ActingAs:
    """Finds the memberships that hold now, chooses the one the person acts as, and tells the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        attach_actor(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """A person without any membership can do nothing but read why, read the guideline, and log out."""
        from portal.views.acting import no_membership

        match = request.resolver_match
        inside = match is not None and bool({"portal", "cases", "referrals", "network"} & set(match.namespaces))
        if request.user.is_authenticated and request.actor.membership is None and inside:  # type: ignore[attr-defined]
            return no_membership(request)
        return None
