"""Fetching what the inbox's small pages need: always the person's own, or the acting service's."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from cases.inbox import NOTICES
from cases.models import Notification, Task
from portal.access import Refusal, Stranger
from portal.context import Actor


def my_notifications(actor: Actor) -> QuerySet[Notification]:
    """The person's notifications, newest first."""
    return Notification.objects.filter(user=actor.user).order_by("-told_at", "-id")


def my_notification(actor: Actor, notification_id: uuid.UUID) -> Notification:
    """One of the person's notifications. Raises ``Stranger`` for anybody else's."""
    found = Notification.objects.filter(user=actor.user, pk=notification_id).first()
    if found is None:
        raise Stranger(Refusal("notification.read", "cases.notification", notification_id))
    return found


def task_of_service(actor: Actor, task_id: uuid.UUID) -> Task:
    """A task of the acting service, open or done. Raises ``Stranger`` for another service's."""
    found = Task.objects.filter(service_id=actor.service_id, pk=task_id).first()
    if found is None:
        raise Stranger(Refusal("task.reassign", "cases.task", task_id))
    return found


def in_words(notices: Iterable[Notification]) -> list[tuple[Any, Notification]]:
    """Notifications with what they say."""
    return [(NOTICES.get(notice.kind, notice.kind), notice) for notice in notices]
