"""The secretariat's pages: numbers, and no person."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from network.consultations import HEADINGS, consultations_counted, counted_until, in_words, years
from network.hiding import SMALL
from portal.answering import PortalRequest
from portal.htmx import respond


@require_safe
def consultations(request: PortalRequest) -> HttpResponse:
    """Consultations before referral in a year (``?ar=``, the newest unless given), by department and answer."""
    now = timezone.now()
    choices = years(now)
    asked = request.GET.get("ar", "")
    year = next((choice for choice in choices if str(choice) == asked), choices[0])
    context = {
        "rows": [
            (row.department, list(zip(HEADINGS, map(in_words, row.cells), strict=True)))
            for row in consultations_counted(request.actor, year=year, now=now)
        ],
        "headings": HEADINGS,
        "year": year,
        "years": choices,
        "until": counted_until(now),
        "small": SMALL,
        "community": request.actor.seat.community,
    }
    return respond(request, "network/consultations.html", None, context)
