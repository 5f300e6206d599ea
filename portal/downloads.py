"""Handing out a file: always saved, never run or shown by the browser as part of the portal."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# Instead of the pages' own policy: no script, no network, no origin.
SANDBOX = "default-src 'none'; sandbox"


def attachment(body: bytes, name: str, mime: str) -> HttpResponse:
    """The bytes as a file to save. A browser that opens it anyway gives it no origin, no script and no network."""
    response = _named(HttpResponse(body, content_type=mime), name, saved=True)
    response["Content-Security-Policy"] = SANDBOX
    return response


def shown(body: bytes, name: str, mime: str) -> HttpResponse:
    """Bytes that the portal has made itself, for the browser's own reader of such files. Never what others uploaded."""
    return _named(HttpResponse(body, content_type=mime), name, saved=False)


def _named(response: HttpResponse, name: str, *, saved: bool) -> HttpResponse:
    """Under a name that a header can carry whatever its letters."""
    response["Content-Disposition"] = content_disposition_header(saved, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
