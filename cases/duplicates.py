"""Two cases about one child: shown before saving to those with access, otherwise told to the existing holder alone."""

import datetime as dt

from django.db.models import Q, QuerySet

from cases.access import cases_for
from cases.inbox import open_task, tell
from cases.models import Case, Child
from cases.national_number import hashes, reveal
from cases.protection import located
from portal.context import Actor, as_job
from portal.identity.fnr import NationalNumber
from portal.identity.sortkey import sort_key

# A due date is an estimate, and is corrected: so many days apart it may still be the same pregnancy.
DUE_APART = dt.timedelta(days=14)


def _same_child(
    name: str, birth_date: dt.date | None, number_hashes: tuple[str, ...], due_date: dt.date | None = None
) -> Q:
    same = Q(pk__in=[])
    if due_date is not None:
        around = (due_date - DUE_APART, due_date + DUE_APART)
        same |= Q(child__due_date__range=around, child__sort_key=sort_key(name))
    if birth_date is not None:
        same |= Q(child__birth_date=birth_date, child__sort_key=sort_key(name))
    if number_hashes:
        same |= Q(child__number_hash__in=number_hashes)
    return same


def seen_by(
    actor: Actor,
    *,
    name: str,
    birth_date: dt.date | None,
    number: NationalNumber | None,
    now: dt.datetime,
    due_date: dt.date | None = None,
) -> "QuerySet[Case]":
    """Open cases that may be about the same child, among those the actor has access to. Shown before saving."""
    same = _same_child(name, birth_date, hashes(number) if number else (), due_date)
    return cases_for(actor, now=now).filter(same).exclude(state=Case.State.CLOSED).select_related("child")[:5]


def tell_holders(case: Case, *, by: Actor, now: dt.datetime) -> int:
    """Tells the holders of other open cases that may be about the same child. Returns how many cases.

    Runs as the job role and answers nothing to the opener: whether such a case exists must not be learnt by opening
    one. A holder in the opener's own service is not told, since that service saw the case before saving.
    """
    child = case.child
    with as_job():
        number = reveal(child)
        # One stored under each key, while they rotate.
        known = hashes(number) if number else ()
        others = list(
            Case.objects.filter(_same_child(child.name, child.birth_date, known, child.due_date))
            .exclude(pk=case.pk)
            .exclude(state=Case.State.CLOSED)
            .exclude(holder__service_id=case.holder.service_id)
            .select_related("child", "holder")[:10]
        )
        for other in others:
            detail = _detail(case, other.child)
            service_id = other.holder.service_id
            open_task(
                "duplicate.look",
                by=by,
                now=now,
                service=service_id,
                subject=case,
                case=other,
                user_id=other.holder.user_id,
                url_id=other.pk,
                detail=detail,
            )
            tell(
                "duplicate.found",
                by=by,
                now=now,
                subject=case,
                case=other,
                url_name="cases:case",
                url_id=other.pk,
                users=(other.holder.user_id,),
                detail=detail,
            )
    return len(others)


def _detail(case: Case, other: Child) -> str:
    """The new case's reference and the service to ring, unless the child's whereabouts are protected on either side."""
    service = case.holder.service.name
    return ", ".join(filter(None, [case.reference, located(case.child, located(other, service))]))
