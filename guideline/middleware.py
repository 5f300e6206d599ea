"""What a person meets whose health community has no edition of the guideline yet: a page that says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guideline.editions import available_editions
from guideline.errors import EditionMissing


class SayEditionMissing:
    """Almost every page asks the edition for something; without one there is only this to say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, for that error alone."""
        if not isinstance(exception, EditionMissing):
            return None
        return render(request, "guideline/missing.html", {"editions": available_editions()}, status=404)
