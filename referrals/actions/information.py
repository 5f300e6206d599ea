"""Intake asks the exact contributor for the exact section, and the answer joins the referral. The clock goes on."""

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, open_task, start_deadline, tell
from cases.models import Case
from cases.protection import located
from guideline.deadlines import due_on as compute_due
from guideline.editions import current_edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Membership, Service
from portal.rights import check
from portal.states import MovedOn
from portal.timeframe import today
from referrals.actions.held import check_length
from referrals.actions.intake import held_by, tell_senders
from referrals.models import Contribution, ContributionSection, InformationRequest, Referral
from referrals.roles import HOSPITAL
from referrals.snapshot.answered import freeze_answer, may_be_shared
from referrals.states import WITH_HOSPITAL
from referrals.tasks import queue_rendering

# The edition's rule for the answer, unless intake names another date.
RULE = "information_answer"


def ask_for_information(
    *, referral: Referral, question: str, by: Actor, contribution: Contribution | None = None, section_key: str = "",
    due_on: dt.date | None = None, now: dt.datetime | None = None,
) -> InformationRequest:  # fmt: skip
    """Asks the exact contributor for the exact section; without a contributor, whoever referred. The clock goes on.

    The section is reopened to its contributor until the answer has come. The same question again (a double click) gives
    the first one back. Raises ``Invalid`` per field, ``MovedOn`` when the referral is not with the department.
    """
    now = now or timezone.now()
    check(by, "intake.ask", referral)
    question = question.strip()
    if not question:
        raise Invalid(question=_("Skriv hva dere trenger å vite."))
    if due_on and due_on < today(now):
        raise Invalid(due_on=_("Fristen kan ikke være i fortiden."))
    with case_work(referral.case_id, by=by, now=now) as case:
        locked = held_by(referral, by, *WITH_HOSPITAL)
        _check_target(locked, contribution, section_key)
        if contribution is not None and contribution.external_from:
            # Registered for a service that nobody logs in to: whoever referred asks it outside the portal.
            about = _("Om bidraget fra %(service)s: %(question)s")
            question = about % {"service": contribution.service.name, "question": question}
            contribution, section_key = None, ""
        standing = InformationRequest.objects.filter(
            referral=locked, contribution=contribution, section_key=section_key, question=question,
            answered_at__isnull=True, cancelled_at__isnull=True,
        ).first()  # fmt: skip
        if standing is not None:
            return standing
        referrer: Membership = locked.referrer or case.holder
        asked = contribution.service if contribution is not None else referrer.service
        person = None if contribution is not None else referrer.user_id
        due = due_on or compute_due(current_edition(case.community).deadlines[RULE], today(now))
        assert due is not None
        request = InformationRequest.objects.create(
            referral=locked, contribution=contribution, asked_service=asked, section_key=section_key, question=question,
            due_on=due, asked_in=by.unit, asked_at=now, asked_by=by.person,
        )  # fmt: skip
        if contribution is not None and section_key:
            ContributionSection.objects.filter(contribution=contribution, key=section_key).update(reopened=True)
        task = open_task("information.answer", by=by, now=now, service=asked, subject=request, case=case,
                         due_on=due, user_id=person, detail=located(case.child, by.unit.name))  # fmt: skip
        start_deadline(RULE, case=case, subject=request, service=asked, anchor_on=today(now), task=task, due_on=due)
        tell("information.asked", by=by, now=now, subject=request, url_name="referrals:information_request", case=case,
             service=asked, users=(person,) if person else (), detail=located(case.child, by.unit.name))  # fmt: skip
        if case.holder.service_id != asked.pk:
            tell("information.asked", by=by, now=now, subject=locked, url_name="referrals:outcome", case=case,
                 users=(case.holder.user_id,), service=case.holder.service_id,
                 detail=located(case.child, asked.name))  # fmt: skip
        audit.record(by, "information.asked", request, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"section": section_key})  # fmt: skip
    return request


def answer_information(
    *, request: InformationRequest, answer: str, by: Actor, now: dt.datetime | None = None
) -> InformationRequest:
    """The service asked answers; what was sent, with the answer added, becomes a new version of the snapshot.

    Raises ``Invalid`` for an empty or too long answer, ``MovedOn`` when someone else answered, the hospital no longer
    needs it, or consent no longer lets the service share it. A repeat by the same person changes nothing.
    """
    now = now or timezone.now()
    check(by, "request.answer", request)
    answer = answer.strip()
    if not answer:
        raise Invalid(answer=_("Skriv svaret."))
    check_length("answer", answer)
    with case_work(request.referral.case_id, by=by, now=now) as case:
        referral: Referral = states.lock(request.referral)
        locked: InformationRequest = states.lock(request)
        if locked.answered_at is not None:
            return _answered_already(locked, by)
        if locked.cancelled_at is not None or referral.state not in WITH_HOSPITAL:
            raise MovedOn(_("Sykehuset trenger ikke svaret lenger: henvisningen er avgjort eller trukket."))
        with as_job():
            if not may_be_shared(locked, referral, case, now):
                raise MovedOn(
                    _("Samtykket dekker ikke lenger at dere deler dette med sykehuset. Snakk med stafettholderen.")
                )
        locked.answer, locked.answered_at, locked.answered_by = answer, now, by.user
        locked.save(update_fields=["answer", "answered_at", "answered_by"])
        _close_section(locked)
        close_tasks(locked, now=now)
        end_deadlines(locked, on=today(now))
        audit.record(by, "information.answered", locked, case_id=case.pk, child_id=case.child_id, now=now)
        with as_job():
            snapshot = freeze_answer(locked, referral, case, by=by, now=now, edition=current_edition(case.community))
        tell("information.answered", by=by, now=now, subject=referral, url_name="referrals:intake_referral", case=case,
             service=referral.receiver_id, roles=HOSPITAL,
             users=(referral.reviewer.user_id,) if referral.reviewer else ())  # fmt: skip
        queue_rendering(snapshot)
    return locked


