"""A person's own texts that were kept when a save did not go through."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import kept
from portal.actions.kept_texts import discard
from portal.answering import PortalRequest
from portal.htmx import redirect, respond


@require_safe
def texts(request: PortalRequest) -> HttpResponse:
    """Everything kept for the person who asks; nobody else can see it."""
    waiting = kept.all_for(request.actor.user) if request.actor.user else []
    return respond(request, "portal/kept.html", None, {"texts": waiting, "days": kept.forget_after_days()})


@require_POST
def discard_text(request: PortalRequest, text_id: uuid.UUID) -> HttpResponse:
    """Puts one aside for good."""
    discard(text_id=text_id, by=request.actor)
    messages.success(request, _("Teksten er slettet."))
    return redirect(request, "portal:kept")
