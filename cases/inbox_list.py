"""What the inbox shows: the actor's tasks in groups by date, with the child's name only where the service has
access."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from cases.access import names
from cases.inbox import KINDS, LEADING, does, tasks_for
from cases.models import Deadline, Notification, Task
from cases.references import references_of
from guideline.vocabulary import Basis
from portal.context import NOWHERE, Actor
from portal.models import Membership
from portal.people_access import awaiting_my_approval
from portal.rights import can

GROUPS = {
    "overdue": _("Over fristen"),
    # A date nobody has adopted makes nothing late.
    "passed": _("Veiledende frist passert"),
    "today": _("I dag"),
    "week": _("Neste sju dager"),
    "later": _("Senere"),
    "undated": _("Uten frist"),
}


@dataclass
class Group:
    """Tasks that fall due in the same stretch of time."""

    key: str
    label: Any
    tasks: list[Task] = field(default_factory=list)


def inbox_tasks(actor: Actor, now: dt.datetime) -> QuerySet[Task]:
    """The actor's open tasks, each with ``named``: whether the service may know whose case it is, and
    ``due_basis``: what its date builds on (None where no rule gave it)."""
    named = Case(
        When(case__isnull=True, then=Value(False)),
        default=names(actor, now),
        output_field=BooleanField(),
    )
    running = Deadline.objects.filter(task=OuterRef("pk"), state=Deadline.State.OPEN).order_by("due_on", "id")
    basis = Subquery(running.values("basis")[:1])
    return tasks_for(actor).select_related("case__child", "service", "user").annotate(named=named, due_basis=basis)


def grouped(tasks: Iterable[Task], today: dt.date) -> list[Group]:
    """The tasks in groups, soonest first; groups without tasks are left out."""
    groups = {key: Group(key, label) for key, label in GROUPS.items()}
    for task in tasks:
        task.words = KINDS[task.kind]  # type: ignore[attr-defined]
        groups[_group_of(task.due_on, today, getattr(task, "due_basis", None))].tasks.append(task)
    return [group for group in groups.values() if group.tasks]


def with_takers(tasks: Iterable[Task], people: list[Membership]) -> None:
    """Gives each task ``takers``: those of the people whose role does that kind of task, each person once."""
    for task in tasks:
        task.takers = takers_of(task, people)  # type: ignore[attr-defined]


def with_references(tasks: Iterable[Task]) -> None:
    """Gives each task ``reference``: that of its case, also where the database shows the service nothing more of it
    (asked to take it over, or what gave a place has ended). One statement more where there are such."""
    unseen = {task.case_id for task in tasks if task.case_id is not None and task.case is None}
    references = references_of(unseen) if unseen else {}
    for task in tasks:
        reference = task.case.reference if task.case else references.get(task.case_id or NOWHERE, "")
        task.reference = reference  # type: ignore[attr-defined]


def takers_of(task: Task, people: list[Membership]) -> list[Membership]:
    """Who of the people can be given a task: their role does that kind of thing, or they have it already."""
    kind = KINDS[task.kind]
    if kind.personal:
        return []
    fit = [m for m in people if m.user_id == task.user_id or does(m.role, kind)]
    return list({m.user_id: m for m in fit}.values())


def newest_notifications(actor: Actor, limit: int) -> list[Notification]:
    """The newest notifications of the person, read or not."""
    return list(Notification.objects.filter(user=actor.user).order_by("-told_at", "-id")[:limit])


def colleagues(actor: Actor, on: dt.date) -> list[Membership]:
    """Whom a leader can give the service's tasks to, by name; one row for each role a person has there. One
    statement."""
    if not actor.has_role(*LEADING):
        return []
    rows = Membership.objects.current(on).filter(service_id=actor.service_id).select_related("user")
    return list(rows.order_by("user__sort_key", "user_id", "role"))


def approvals(actor: Actor, limit: int) -> list[Membership]:
    """Invitations that wait for this person's approval, the oldest first: the work of user administrators and
    leaders."""
    return list(awaiting_my_approval(actor)[:limit]) if can(actor, "people.read") else []


def _group_of(due_on: dt.date | None, today: dt.date, basis: str | None) -> str:
    if due_on is None:
        return "undated"
    if due_on < today:
        return "passed" if basis == Basis.SUGGESTED else "overdue"
    if due_on == today:
        return "today"
    return "week" if due_on <= today + dt.timedelta(days=7) else "later"


def named_cases(tasks: Iterable[Task]) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """The (case, child) pairs whose names the list shows, for the access event."""
    return [(t.case.pk, t.case.child_id) for t in tasks if t.case is not None and getattr(t, "named", False)]