def cancel_requests(referral: Referral, case: Case, *, by: Actor, now: dt.datetime) -> int:
    """What intake still waits for falls away with the decision or the withdrawal; called under the case's lock."""
    return _cancel(InformationRequest.objects.filter(referral=referral), by=by, now=now)


def cancel_requests_to(service_id: uuid.UUID, referral: Referral, *, by: Actor, now: dt.datetime) -> int:
    """The same of the contributions of one service, which has left the case. The department that asked is told, and so
    are the one who reviews and those who sent it: nobody else answers in the service's place by itself."""
    theirs = InformationRequest.objects.filter(referral=referral, asked_service=service_id, contribution__isnull=False)
    fell = _cancel(theirs, by=by, now=now)
    if fell:
        case = referral.case
        tell("information.cancelled", by=by, now=now, subject=referral, url_name="referrals:intake_referral", case=case,
             service=referral.receiver_id, roles=HOSPITAL,
             detail=located(case.child, Service.objects.get(pk=service_id).name))  # fmt: skip
        tell_senders("information.cancelled", referral, case, by, now)
    return fell


def _cancel(found: "QuerySet[InformationRequest]", *, by: Actor, now: dt.datetime) -> int:
    requests = list(found.filter(answered_at__isnull=True, cancelled_at__isnull=True))
    for request in requests:
        close_tasks(request, now=now, reason="cancelled")
        request.cancelled_at, request.cancelled_by = now, by.user
        request.save(update_fields=["cancelled_at", "cancelled_by"])
        end_deadlines(request, on=today(now), met=False)
        _close_section(request)
    return len(requests)


def reopen_requests(referral: Referral, case: Case, at: dt.datetime, *, by: Actor, now: dt.datetime) -> int:
    """What fell away at an instant is asked again, when what closed it was wrong; called under the case's lock."""
    fell = InformationRequest.objects.filter(referral=referral, answered_at__isnull=True, cancelled_at=at)
    requests = list(fell.select_related("asked_in"))
    for request in requests:
        request.cancelled_at = request.cancelled_by = None
        request.save(update_fields=["cancelled_at", "cancelled_by"])
        if request.contribution_id and request.section_key:
            sections = ContributionSection.objects.filter(contribution=request.contribution_id, key=request.section_key)
            sections.update(reopened=True)
        person = referral.referrer.user_id if request.contribution_id is None and referral.referrer else None
        task = open_task("information.answer", by=by, now=now, service=request.asked_service_id, subject=request,
                         case=case, due_on=request.due_on, user_id=person,
                         detail=located(case.child, request.asked_in.name))  # fmt: skip
        start_deadline(RULE, case=case, subject=request, service=request.asked_service_id,
                       anchor_on=today(request.asked_at), task=task, due_on=request.due_on)  # fmt: skip
    return len(requests)


def _check_target(referral: Referral, contribution: Contribution | None, section_key: str) -> None:
    if contribution is None:
        if section_key:
            raise Invalid(target=_("Velg hvem dere spør."))
        return
    known = contribution.referral_id == referral.pk and contribution.stands
    sections = ContributionSection.objects.filter(contribution=contribution, key=section_key)
    if not known or (section_key and not sections.exists()):
        raise Invalid(target=_("Velg en tjeneste og en del av bidraget som står i henvisningen."))


def _answered_already(request: InformationRequest, by: Actor) -> InformationRequest:
    if by.user is not None and request.answered_by_id == by.user.pk:
        return request
    who = request.answered_by.name if request.answered_by else ""
    raise MovedOn(_("Spørsmålet er allerede besvart av %(who)s.") % {"who": who})


def _close_section(request: InformationRequest) -> None:
    """The section closes again when nothing more is asked about it."""
    others = InformationRequest.objects.filter(
        contribution=request.contribution_id, section_key=request.section_key, answered_at__isnull=True,
        cancelled_at__isnull=True,
    ).exclude(pk=request.pk)  # fmt: skip
    if request.contribution_id and not others.exists():
        ContributionSection.objects.filter(contribution=request.contribution_id, key=request.section_key).update(
            reopened=False
        )
