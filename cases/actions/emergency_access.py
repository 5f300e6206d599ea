"""Emergency access: opened at once, told at once, looked at afterwards (hpl §§ 7 and 45)."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import LEADING, close_tasks, open_task, tell
from cases.models import Case, EmergencyAccess
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, lock

# A shift. The guideline sets no number; longer than this, there is time to ask.
LASTS = dt.timedelta(hours=8)
OPENED, REVIEW = "emergency_access.opened", "emergency_access.review"


def open_in_emergency(*, case_id: uuid.UUID, reason: str, by: Actor, now: dt.datetime | None = None) -> EmergencyAccess:
    """Lets the person, and nobody else in the service, in to a case for some hours; it is found by who the child is
    (``cases.emergency_reading.look_up``).

    The holder, the leaders of the holder's service and the person's own leaders are told at once, and the holder is
    asked to look at it afterwards. Whoever has emergency access already gets the same one back. Raises ``Invalid``
    without a reason.
    """
    now = now or timezone.now()
    check(by, "case.emergency_access")
    if not reason.strip():
        raise Invalid(reason=_("Skriv hvorfor det haster."))
    with case_work(case_id, by=by, now=now, closed_too=True, outside=True) as case:
        standing = EmergencyAccess.objects.filter(
            case=case, opened_by=by.person, ended_at__isnull=True, until__gt=now
        ).first()
        if standing is not None:
            return standing
        access = EmergencyAccess.objects.create(
            case=case, service=by.unit, reason=reason.strip(), until=now + LASTS, opened_at=now, opened_by=by.person
        )
        audit.record(by, OPENED, access, case_id=case.pk, child_id=case.child_id, basis="emergency", now=now)
        _tell(access, case, by=by, now=now)
    return access


def end_emergency_access(*, access: EmergencyAccess, by: Actor, now: dt.datetime | None = None) -> EmergencyAccess:
    """The person is done, or the holder's side says it is enough; from this instant it opens nothing."""
    now = now or timezone.now()
    check(by, "case.end_emergency_access", access)
    with case_work(access.case_id, by=by, now=now, closed_too=True, outside=True) as case:
        locked: EmergencyAccess = lock(access)
        if locked.ends_at() > now:
            locked.ended_at, locked.ended_by = now, by.person
            locked.save(update_fields=["ended_at", "ended_by"])
            audit.record(by, "emergency_access.ended", locked, case_id=case.pk, child_id=case.child_id, now=now)
    return locked


def review_emergency_access(
    *, access: EmergencyAccess, note: str, by: Actor, now: dt.datetime | None = None
) -> EmergencyAccess:
    """The holder's side has looked at it: whether it was called for, and what was done if not. Raises ``MovedOn`` when
    another has."""
    now = now or timezone.now()
    check(by, "case.review_emergency_access", access)
    if not note.strip():
        raise Invalid(note=_("Skriv hva dere kom fram til."))
    with case_work(access.case_id, by=by, now=now, closed_too=True) as case:
        locked: EmergencyAccess = lock(access)
        if locked.reviewed_at is not None:
            if (locked.reviewed_by_id, locked.review_note) == (by.person.pk, note.strip()):
                return locked
            raise MovedOn(_("Nødtilgangen er allerede gjennomgått."))
        locked.reviewed_at, locked.reviewed_by, locked.review_note = now, by.person, note.strip()
        locked.save(update_fields=["reviewed_at", "reviewed_by", "review_note"])
        close_tasks(locked, REVIEW, now=now)
        audit.record(by, "emergency_access.reviewed", locked, case_id=case.pk, child_id=case.child_id, now=now)
    return locked


def _tell(access: EmergencyAccess, case: Case, *, by: Actor, now: dt.datetime) -> None:
    address: dict[str, Any] = {"url_name": "cases:emergency_review", "url_id": access.pk}
    open_task(
        REVIEW,
        by=by,
        now=now,
        service=case.holder.service_id,
        subject=access,
        case=case,
        user_id=case.holder.user_id,
        url_id=access.pk,
        detail=by.unit.name,
    )
    told: dict[str, Any] = {"by": by, "now": now, "subject": access, "case": case, "detail": by.unit.name, **address}
    tell(OPENED, users=(case.holder.user_id,), **told)
    for service_id in {case.holder.service_id, by.service_id}:
        tell(OPENED, service=service_id, roles=LEADING, **told)
