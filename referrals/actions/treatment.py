"""Treatment has begun: what the dates of a right to health care waited for (pbrl § 2-1 b), and what was wrong of it."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import end_deadlines
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, said_already
from portal.timeframe import today
from referrals.actions.decide import TREATMENT_RULES, standing_decision, start_treatment_clocks
from referrals.actions.intake import held_by, tell_senders
from referrals.models import IntakeDecision, Referral, TreatmentStart
from referrals.states import WITH_HOSPITAL

R = Referral.State


def record_treatment_start(
    *, referral: Referral, started_on: dt.date, by: Actor, now: dt.datetime | None = None
) -> TreatmentStart:
    """Records the day the help began: the date of the right and the guarantee for the young are met on that day.

    Later than they were due is late, and stays so. The hospital's dates run on, and are met, also in a case that the
    municipality has closed: it cannot open it. The same by the same person gives what is recorded already. Raises
    ``Invalid`` for a day to come or before the referral was received, ``MovedOn`` when no right is decided, or a start
    is recorded otherwise.
    """
    now = now or timezone.now()
    check(by, "intake.start_treatment", referral)
    with case_work(referral.case_id, by=by, now=now, access=False, closed_too=True) as case:
        locked = held_by(referral, by, *WITH_HOSPITAL, R.DECIDED)
        decision = standing_decision(locked)
        if decision is None or decision.outcome != IntakeDecision.Outcome.RIGHT:
            raise MovedOn(_("Det er ikke avgjort at barnet har rett til helsehjelp."))
        standing = standing_start(locked)
        if standing is not None:
            if said_already(standing, {"recorded_by": by.person, "started_on": started_on}):
                return standing
            raise MovedOn(
                _("%(who)s har registrert at behandlingen startet %(date)s. Er datoen feil, marker den som feil først.")
                % {"who": standing.recorded_by.name, "date": standing.started_on.strftime("%d.%m.%Y")}
            )
        _check_day(locked, started_on, now)
        start = TreatmentStart.objects.create(
            referral=locked, service=by.unit, started_on=started_on, recorded_at=now, recorded_by=by.person
        )
        end_deadlines(locked, *TREATMENT_RULES, on=started_on)
        audit.record(by, "treatment.started", start, case_id=case.pk, child_id=case.child_id, now=now)
        tell_senders("treatment.started", locked, case, by, now)
    return start


def mark_treatment_wrong(*, referral: Referral, reason: str, by: Actor, now: dt.datetime | None = None) -> bool:
    """Marks the start of treatment as feilregistrert: it stays as history, and the dates it met run again.

    Also in a closed case, where the hospital's dates run on. False when the same person already did. Raises
    ``Invalid`` without a reason, ``MovedOn`` when no start is recorded.
    """
    now = now or timezone.now()
    check(by, "intake.correct", referral)
    reason = reason.strip()[:300]
    if not reason:
        raise Invalid(reason=_("Skriv hva som er feil."))
    with case_work(referral.case_id, by=by, now=now, access=False, closed_too=True) as case:
        locked = held_by(referral, by, *WITH_HOSPITAL, R.DECIDED)
        start = standing_start(locked)
        if start is None:
            marked = TreatmentStart.objects.filter(referral=locked).order_by("error_at").last()
            if marked is not None and said_already(marked, {"error_by": by.person, "error_reason": reason}):
                return False
            raise MovedOn(_("Det er ikke registrert at behandlingen har startet."))
        start.error_at, start.error_by, start.error_reason = now, by.person, reason
        start.save(update_fields=["error_at", "error_by", "error_reason"])
        audit.record(by, "treatment.marked_wrong", start, case_id=case.pk, child_id=case.child_id, now=now)
        decision = standing_decision(locked)
        assert decision is not None
        start_treatment_clocks(decision, locked, case)
        tell_senders("treatment.marked_wrong", locked, case, by, now)
    return True


def standing_start(referral: Referral) -> TreatmentStart | None:
    """The start of treatment that holds. One statement."""
    standing = TreatmentStart.objects.filter(referral=referral, error_at__isnull=True)
    return standing.select_related("recorded_by").first()


def _check_day(referral: Referral, started_on: dt.date, now: dt.datetime) -> None:
    if started_on > today(now):
        raise Invalid(started_on=_("Datoen kan ikke være fram i tid."))
    first = referral.first_received_on
    if first is not None and started_on < first:
        raise Invalid(
            started_on=_("Datoen kan ikke være før henvisningen ble mottatt, %(date)s.")
            % {"date": first.strftime("%d.%m.%Y")}
        )
