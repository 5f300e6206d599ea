"""The list of cases: mine, my service's, or all I may see; searched by name, reference or exact national number."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case as When_
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from cases.access import cases_for
from cases.case_facts import VISIT
from cases.inbox import in_sight
from cases.models import Case, Deadline, Scope
from cases.national_number import hashes, read
from cases.telling_deadlines import listed_for
from portal.context import Actor
from portal.identity.fnr import FnrError
from portal.identity.reference import ReferenceFormatError, looks_like_reference, parse_reference
from portal.models import AuditEvent
from portal.timeframe import today

MINE, SERVICE, ALL = "mine", "tjenesten", "alle"


@dataclass(frozen=True)
class Found:
    """The cases found, how they were searched for (``""``, ``name``, ``reference``, ``number``), and what to mend."""

    cases: "QuerySet[Case]"
    by: str = ""
    problem: str = ""


def cases_listed(actor: Actor, *, scope: str, closed: bool, now: dt.datetime) -> "QuerySet[Case]":
    """The cases of a list, newest change first, with next deadline and this person's last visit. One statement."""
    cases = cases_for(actor, Scope.CASE, *([Scope.OWN] if closed else []), now=now)
    if scope == MINE:
        cases = cases.filter(holder__user=actor.user, holder__service_id=actor.service_id)
    elif scope == SERVICE:
        cases = cases.filter(holder__service_id=actor.service_id)
    if not closed:
        cases = cases.exclude(state=Case.State.CLOSED)
    deadlines = Deadline.objects.filter(
        in_sight(today(now), "task__"), listed_for(actor), case_id=OuterRef("pk"), state=Deadline.State.OPEN
    )
    visits = AuditEvent.objects.filter(
        case_id=OuterRef("pk"), user_id=actor.user.pk if actor.user else None, kind=AuditEvent.Kind.READ, verb=VISIT
    ).order_by("-id")
    return (
        cases.select_related("child", "community", "municipality", "holder__user", "holder__service")
        .annotate(
            next_due=Subquery(deadlines.order_by("due_on", "id").values("due_on")[:1]),
            next_basis=Subquery(deadlines.order_by("due_on", "id").values("basis")[:1]),
            visited_at=Subquery(visits.values("at")[:1]),
        )
        .order_by("-changed_at", "-pk")
    )


def closed_to(actor: Actor, case: Case) -> bool:
    """Whether a case in the list is open for the acting service's own entries alone."""
    return case.state == Case.State.CLOSED and case.holder.service_id != actor.service_id


def search(query: str, cases: "QuerySet[Case]") -> Found:
    """Narrows a list to what was searched for. Who shows it logs the search: its kind, never its words.

    A national number must be exact; a reference may be typed carelessly; names match from the start of each word, and a
    near miss (one letter wrong) comes after.
    """
    if looks_like_number(query):
        try:
            return Found(cases.filter(child__number_hash__in=hashes(read(query))), "number")
        except FnrError as wrong:
            return Found(cases.none(), "number", str(wrong.message))
    if looks_like_reference(query):
        try:
            return Found(cases.filter(reference=str(parse_reference(query))), "reference")
        except ReferenceFormatError as wrong:
            return Found(cases.none(), "reference", str(wrong.message))
    return Found(_by_name(query, cases), "name")


def looks_like_number(query: str) -> bool:
    """Whether what was typed is meant as a national number: eleven digits, or nearly. Such a search is never put in a
    URL."""
    digits = [char for char in query if char.isdigit()]
    return len(digits) >= 9 and not any(char.isalpha() for char in query)


def _by_name(query: str, cases: "QuerySet[Case]") -> "QuerySet[Case]":
    starts = Q()
    for word in query.split()[:6]:
        starts &= (
            Q(child__name__istartswith=word)
            | Q(child__name__icontains=f" {word}")
            | Q(child__name__icontains=f"-{word}")
        )
    near = Q(child__name__trigram_word_similar=query) if len(query) > 3 else Q()
    exact_first = When_(When(starts, then=Value(0)), default=Value(1), output_field=IntegerField())
    return cases.filter(starts | near if near else starts).order_by(
        exact_first, "child__sort_key", "-changed_at", "-pk"
    )
