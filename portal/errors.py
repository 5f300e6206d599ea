"""The page for an error of ours, rendered with as little as possible: what failed may be what the page would need."""

from django.http import HttpRequest, HttpResponse
from django.template import loader


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: the page with the request's reference, without context processors, session or database."""
    page = loader.render_to_string("500.html", {"request_id": getattr(request, "request_id", "")})
    return HttpResponse(page, status=500)
