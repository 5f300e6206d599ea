"""The inbox: tasks are opened and closed by actions; their words and their place of doing stand in one register."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from cases.models import Case, Deadline, Notification, Task
from cases.role_scopes import NEVER_IN_CASES
from guideline import deadlines as rules
from guideline.editions import current_edition
from portal.context import Actor, as_job
from portal.models import Membership, Role, Service
from portal.timeframe import today


@dataclass(frozen=True)
class TaskKind:
    """What a kind of task is called, who in the service does it (no roles: all who work with children), and its
    page
    (``anchor`` says where on it). One that is ``personal`` only the person asked can do: it is given to nobody else."""

    key: str
    title: Any
    url_name: str
    roles: Collection[str] = ()
    doing: Any = ""
    personal: bool = False
    anchor: str = ""


KINDS: dict[str, TaskKind] = {}
LEADING = frozenset({Role.SERVICE_LEADER, Role.DEPUTY})
# Who works inside a case; what waits for the intake of a department is named by its kinds.
WORKING = frozenset(Role) - LEADING - NEVER_IN_CASES - {Role.INTAKE}
NOTICES: dict[str, Any] = {}
# Rules of deadlines that others answer for by law, whether the municipality's case is open or closed.
OUTLIVING: set[str] = set()
# Kinds of task that nobody is rid of by closing the case.
OUTLIVING_TASKS = frozenset({"emergency_access.review"})
# Nothing is said of who does a task: nobody in particular when it is new, and no change when it is open already.
AS_IT_STANDS = uuid.UUID(int=0)


def add_kinds(*kinds: TaskKind) -> None:
    """Registers kinds of task; called from ``apps.py``."""
    for kind in kinds:
        KINDS[kind.key] = kind


def add_notices(**words: Any) -> None:
    """Registers the words of notifications, by code with dots written as double underscores; called from
    ``apps.py``."""
    for key, text in words.items():
        NOTICES[key.replace("__", ".")] = text


def add_outliving_rules(*rules_: str) -> None:
    """Registers rules whose deadlines run on in a closed case; called from ``register.py``."""
    OUTLIVING.update(rules_)


def does(role: str, kind: TaskKind) -> bool:
    """Whether a role in the service does this kind of task, when it is given to nobody in particular."""
    return role in kind.roles if kind.roles else role in WORKING


def open_task(
    kind: str,
    *,
    by: Actor,
    now: dt.datetime,
    service: Service | uuid.UUID,
    subject: models.Model,
    case: Case | None,
    due_on: dt.date | None = None,
    shows_on: dt.date | None = None,
    user_id: uuid.UUID | None = AS_IT_STANDS,
    first_to: uuid.UUID | None = None,
    role: str = "",
    url_id: uuid.UUID | None = None,
    detail: str = "",
) -> Task:
    """Opens a task of a service (or of one person in it) unless it is open already; then its date is brought up to
    date, and unless ``user_id`` says otherwise (None: everyone) it stays with whom a leader may have given it to;
    ``first_to`` is who gets it when it is new.

    ``role`` narrows it to one role; before ``shows_on`` it stands in no inbox; ``detail`` must hold no person's data.
    """
    spec = KINDS[kind]
    service_id = service if isinstance(service, uuid.UUID) else service.pk
    given = {} if user_id is AS_IT_STANDS else {"user_id": user_id}
    with as_job():
        task, _created = Task.objects.update_or_create(
            kind=kind,
            subject_id=subject.pk,
            service_id=service_id,
            closed_at=None,
            defaults={"due_on": due_on, "shows_on": shows_on, "detail": detail[:160], **given},
            create_defaults={
                "case": case,
                "due_on": due_on,
                "shows_on": shows_on,
                "user_id": first_to,
                **given,
                "role": role,
                "url_name": spec.url_name,
                "url_id": url_id or subject.pk,
                "detail": detail[:160],
                "opened_at": now,
                "opened_by": by.user,
            },
        )
    return task


def close_tasks(
    subject: models.Model | uuid.UUID,
    *kinds: str,
    now: dt.datetime,
    reason: str = "done",
    service_id: uuid.UUID | None = None,
    case: Case | None = None,
) -> int:
    """Closes the open tasks of a subject, all or of the given kinds, everywhere or in one service, or in one case.

    ``reason`` is «done», «cancelled» or «moved».
    """
    subject_id = subject if isinstance(subject, uuid.UUID) else subject.pk
    with as_job():
        tasks = Task.objects.filter(subject_id=subject_id, closed_at__isnull=True)
        if kinds:
            tasks = tasks.filter(kind__in=kinds)
        if service_id is not None:
            tasks = tasks.filter(service_id=service_id)
        if case is not None:
            tasks = tasks.filter(case=case)
        return tasks.update(closed_at=now, close_reason=reason)


def close_case_tasks(case: Case, *, now: dt.datetime) -> int:
    """Closing a case ends all that was awaited in it, and its running deadlines but those that outlive it."""
    with as_job():
        running = Deadline.objects.filter(case=case, state=Deadline.State.OPEN).exclude(rule__in=sorted(OUTLIVING))
        running.update(state=Deadline.State.CANCELLED, ended_on=today(now))
        left = Task.objects.filter(case=case, closed_at__isnull=True).exclude(kind__in=sorted(OUTLIVING_TASKS))
        return left.update(closed_at=now, close_reason="cancelled")


def in_sight(day: dt.date, to_task: str = "") -> Q:
    """Tasks that show on a day; ``to_task`` leads to the task from another table («task__»), where it may lack."""
    return Q(**{f"{to_task}shows_on__isnull": True}) | Q(**{f"{to_task}shows_on__lte": day})


def tasks_for(actor: Actor) -> "models.QuerySet[Task]":
    """What the actor is waited for to do: tasks of the acting service, for everyone there, the role, or the person.

    Leaders and deputies see all of their service's. Others see what was given to them, and what was given to nobody
    (or to somebody who has left) as far as their role does that kind of thing. Soonest first; tasks without a date
    last. What is not to be shown yet is left out.
    """
    day = today()
    tasks = Task.objects.filter(in_sight(day), service_id=actor.service_id, closed_at__isnull=True)
    if not actor.has_role(*LEADING):
        person = actor.user.pk if actor.user else None
        still_here = Membership.objects.current(day).filter(
            user_id=models.OuterRef("user_id"), service_id=models.OuterRef("service_id")
        )
        free = Q(kind__in=[kind.key for kind in KINDS.values() if does(actor.role, kind)])
        free &= Q(role="") | Q(role=actor.role)
        free &= Q(user_id__isnull=True) | Q(~models.Exists(still_here))
        tasks = tasks.filter(Q(user_id=person) | free)
    return tasks.select_related("case__child", "service").order_by(
        models.F("due_on").asc(nulls_last=True), "opened_at", "id"
    )


def tell(
    kind: str,
    *,
    by: Actor,
    now: dt.datetime,
    subject: models.Model,
    url_name: str,
    url_id: uuid.UUID | None = None,
    case: Case | None = None,
    service: Service | uuid.UUID | None = None,
    roles: Collection[str] = (),
    users: tuple[uuid.UUID, ...] = (),
    detail: str = "",
) -> int:
    """Notifies people in the portal: those named, or everyone with the roles in a service (never the actor).

    The text comes from the register, and a kind without words is an error of the code (``KeyError``); ``detail`` must
    hold no person's data. Returns how many were told.
    """
    if kind not in NOTICES:
        raise KeyError(f"Varselet {kind} har ingen ord: registrer det med add_notices.")
    service_id = service if isinstance(service, uuid.UUID) or service is None else service.pk
    with as_job():
        receivers = set(users)
        if service_id is not None and not users:
            members = Membership.objects.current(today(now)).filter(service_id=service_id)
            if roles:
                members = members.filter(role__in=roles)
            receivers |= set(members.values_list("user_id", flat=True))
        if by.user:
            receivers.discard(by.user.pk)
        Notification.objects.bulk_create(
            Notification(
                user_id=user_id,
                service_id=service_id,
                case=case,
                kind=kind,
                subject_id=subject.pk,
                reference=case.reference if case else "",
                detail=detail[:160],
                url_name=url_name,
                url_id=url_id or subject.pk,
                told_at=now,
                told_by=by.user,
            )
            for user_id in sorted(receivers)
        )
    return len(receivers)


def start_deadline(
    rule_key: str,
    *,
    case: Case,
    subject: models.Model,
    service: Service | uuid.UUID,
    anchor_on: dt.date,
    task: Task | None = None,
    due_on: dt.date | None = None,
) -> Deadline:
    """Writes the deadline of an edition's rule from its anchor; the date is computed unless one was agreed.

    The anchor never changes: a new cycle is a new row, and starting the same cycle twice changes nothing.
    """
    edition = current_edition(case.community)
    rule = edition.deadlines[rule_key]
    due = due_on or rules.due_on(rule, anchor_on)
    if due is None:
        raise ValueError(f"Fristregelen {rule_key} trenger en dato.")
    service_id = service if isinstance(service, uuid.UUID) else service.pk
    with as_job():
        deadline, _created = Deadline.objects.update_or_create(
            rule=rule_key,
            subject_id=subject.pk,
            anchor_on=anchor_on,
            # Ended and begun again on the same day: the same cycle runs on.
            defaults={"task": task, "due_on": due, "state": Deadline.State.OPEN, "ended_on": None},
            create_defaults={
                "case": case,
                "task": task,
                "basis": str(rule.basis),
                "service_id": service_id,
                "due_on": due,
            },
        )
    return deadline


def end_deadlines(subject: models.Model | uuid.UUID, *rules_: str, on: dt.date, met: bool = True) -> int:
    """Ends the running deadlines of a subject: met, or cancelled because what they waited for fell away."""
    subject_id = subject if isinstance(subject, uuid.UUID) else subject.pk
    with as_job():
        deadlines = Deadline.objects.filter(subject_id=subject_id, state=Deadline.State.OPEN)
        if rules_:
            deadlines = deadlines.filter(rule__in=rules_)
        state = Deadline.State.MET if met else Deadline.State.CANCELLED
        return deadlines.update(state=state, ended_on=on)
