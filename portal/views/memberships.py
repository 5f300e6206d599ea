"""Accesses one by one: what waits for approval, and approving, ending, moving, sending the letter again."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.actions.invitation import send_again
from portal.actions.memberships import approve, end, move
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import invalid, redirect, respond
from portal.leaving import standing_on
from portal.models import Membership, Role
from portal.people_access import awaiting_my_approval, awaiting_others, open_membership
from portal.people_forms import EndForm, MoveForm, ServiceChoiceForm
from portal.rights import check


@require_safe
def waiting(request: PortalRequest) -> HttpResponse:
    """Invitations: those this person may approve, and those that wait for somebody else."""
    check(request.actor, "people.read")
    context = {"mine": awaiting_my_approval(request.actor), "others": awaiting_others(request.actor)}
    return respond(request, "portal/memberships.html", None, context)


@require_POST
def approve_membership(request: PortalRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Approves an invitation."""
    membership = open_membership(request.actor, membership_id)
    if attempt(request, None, approve, membership=membership, by=request.actor) is not None:
        messages.success(
            request,
            _("%(name)s har nå tilgang som %(role)s.")
            % {"name": membership.user.name, "role": membership.get_role_display().lower()},
        )
    return redirect(request, back_to(request, membership))


@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: PortalRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Ends an access; what stands on it is shown with links before and after trying."""
    membership = open_membership(request.actor, membership_id)
    check(request.actor, "people.end", membership)
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(request, form, end, membership=membership, by=request.actor, reason=reason) is not None:
            messages.success(request, _("Tilgangen er avsluttet."))
            return redirect(request, back_to(request, membership))
    context = {
        "form": form,
        "membership": membership,
        "standings": standing_on(membership),
        "back_url": back_to(request, membership),
    }
    answer = invalid if request.method == "POST" else respond
    return answer(request, "portal/membership_end.html", None, context)


@require_http_methods(["GET", "HEAD", "POST"])
def move_membership(request: PortalRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Moves a person to another service or role, in two steps."""
    membership = open_membership(request.actor, membership_id)
    check(request.actor, "people.end", membership)
    chooser = ServiceChoiceForm(request.GET if "tjeneste" in request.GET else None, actor=request.actor)
    administers_all = request.actor.role == Role.USER_ADMINISTRATOR
    service = chooser.service(request.actor) if administers_all else request.actor.service
    form = MoveForm(posted(request), actor=request.actor, service=service) if service else None
    if form is not None and service is not None and request.method == "POST" and form.is_valid():
        moved = attempt(
            request, form, move, membership=membership, service=service, by=request.actor, **form.cleaned_data
        )
        if moved is not None:
            messages.success(request, _("Flyttingen gjelder når en annen har godkjent den. Til da er alt som før."))
            return redirect(request, "portal:user", membership.user_id)
    context = {
        "chooser": chooser,
        "form": form,
        "service": service,
        "membership": membership,
        "standings": standing_on(membership),
    }
    answer = invalid if request.method == "POST" else respond
    return answer(request, "portal/membership_move.html", None, context)


@require_POST
def invite_again(request: PortalRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Sends the letter once more."""
    membership = open_membership(request.actor, membership_id)
    attempt(request, None, send_again, membership=membership, by=request.actor)
    messages.success(request, _("Invitasjonen er sendt på nytt til %(email)s.") % {"email": membership.user.email})
    return redirect(request, back_to(request, membership))


def back_to(request: PortalRequest, membership: Membership) -> str:
    """The page an action was started from: one of ours by name, else the person's page."""
    wanted = request.POST.get("fra") or request.GET.get("fra")
    pages = {"liste": "portal:memberships", "gjennomgang": "portal:review"}
    return reverse(pages[wanted]) if wanted in pages else reverse("portal:user", args=[membership.user_id])
