"""Pages about the portal itself, open to everyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.htmx import respond


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the portal is, and what it is not."""
    return respond(request, "portal/about.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """How the portal treats what it knows of people."""
    return respond(request, "portal/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the portal is, and what is not yet done."""
    return respond(request, "portal/accessibility.html")
