"""The grants that the case itself gives rise to: its holder, the service that opened it, participants, and consent."""

import datetime as dt
from collections.abc import Iterator

from cases.access import EMERGENCY
from cases.admission import Grant, Period, add_source, merged
from cases.models import Case, CaseAccess, Category, EmergencyAccess, Participant, Scope
from cases.own_entries import authors_in
from cases.sharing import SharingFacts, Window
from portal.timeframe import end_of, start_of

# What whoever gives emergency help may need; not what school and social services write.
IN_EMERGENCIES = (Category.HEALTH, Category.FAMILY, Category.CHILD_PROTECTION)


@add_source
def from_case(facts: SharingFacts, now: dt.datetime) -> Iterator[Grant]:
    """Holder and opener; participants while something may be shared with them; items by consent or statutory basis.

    Level 0 stays in the service that recorded it until parents are informed or a reason not to is recorded. In a closed
    case the services that wrote something keep their own words.
    """
    case = facts.case
    yield Grant(case.holder.service_id, "holder", Scope.CASE)
    if case.state == Case.State.CLOSED:
        for service_id in authors_in(case) - {case.holder.service_id}:
            yield Grant(service_id, "author", Scope.OWN)
    yield from _in_emergencies(case, now)
    if case.level == 0:
        yield Grant(case.opened_in_id, "opened", Scope.CASE)
    if not case.may_be_shared:
        return
    windows: dict[object, list[tuple[str, Window]]] = {
        service_id: [(c, window) for c in Category.values for window in facts.windows(service_id, c, now)]
        for service_id in facts.services()
    }
    for participant in Participant.objects.filter(case=case, ended_at__isnull=True):
        shared = merged((window.start, window.end) for _category, window in windows.get(participant.service_id, []))
        for start, end in _overlap(shared, _period(participant, now)):
            yield Grant(
                participant.service_id,
                f"participant:{participant.pk}",
                Scope.CASE,
                until=end,
                valid_from=start if start > now else None,
            )
    for service_id in facts.services():
        for category, window in windows[service_id]:
            yield Grant(
                service_id,
                window.basis,
                f"items_{category}",
                until=window.end,
                valid_from=window.start if window.start > now else None,
            )


def _in_emergencies(case: Case, now: dt.datetime) -> Iterator[Grant]:
    """Those let in to help in an emergency, each alone: the case, and what concerns health, family and protection."""
    for access in EmergencyAccess.objects.filter(case=case, ended_at__isnull=True, until__gt=now):
        for scope in (Scope.CASE, *(f"items_{category}" for category in IN_EMERGENCIES)):
            yield Grant(
                access.opened_by_id, f"{EMERGENCY}:{access.pk}", scope, until=access.until, kind=CaseAccess.Kind.USER
            )


def _period(participant: Participant, now: dt.datetime) -> Period:
    """The coming part of a participant's period, whole days in Norway."""
    until = end_of(participant.valid_until) if participant.valid_until else None
    return max(now, start_of(participant.valid_from)), until


def _overlap(periods: list[Period], with_: Period) -> Iterator[Period]:
    """What the periods have in common with one period."""
    for start, end in periods:
        begins = max(start, with_[0])
        ends = end if with_[1] is None else with_[1] if end is None else min(end, with_[1])
        if ends is None or begins < ends:
            yield begins, ends
