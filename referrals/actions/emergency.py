"""The emergency question, asked first (6.1.5): a yes stops the form, and who was called and when is recorded."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import Rule, add_rule, mark_error
from cases.casework import case_work
from cases.inbox import tell
from cases.models import Case
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn
from referrals.models import EmergencyAssessment, Referral

# The clocks of a doctor's office and of the portal need not agree to the minute.
CLOCKS_DIFFER = dt.timedelta(minutes=5)
# The same answer again within this time is a double click.
MOMENT = dt.timedelta(seconds=30)
add_rule(EmergencyAssessment, Rule("case.mark_error", "emergency"))


def answer_emergency(
    *, case: Case, is_emergency: bool, by: Actor, referral: Referral | None = None, note: str = "",
    now: dt.datetime | None = None,
) -> EmergencyAssessment:  # fmt: skip
    """Answers whether it is an emergency (6.1.5). A yes stops the form: the on-call service is to be called.

    Each answer is a new row: what was judged earlier stays. The holder is told of a yes.
    """
    now = now or timezone.now()
    check(by, "referral.emergency", referral or case)
    assert by.user is not None
    assert by.service is not None
    with case_work(case, by=by, now=now, access=False) as case:
        latest = EmergencyAssessment.objects.filter(case=case, error_at__isnull=True).order_by("-assessed_at").first()
        same = (
            latest is not None
            and latest.assessed_by_id == by.user.pk
            and latest.is_emergency == is_emergency
            and latest.referral_id == (referral.pk if referral else None)
        )
        if latest is not None and same and now - latest.assessed_at < MOMENT:
            return latest
        made = EmergencyAssessment.objects.create(case=case, referral=referral, is_emergency=is_emergency, note=note,
                                                  service=by.service, assessed_at=now, assessed_by=by.user)  # fmt: skip
        audit.record(by, "emergency.assessed", made, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"emergency": is_emergency})  # fmt: skip
        if is_emergency:
            _tell_holder("emergency.recorded", made, case, by, now)
    return made


def record_call(
    *, emergency: EmergencyAssessment, called: Service | None, phone: str, spoke_with: str, called_on: dt.datetime,
    by: Actor, now: dt.datetime | None = None,
) -> EmergencyAssessment:  # fmt: skip
    """Records who called whom, and when; the case shows it.

    ``called`` is None for a national number (113, 116 117), which ``phone`` then names. A repeat by the same person is
    harmless; raises ``MovedOn`` when another call was recorded first, ``Invalid`` for a time to come or before today's
    question could have been asked.
    """
    now = now or timezone.now()
    check(by, "referral.emergency", emergency.referral or emergency.case)
    if called_on > now + CLOCKS_DIFFER:
        raise Invalid(called_on=_("Tidspunktet kan ikke være fram i tid."))
    if called_on < emergency.assessed_at - dt.timedelta(days=1):
        raise Invalid(called_on=_("Tidspunktet er mer enn et døgn før dette ble vurdert."))
    if called is None and not phone.strip():
        raise Invalid(called=_("Velg hvem som ble ringt."))
    with case_work(emergency.case_id, by=by, now=now, access=False) as case:
        locked: EmergencyAssessment = states.lock(emergency)
        if not locked.is_emergency or locked.in_error:
            raise MovedOn(_("Dette er ikke lenger vurdert som øyeblikkelig hjelp."))
        if locked.called_on is not None:
            if (locked.called_service_id, locked.called_on) == (called.pk if called else None, called_on):
                return locked
            raise MovedOn(
                _("En samtale er allerede registrert: %(who)s. Skriv resten i journalen.") % {"who": locked.called_name}
            )
        locked.called_service, locked.called_phone = called, phone.strip()[:30]
        locked.spoke_with, locked.called_on = spoke_with.strip(), called_on
        locked.save(update_fields=["called_service", "called_phone", "spoke_with", "called_on"])
        audit.record(by, "emergency.called", locked, case_id=case.pk, child_id=case.child_id, now=now)
        _tell_holder("emergency.called", locked, case, by, now)
    return locked


def mark_emergency_wrong(
    *, emergency: EmergencyAssessment, reason: str, by: Actor, now: dt.datetime | None = None
) -> EmergencyAssessment:
    """Marks an answer as feilregistrert, with the call recorded on it: the answer before it holds again, and where
    there is none the question is asked anew. The holder, who was told of a yes, is told. A repeat is harmless."""
    now = now or timezone.now()
    check(by, "case.mark_error", emergency)
    with case_work(emergency.case_id, by=by, now=now, closed_too=True, access=False) as case:
        before: EmergencyAssessment = states.lock(emergency)
        marked = mark_error(entry=emergency, reason=reason.strip()[:300], by=by, now=now)
        if marked.is_emergency and not before.in_error:
            _tell_holder("emergency.wrong", marked, case, by, now)
    return marked


def emergency_answers(
    referral_id: uuid.UUID, case_id: uuid.UUID, started_at: dt.datetime
) -> "QuerySet[EmergencyAssessment]":
    """Answers that hold for a referral, newest first: given in it, or in the case after the referral was started."""
    return (
        EmergencyAssessment.objects.filter(case_id=case_id, error_at__isnull=True)
        .filter(Q(referral=referral_id) | Q(referral__isnull=True, assessed_at__gte=started_at))
        .select_related("called_service", "assessed_by", "service")
        .order_by("-assessed_at", "-id")
    )


def emergency_answer(referral: Referral) -> EmergencyAssessment | None:
    """The newest answer that holds for a referral, or None."""
    return emergency_answers(referral.pk, referral.case_id, referral.started_at).first()


def _tell_holder(kind: str, emergency: EmergencyAssessment, case: Case, by: Actor, now: dt.datetime) -> None:
    tell(kind, by=by, now=now, subject=emergency, url_name="referrals:emergency", url_id=case.pk, case=case,
         users=(case.holder.user_id,), service=case.holder.service_id)  # fmt: skip
