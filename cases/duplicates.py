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
# What is written where the child has no name: it tells no child from another.
NO_NAME = frozenset(sort_key(word) for word in ("Ufødt", "Ufødt barn", "Barn", "Baby", "Foster", "Ukjent", "Navnløs"))


def _same_unborn(name: str, due_date: dt.date | None) -> Q:
    if due_date is None:
        return Q(pk__in=[])
    return Q(child__due_date__range=(due_date - DUE_APART, due_date + DUE_APART), child__sort_key=sort_key(name))


def same_child(name: str, birth_date: dt.date | None, number_hashes: tuple[str, ...]) -> Q:
    """A filter for cases whose child has the name and birth date, or one of the number's hashes."""
    same = Q(pk__in=[])
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
    same = same_child(name, birth_date, hashes(number) if number else ()) | _same_unborn(name, due_date)
    return cases_for(actor, now=now).filter(same).exclude(state=Case.State.CLOSED).select_related("child")[:5]


def tell_holders(case: Case, *, by: Actor, now: dt.datetime) -> int:
    """Tells the holders of other open cases that may be about the same child. Returns how many cases.

    Runs as the job role and answers nothing to the opener: whether such a case exists must not be learnt by opening
    one. A holder in the opener's own service is not told, since that service saw the case before saving. An unborn
    child, known by a due date that is an estimate, must have a name and belong to the same municipality.
    """
    child = case.child
    with as_job():
        number = reveal(child)
        # One stored under each key, while they rotate.
        same = same_child(child.name, child.birth_date, hashes(number) if number else ())
        if child.sort_key not in NO_NAME:
            same |= _same_unborn(child.name, child.due_date) & Q(child__municipality=child.municipality_id)
        others = list(
            Case.objects.filter(same)
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
