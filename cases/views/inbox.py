"""The start page of every role: what someone waits for me to do; and the notifications behind the bell."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions.inbox import read_notifications, reassign_task
from cases.forms.inbox import ReassignForm
from cases.inbox_list import (
    approvals,
    colleagues,
    grouped,
    inbox_tasks,
    named_cases,
    newest_notifications,
    takers_of,
    with_references,
    with_takers,
)
from cases.inbox_reading import in_words, my_notification, my_notifications, task_of_service
from cases.inbox_side import boxes_for
from cases.inbox_words import empty_for
from guideline.editions import current_edition
from portal import audit
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect, respond
from portal.rights import can, check
from portal.timeframe import today

PAGE = 50
FEW = 5


@require_safe
def inbox(request: PortalRequest) -> HttpResponse:
    """The actor's tasks, soonest first, one click from the doing, what waits for approval, and the newest
    notifications."""
    actor, now = request.actor, timezone.now()
    page = Paginator(inbox_tasks(actor, now), PAGE).get_page(request.GET.get("side"))
    tasks = list(page.object_list)
    people = colleagues(actor, today(now))
    with_takers(tasks, people)
    with_references(tasks)
    audit.record_list_read(actor, "inbox", named_cases(tasks))
    context = {
        "groups": grouped(tasks, today(now)),
        "page": page,
        "leads": bool(people),
        "approvals": approvals(actor, PAGE),
        "empty": empty_for(actor.role),
        "notices": in_words(newest_notifications(actor, FEW)),
        "guidance": current_edition(actor.community).guidance_for(f"inbox.{actor.role}") if actor.community else None,
        "may_open": can(actor, "case.open"),
        "boxes": boxes_for(actor),
    }
    return respond(request, "cases/inbox.html", None, context)


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: PortalRequest) -> HttpResponse:
    """All notifications of the person; each leads to its place, and all can be marked as read."""
    if request.method == "POST":
        read_notifications(by=request.actor)
        return redirect(request, "cases:notifications")
    page = Paginator(my_notifications(request.actor), PAGE).get_page(request.GET.get("side"))
    context = {"page": page, "notices": in_words(page.object_list), "one_by_one": True}
    return respond(request, "cases/notifications.html", None, context)


@require_POST
def notification(request: PortalRequest, notification_id: uuid.UUID) -> HttpResponse:
    """Marks a notification as read and goes where it leads, or stays in the list where asked to."""
    found = my_notification(request.actor, notification_id)
    read_notifications(by=request.actor, notification=found)
    if "bli" in request.POST:
        return redirect(request, "cases:notifications")
    return redirect(request, found.get_absolute_url())


@require_safe
def bell(request: PortalRequest) -> HttpResponse:
    """The bell alone, polled by idle tabs; leaves no access event, since nothing of a person is shown."""
    return respond(request, "cases/bell.html", None, {})


@require_POST
def reassign(request: PortalRequest, task_id: uuid.UUID) -> HttpResponse:
    """A leader gives a task to someone else in the service."""
    task = task_of_service(request.actor, task_id)
    check(request.actor, "task.reassign", task)
    form = ReassignForm(request.POST, takers=takers_of(task, colleagues(request.actor, today())))
    if not form.is_valid():
        messages.error(request, str(form.errors["to"][0]))
    elif attempt(request, None, reassign_task, task=task, to=form.cleaned_data["to"], by=request.actor):
        messages.success(request, _("Oppgaven er flyttet."))
    return redirect(request, "cases:inbox")
