"""The demo's way in: one button per person. Exists only in the demo (portal.E001 and settings.DEMO both say so)."""

import uuid
from itertools import groupby

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from portal.actions.demo_entrance import enter_as
from portal.demo.people import DemoPerson, people_now
from portal.htmx import redirect, respond


@login_not_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone one can be, by what they do."""
    only_in_demo()
    groups = [(name, list(members)) for name, members in groupby(people_now(), key=group_of)]
    return respond(request, "portal/demo_people.html", None, {"groups": groups})


@login_not_required
@require_POST
def enter(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Logs in as the person, with a new session, and goes to the inbox."""
    only_in_demo()
    person = next((one for one in people_now() if one.membership.pk == membership_id), None)
    if person is None:
        raise Http404
    enter_as(request=request, membership=person.membership)
    return redirect(request, settings.LOGIN_REDIRECT_URL)


def group_of(person: DemoPerson) -> str:
    """The heading a person stands under."""
    return person.group


def only_in_demo() -> None:
    """Outside the demo these pages do not exist, whatever the addresses say."""
    if not settings.DEMO:
        raise Http404
