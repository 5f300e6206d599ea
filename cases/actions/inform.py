"""Informing the guardians, or the recorded reason not to: the gate out of level 0 (guideline § 5, pbrl § 3-4)."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case
from guideline.editions import current_edition
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, said_already
from portal.timeframe import today


def inform_guardians(*, case: Case, on: dt.date, how: str, by: Actor, now: dt.datetime | None = None) -> Case:
    """Records that the guardians know of the concern: the date and how. A reason not to inform then no longer hides
    the case.

    Raises ``Invalid`` for a date in the future, ``MovedOn`` when it has been recorded already in other words.
    """
    now = now or timezone.now()
    check(by, "case.inform_guardians", case)
    if on > today(now):
        raise Invalid(on=_("Datoen er fram i tid. Registrer når foresatte er informert."))
    with case_work(case, by=by, now=now) as case:
        if case.informed_at is not None:
            if said_already(case, {"informed_by": by.user, "informed_on": on, "informed_how": how}):
                return case
            raise MovedOn(_("Det er allerede registrert at foresatte er informert."))
        case.informed_on, case.informed_how, case.informed_at, case.informed_by = on, how, now, by.user
        case.save(update_fields=["informed_on", "informed_how", "informed_at", "informed_by"])
        audit.record(by, "case.guardians_informed", case, case_id=case.pk, child_id=case.child_id, now=now)
    return case


def record_not_informed(*, case: Case, code: str, reason: str, by: Actor, now: dt.datetime | None = None) -> Case:
    """Records why the guardians are not informed (a code of the edition, and the reason). Hides the case from them.

    Raises ``Invalid`` for an unknown code, ``MovedOn`` when they are informed already or another has given a reason.
    """
    now = now or timezone.now()
    check(by, "case.inform_guardians", case)
    if code not in dict(current_edition(case.community).choices("parents_not_informed")):
        raise Invalid(code=_("Velg en av grunnene i listen."))
    with case_work(case, by=by, now=now) as case:
        if case.informed_at is not None:
            raise MovedOn(_("Foresatte er allerede informert, og saken kan ikke skjules for dem."))
        if case.not_informed_at is not None:
            said = {"not_informed_by": by.user, "not_informed_code": code, "not_informed_reason": reason}
            if said_already(case, said):
                return case
            raise MovedOn(_("Det er allerede skrevet hvorfor foresatte ikke er informert."))
        case.not_informed_code, case.not_informed_reason = code, reason
        case.not_informed_at, case.not_informed_by = now, by.user
        case.save(update_fields=["not_informed_code", "not_informed_reason", "not_informed_at", "not_informed_by"])
        audit.record(
            by,
            "case.guardians_not_informed",
            case,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={"code": code},
        )
    return case
