"""Small writes of the inbox: reading a notification, and a leader giving a task to someone else."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.inbox import KINDS, does
from cases.models import Notification, Task
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Membership
from portal.rights import check
from portal.states import MovedOn


def read_notifications(*, by: Actor, notification: Notification | None = None, now: dt.datetime | None = None) -> int:
    """Marks one of the actor's notifications as read, or all of them. Returns how many were unread."""
    unread = Notification.objects.filter(user=by.user, read_on__isnull=True)
    if notification is not None:
        unread = unread.filter(pk=notification.pk)
    return unread.update(read_on=now or timezone.now())


def reassign_task(*, task: Task, to: Membership | None, by: Actor, now: dt.datetime | None = None) -> Task:
    """A leader gives an open task of the service to one of its people, or back to all (None).

    Raises ``Invalid`` for someone elsewhere or in a role that does no such thing, ``MovedOn`` when it is done by then.
    """
    now = now or timezone.now()
    check(by, "task.reassign", task)
    if KINDS[task.kind].personal:
        raise MovedOn(_("Dette kan bare den som er spurt, svare på. Spør noen andre i stedet."))
    if to is not None and to.service_id != task.service_id:
        raise Invalid(to=_("Velg noen i din egen tjeneste."))
    if to is not None and to.user_id != task.user_id and not does(to.role, KINDS[task.kind]):
        raise Invalid(to=_("Velg en som arbeider i tjenesten nå, og som kan gjøre oppgaven."))
    with transaction.atomic(), as_job():
        locked: Task = states.lock(task)
        if locked.closed_at is not None:
            raise MovedOn(_("Oppgaven er allerede gjort."))
        wanted = to.user_id if to else None
        if locked.user_id == wanted:
            return locked
        locked.user_id = wanted
        locked.save(update_fields=["user"])
        audit.record(by, "task.reassigned", locked, case_id=locked.case_id, now=now)
    return locked
