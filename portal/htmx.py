"""Whole page or fragment: the one place that decides, and what becomes of redirects and stale forms under htmx."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from portal import kept

VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx will put the answer inside the page it already shows.

    A boosted link and a restored history entry replace the whole page, so they get the whole page.
    """
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def respond(
    request: HttpRequest,
    template: str,
    partial: str | None = None,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its `{% partialdef partial %}` when htmx asked for a fragment."""
    fragment = partial is not None and wants_fragment(request)
    response = render(
        request,
        f"{template}#{partial}" if fragment else template,
        context,
        status=status,
    )
    patch_vary_headers(response, VARY)
    return response


def invalid(
    request: HttpRequest,
    template: str,
    partial: str | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Render the same page or fragment again with what was typed and the errors: 422, which htmx swaps in."""
    return respond(request, template, partial, context, status=422)


def redirect(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser to a URL, a URL name or an object's page.

    After a fragment request the browser itself goes there (HX-Redirect): otherwise htmx would follow the redirect
    silently and put a whole page inside the old one. A plain request gets 303, so that a reload never posts again.
    """
    url = resolve_url(to, *args, **kwargs)
    response: HttpResponse
    if wants_fragment(request):
        response = HttpResponseClientRedirect(url)
    else:
        response = HttpResponseRedirect(url)
        response.status_code = 303
    patch_vary_headers(response, VARY)
    return response


def login_redirect(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a fragment request is never answered with a redirect to another page.

    When the session has ended the browser goes to the login page, and afterwards back to the page the person stood
    on rather than to the fragment's address.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        location = response.headers.get("Location", "")
        if response.status_code not in REDIRECTS or not location or not wants_fragment(request):
            return response
        if request.headers.get("X-Polling"):
            # Nobody asked for another page: a poll must never take away what is typed in this one.
            return HttpResponse(status=204)
        if _is_login(location):
            here = _page_of(request)
            location = resolve_url(settings.LOGIN_URL) + (f"?{urlencode({'next': here})}" if here else "")
        answer = HttpResponseClientRedirect(location)
        answer.cookies = response.cookies
        patch_vary_headers(answer, VARY)
        return answer

    return middleware


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose security token is no longer valid: the page stood open too long, or someone else logged in.

    `reason` is Django's English explanation; it is for the log only and never shown. Settings name this view.
    """
    was_kept = kept.keep_post(request) is not None
    here = _page_of(request)
    if wants_fragment(request):
        if was_kept and here:
            return HttpResponseClientRedirect(here)
        # Nothing is swapped in, so what was typed still stands in the page; portal/js/live.js says what to do.
        return trigger_client_event(HttpResponse(status=403), "portal:stale")
    back = here or _path_here(request, request.headers.get("Referer", ""))
    return render(request, "errors/403_csrf.html", {"kept": was_kept, "back": back}, status=403)


def _is_login(location: str) -> bool:
    return urlsplit(location).path == urlsplit(resolve_url(settings.LOGIN_URL)).path


def _page_of(request: HttpRequest) -> str:
    """The path of the page the fragment request was made from, or "" when unknown or not ours."""
    return _path_here(request, request.headers.get("HX-Current-URL", ""))


def _path_here(request: HttpRequest, url: str) -> str:
    parts = urlsplit(url)
    if not parts.path.startswith("/") or parts.netloc not in ("", request.get_host()):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
