"""Feilregistrert: a consultation that was recorded wrongly. It stays with its history and counts no more."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import WORKING, close_tasks, end_deadlines, tell
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn
from portal.timeframe import today
from referrals.models import Consultation


def mark_consultation_wrong(
    *, consultation: Consultation, reason: str, by: Actor, now: dt.datetime | None = None
) -> Consultation:
    """Marks a consultation as feilregistrert: it stays with its history and counts no more.

    One of a case is marked by the municipality's side; one that the department recorded without a case by the
    department, until it is attached to one. A repeat by the same person is harmless; raises ``Invalid``, ``MovedOn``.
    """
    now = now or timezone.now()
    check(by, "consultation.mark_wrong", consultation)
    if not reason.strip():
        raise Invalid(reason=_("Skriv hva som er feil."))
    if consultation.case_id is None:
        return _mark_without_case(consultation, reason, by, now)
    with case_work(consultation.case_id, by=by, now=now, closed_too=True) as case:
        marked: Consultation = states.lock(consultation)
        if not _mark(marked, reason, by, now):
            return marked
        close_tasks(marked, now=now, reason="cancelled")
        end_deadlines(marked, on=today(now), met=False)
        audit.record(by, "consultation.marked_wrong", marked, case_id=case.pk, child_id=case.child_id, now=now)
    return marked


def _mark_without_case(consultation: Consultation, reason: str, by: Actor, now: dt.datetime) -> Consultation:
    """The department's own record, which belongs to no case: the service that asked is told."""
    if by.service_id != consultation.department_id:
        raise MovedOn(_("Drøftingen hører ikke til en sak. Avdelingen som registrerte den, kan rette den."))
    with transaction.atomic():
        marked: Consultation = states.lock(consultation)
        if marked.case_id is not None:
            raise MovedOn(_("Drøftingen er lagt til en sak. Be tjenesten som spurte, om å rette den."))
        if _mark(marked, reason, by, now):
            audit.record(by, "consultation.marked_wrong", marked, now=now)
            tell("consultation.wrong", by=by, now=now, subject=marked, url_name="referrals:consultation",
                 service=marked.asked_in_id, roles=WORKING, detail=marked.department.name)  # fmt: skip
    return marked


def _mark(locked: Consultation, reason: str, by: Actor, now: dt.datetime) -> bool:
    """Marks a locked one; False when the same person already did. Raises ``MovedOn`` when another has."""
    if locked.in_error:
        if by.user and locked.error_by_id == by.user.pk:
            return False
        raise MovedOn(_("En annen har allerede markert dette som feilregistrert."))
    locked.error_at, locked.error_by, locked.error_reason = now, by.user, reason.strip()[:300]
    locked.save(update_fields=["error_at", "error_by", "error_reason"])
    return True
