"""Informing the guardians, or the recorded reason not to: the gate out of level 0 (guideline § 5, pbrl § 3-4)."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case
from cases.remembering import remember, restate
from guideline.editions import current_edition
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, said_already
from portal.timeframe import today

PROCESS = "guardians"
FIELDS = (
    "informed_on", "informed_how", "informed_at", "informed_by",
    "not_informed_code", "not_informed_reason", "not_informed_at", "not_informed_by",
)  # fmt: skip


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
        remember(case, PROCESS, "informed", by=by, now=now, reason=how)
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
        remember(case, PROCESS, "not_informed", by=by, now=now, reason=reason)
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


def standing(case: Case) -> str:
    """What is recorded about the guardians now: «informed» (which counts before a reason not to), «not_informed»,
    nothing."""
    if case.informed_at is not None:
        return "informed"
    return "not_informed" if case.not_informed_at is not None else ""


def needs_another_answer(case: Case) -> bool:
    """Whether taking back what stands must go with a reason not to inform: beyond level 0 a case is never without an
    answer."""
    return case.level > 0 and not (case.informed_at is not None and case.not_informed_at is not None)


def withdraw_informed(
    *, case: Case, what: str, reason: str, by: Actor, code: str = "", why: str = "", now: dt.datetime | None = None
) -> Case:
    """Takes back what stands wrongly (``what``: «informed» or «not_informed»): that the guardians were informed or,
    where they are not, why not.

    A reason not to inform that was recorded before holds again, and the case is hidden at once. Otherwise a case on
    level 0 is its own service's alone again; beyond it a reason not to inform must come instead (``code`` of the
    edition, and ``why``). What is taken back stays in the history. Raises ``Invalid`` without what is needed,
    ``MovedOn`` when something else stands now.
    """
    now = now or timezone.now()
    check(by, "case.inform_guardians", case)
    if code and code not in dict(current_edition(case.community).choices("parents_not_informed")):
        raise Invalid(code=_("Velg en av grunnene i listen."))
    with case_work(case, by=by, now=now) as case:
        if what != standing(case):
            raise MovedOn(_("Det er endret siden du åpnet siden. Se hva som står om foresatte nå."))
        another = needs_another_answer(case)
        if another and not (code and why):
            raise Invalid(code=_("Saken er delt med andre. Velg hvorfor foresatte ikke er informert, og skriv det."))
        _take_back(case, reason, by=by, now=now)
        if another:
            case.not_informed_code, case.not_informed_reason = code, why
            case.not_informed_at, case.not_informed_by = now, by.user
            remember(case, PROCESS, "not_informed", by=by, now=now, reason=why)
        case.save(update_fields=FIELDS)
        audit.record(
            by,
            "case.informed_withdrawn",
            case,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={"was": what, "hidden": case.hidden_from_family},
        )
    return case


def _take_back(case: Case, reason: str, *, by: Actor, now: dt.datetime) -> None:
    """Empties what stands, once it is written in the history."""
    was = standing(case)
    if case.informed_at is not None:
        restate(case, PROCESS, "informed", at=case.informed_at, who=case.informed_by, reason=case.informed_how)
        case.informed_on, case.informed_how, case.informed_at, case.informed_by = None, "", None, None
    else:
        assert case.not_informed_at is not None
        who, why = case.not_informed_by, case.not_informed_reason
        restate(case, PROCESS, "not_informed", at=case.not_informed_at, who=who, reason=why)
        case.not_informed_code, case.not_informed_reason = "", ""
        case.not_informed_at, case.not_informed_by = None, None
    remember(case, PROCESS, f"{was}_withdrawn", by=by, now=now, from_state=was, reason=reason)
