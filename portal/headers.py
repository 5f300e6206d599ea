"""Headers that every answer carries beside Django's own and the content security policy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ALWAYS = {
    # Nothing of ours, files included, is built into a page of somebody else's.
    "Cross-Origin-Resource-Policy": "same-origin",
    # The portal never asks for these; a script that got in could not either.
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def always(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.setdefault(name, value)
        return response

    return middleware
