"""A consultation with the child's name waits for the department only while the department may read it."""

import datetime as dt
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from cases.inbox import close_tasks, end_deadlines, open_task, start_deadline, tell
from cases.models import Case, CaseAccess, Scope, Task
from cases.protection import located
from portal.context import Actor, as_job
from portal.timeframe import today
from referrals.models import Consultation
from referrals.roles import HOSPITAL

KIND, RULE = "consultation.answer", "consultation_answer"


def named_and_asked(now: dt.datetime) -> "QuerySet[Any]":
    """Named consultations that wait for an answer, with ``open`` (whether the department may read it now) and
    ``waiting`` (whether it stands in its inbox)."""
    place = CaseAccess.objects.in_force(now).filter(
        case_id=OuterRef("case_id"),
        principal_id=OuterRef("department_id"),
        scope=Scope.CONSULTATION,
        basis=Concat(Value("consultation:"), Cast(OuterRef("pk"), CharField())),
    )
    task = Task.objects.filter(kind=KIND, subject_id=OuterRef("pk"), closed_at__isnull=True)
    return (
        Consultation.objects.filter(state=Consultation.State.ASKED, nameless=False, error_at__isnull=True)
        .exclude(case__state=Case.State.CLOSED)
        .annotate(open=Exists(place), waiting=Exists(task))
    )


def closed_to_department(consultation: Consultation) -> bool:
    """Whether it waits for an answer that the department cannot give, since it may not read it. One statement for a
    named one that is not answered."""
    if consultation.nameless or consultation.case_id is None or consultation.state != Consultation.State.ASKED:
        return False
    with as_job():
        return bool(named_and_asked(timezone.now()).filter(pk=consultation.pk, open=False).exists())


def out_of_line(now: dt.datetime) -> "QuerySet[Any]":
    """Those of them that wait for a department that may not read them, or could be read and do not wait."""
    return named_and_asked(now).filter(Q(open=True, waiting=False) | Q(open=False, waiting=True))


def take_away(consultation: Consultation, case: Case, by: Actor, now: dt.datetime) -> None:
    """Takes the department's task away where nothing lets it read the consultation any more, and tells the holder that
    it stands unanswered."""
    close_tasks(consultation, KIND, now=now, reason="cancelled")
    end_deadlines(consultation, RULE, on=today(now), met=False)
    tell("consultation.closed", by=by, now=now, subject=consultation, url_name="referrals:consultation", case=case,
         users=(case.holder.user_id,), service=case.holder.service_id,
         detail=located(case.child, consultation.department.name))  # fmt: skip


def give_back(consultation: Consultation, case: Case, by: Actor, now: dt.datetime) -> None:
    """Gives the department its task back, with its first deadline, where something lets it read again."""
    detail = located(case.child, consultation.asked_in.name)
    department = consultation.department_id
    task = open_task(KIND, by=by, now=now, service=department, subject=consultation, case=case,
                     due_on=consultation.due_on, detail=detail)  # fmt: skip
    start_deadline(RULE, case=case, subject=consultation, service=department, task=task,
                   anchor_on=today(consultation.asked_at), due_on=consultation.due_on)  # fmt: skip
    tell("consultation.asked", by=by, now=now, subject=consultation, url_name="referrals:consultation", case=case,
         service=department, roles=HOSPITAL, detail=detail)  # fmt: skip
