"""User administration: the list, a person, inviting, correcting."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.actions.memberships import invite
from portal.actions.people import correct_person
from portal.actions.second_factor import reset_login
from portal.answering import PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.htmx import invalid, redirect, respond
from portal.models import Membership, Role, Service
from portal.people_access import awaiting_my_approval, open_person, users_for
from portal.people_forms import InviteForm, PersonFields, ResetForm, ServiceChoiceForm, UserFilterForm
from portal.rights import can, check
from portal.searching import remember, remembered, typed

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def users(request: PortalRequest) -> HttpResponse:
    """The people of the community (administrator) or of the service (leader); whom one searched for stands in no
    address."""
    check(request.actor, "people.read")
    if request.method == "POST":
        chosen = {name: request.POST.get(name, "")[:60] for name in ("rolle", "tjeneste", "vis")}
        return redirect(request, reverse("portal:users") + remember(request, "users", typed(request), **chosen))
    asked = {**request.GET.dict(), "q": remembered(request, "users")}
    form = UserFilterForm(asked if request.GET else None, actor=request.actor)
    found = users_for(request.actor, form.filters())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("side"))
    waiting = awaiting_my_approval(request.actor).count()
    return respond(request, "portal/users.html", None, {"form": form, "page": page, "waiting": waiting})


@require_safe
def user(request: PortalRequest, user_id: uuid.UUID) -> HttpResponse:
    """One person: what is known, and every access the actor administers."""
    person, memberships = open_person(request.actor, user_id)
    context = {
        "person": person,
        "rows": [row_of(request, membership) for membership in memberships],
        "may_correct": can(request.actor, "people.correct", person),
        "may_reset": can(request.actor, "people.reset_login", person),
        "is_me": request.actor.user == person,
    }
    return respond(request, "portal/user.html", None, context)


def row_of(request: PortalRequest, membership: Membership) -> dict[str, object]:
    """A membership with its state and what this actor may do with it."""
    open_ended = membership.ended_at is None
    return {
        "membership": membership,
        "state": membership.state,
        "may_approve": open_ended
        and membership.approved_at is None
        and can(request.actor, "people.approve", membership),
        "may_end": open_ended and can(request.actor, "people.end", membership),
        "may_send": open_ended and membership.approved_at is None and can(request.actor, "people.end", membership),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: PortalRequest) -> HttpResponse:
    """Invites in two steps: the service (in the address), then the person and the role."""
    check(request.actor, "people.read")
    service = chosen_service(request)
    if service is None:
        chooser = ServiceChoiceForm(request.GET if "tjeneste" in request.GET else None, actor=request.actor)
        return respond(request, "portal/invite_service.html", None, {"form": chooser})
    form = InviteForm(posted(request), actor=request.actor, service=service)
    if request.method == "POST" and form.is_valid():
        membership = attempt(request, form, invite, service=service, by=request.actor, **form.cleaned_data)
        if membership is not None:
            messages.success(request, _("Invitasjonen er sendt. Tilgangen gjelder når en annen har godkjent den."))
            return redirect(request, "portal:user", membership.user_id)
    answer = invalid if request.method == "POST" else respond
    return answer(request, "portal/invite.html", None, {"form": form, "service": service})


def chosen_service(request: PortalRequest) -> Service | None:
    """The service in the address; a leader has only one."""
    if request.actor.role != Role.USER_ADMINISTRATOR:
        return request.actor.service
    return ServiceChoiceForm(request.GET, actor=request.actor).service(request.actor)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: PortalRequest, user_id: uuid.UUID) -> HttpResponse:
    """Corrects name, title, profession and HPR number."""
    person, _memberships = open_person(request.actor, user_id)
    check(request.actor, "people.correct", person)
    known = {
        "name": person.name,
        "title": person.title,
        "profession": person.profession,
        "hpr_number": person.hpr_number,
    }
    form = PersonFields(posted(request), initial=known)
    if request.method == "POST" and form.is_valid():
        corrected = attempt(request, form, correct_person, user=person, by=request.actor, **form.cleaned_data)
        if corrected is not None:
            messages.success(request, _("Opplysningene er rettet."))
            return redirect(request, "portal:user", person.pk)
    answer = invalid if request.method == "POST" else respond
    return answer(request, "portal/user_correct.html", None, {"form": form, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: PortalRequest, user_id: uuid.UUID) -> HttpResponse:
    """Takes away the ways in of somebody who has lost theirs, when it is certain who asks."""
    person, _memberships = open_person(request.actor, user_id)
    check(request.actor, "people.reset_login", person)
    form = ResetForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, reset_login, user=person, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Innloggingen er nullstilt. Personen får e-post med lenke til nytt passord."))
            return redirect(request, "portal:user", person.pk)
    return confirm_page(
        request,
        form,
        title=_("Nullstill innloggingen"),
        lead=_(
            "Passord, kode-app, reservekoder og elektronisk ID slutter å virke for %(name)s, og alle økter avsluttes. "
            "Personen får en e-post med lenke til et nytt passord. Gjør det bare når du er sikker på hvem som spør."
        )
        % {"name": person.name},
        confirm=_("Nullstill"),
        back=reverse("portal:user", args=[person.pk]),
        crumbs=[(person.name, reverse("portal:user", args=[person.pk]))],
        danger=True,
    )
