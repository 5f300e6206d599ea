"""What the family says about somebody in a service, and a leader's look at an unusual access."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Acquaintance, Case, LookedAt
from cases.service_choices import in_case
from cases.unusual import Finding
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Service, User
from portal.rights import check
from portal.states import MovedOn, lock


def record_acquaintance(
    *, case: Case, service: Service, person: User | None, note: str = "", by: Actor, now: dt.datetime | None = None
) -> Acquaintance:
    """Records that, as the family says, somebody in a service of the case knows the child or the family.

    It closes nothing: what that person opens is listed for their leader. The same said twice is one. Raises ``Denied``,
    ``MovedOn`` in a closed case, ``Invalid`` for a service that is not in the case.
    """
    now = now or timezone.now()
    check(by, "case.record_acquaintance", case)
    with case_work(case, by=by, now=now, access=False) as case:
        if service not in in_case(case):
            raise Invalid(who=_("Tjenesten er ikke med i saken lenger."))
        standing = Acquaintance.objects.filter(case=case, service=service, person=person, ended_at__isnull=True).first()
        if standing is not None:
            return standing
        made = Acquaintance.objects.create(
            case=case, service=service, person=person, note=note.strip(), recorded_at=now, recorded_by=by.person
        )
        _record("acquaintance.recorded", made, case, by, now)
    return made


def end_acquaintance(*, acquaintance: Acquaintance, by: Actor, now: dt.datetime | None = None) -> Acquaintance:
    """Takes it back: what is opened from now on is listed no more. A repeat is harmless. Raises ``Denied``,
    ``MovedOn`` also for the person it is about, who leaves it to a colleague."""
    now = now or timezone.now()
    check(by, "case.record_acquaintance", acquaintance.case)
    if acquaintance.person_id == by.person.pk:
        raise MovedOn(_("Dette gjelder deg. Be en kollega ta det bort."))
    with case_work(acquaintance.case_id, by=by, now=now, access=False) as case:
        ended: Acquaintance = lock(acquaintance)
        if ended.ended_at is None:
            ended.ended_at, ended.ended_by = now, by.person
            ended.save(update_fields=["ended_at", "ended_by"])
            _record("acquaintance.ended", ended, case, by, now)
    return ended


def look_at(*, finding: Finding, note: str, by: Actor, now: dt.datetime | None = None) -> LookedAt:
    """Records that a leader has looked at an unusual access of the own service, and what came of it.

    What the person does after this comes back. Raises ``Denied`` for one's own access, ``Invalid`` without a note.
    """
    now = now or timezone.now()
    check(by, "unusual.look_at", finding)
    if not note.strip():
        raise Invalid(note=_("Skriv hva du fant ut."))
    seen = LookedAt.objects.create(
        service=by.unit, kind=finding.kind, user_id=finding.user_id, user_name=finding.user_name, day=finding.day,
        case_id=finding.case_id, last_event=finding.last_event, note=note.strip(), seen_at=now, seen_by=by.person,
    )  # fmt: skip
    audit.record(by, "unusual.looked_at", None, now=now, detail={"kind": finding.kind, "user": str(finding.user_id)})
    return seen


def _record(verb: str, row: Acquaintance, case: Case, by: Actor, now: dt.datetime) -> None:
    detail = {"service": str(row.service_id), "person": str(row.person_id or "")}
    audit.record(by, verb, row, case_id=case.pk, child_id=case.child_id, now=now, detail=detail)
