"""Consultation before referral (6.1.4): asked, answered, recorded afterwards, attached to the referral as it is."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import WORKING, close_tasks, end_deadlines, open_task, start_deadline, tell
from cases.models import Case, Category
from cases.protection import located
from cases.sharing import SharingFacts
from guideline.deadlines import due_on as compute_due
from guideline.editions import current_edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, begin, move
from portal.timeframe import today
from referrals.actions.held import being_made
from referrals.models import Consultation, Referral
from referrals.roles import HOSPITAL
from referrals.states import CONSULTATION, WITH_HOSPITAL

K = Consultation.State


@dataclass(frozen=True)
class Talk:
    """What a consultation came to: the answer with its reasons, how and when it was held, and who answered."""

    answer: str
    answer_text: str = ""
    other_unit: Service | None = None
    held: str = Consultation.Held.PORTAL
    held_on: dt.date | None = None
    answered_by_name: str = ""

    def fields(self, now: dt.datetime, who: str) -> dict[str, Any]:
        """The model's fields; raises ``Invalid`` per field where the answer is not whole."""
        day = self.held_on or today(now)
        if self.answer not in Consultation.Answer.values or not self.answer:
            raise Invalid(answer=_("Velg et svar."))
        if self.answer == Consultation.Answer.OTHER_UNIT and self.other_unit is None and not self.answer_text.strip():
            raise Invalid(answer_text=_("Skriv hvilken enhet som passer bedre."))
        if self.held not in Consultation.Held.values:
            raise Invalid(held=_("Velg hvordan dere drøftet."))
        if day > today(now):
            raise Invalid(held_on=_("Datoen kan ikke være fram i tid."))
        return {
            "answer": self.answer,
            "answer_text": self.answer_text.strip(),
            "other_unit": self.other_unit if self.answer == Consultation.Answer.OTHER_UNIT else None,
            "held": self.held,
            "held_on": day,
            "answered_by_name": self.answered_by_name.strip() or who,
        }


def ask_department(
    *, case: Case, department: Service, question: str, by: Actor, nameless: bool = True, age_group: str = "",
    token: uuid.UUID | None = None, now: dt.datetime | None = None,
) -> Consultation:  # fmt: skip
    """Asks a department whether to refer or use other measures. Nameless unless the asker says otherwise.

    ``token`` is the id the form was given: a double click asks once. The department is told nothing that tells
    which case a nameless consultation belongs to. Raises ``Invalid`` per field, for a named one also where nothing lets
    the department know of the child's health; ``MovedOn`` for a named one before the parents know.
    """
    now = now or timezone.now()
    check(by, "consultation.ask", case)
    _answers_consultations(department)
    if not question.strip():
        raise Invalid(question=_("Skriv hva dere vil drøfte."))
    with case_work(case, by=by, now=now, access=not nameless) as case:
        if token and (existing := Consultation.objects.filter(pk=token, case=case, asked_by=by.user).first()):
            return existing
        _may_be_named(case, department, nameless, now)
        due = compute_due(current_edition(case.community).deadlines["consultation_answer"], today(now))
        assert due is not None
        assert by.user is not None
        assert by.service is not None
        made = Consultation(case=case, department=department, question=question.strip(), nameless=nameless,
                            age_group=age_group, asked_in=by.service, asked_at=now, asked_by=by.user,
                            due_on=due)  # fmt: skip
        _insert(made, token)
        begin(made, CONSULTATION, by=by, now=now, case_id=case.pk)
        audit.record(by, "consultation.asked", made, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"nameless": nameless})  # fmt: skip
        shown = None if nameless else case
        task = open_task("consultation.answer", by=by, now=now, service=department, subject=made, due_on=due,
                         case=shown, detail=located(case.child, by.service.name))  # fmt: skip
        start_deadline("consultation_answer", case=case, subject=made, service=department, anchor_on=today(now),
                       task=task)  # fmt: skip
        tell("consultation.asked", by=by, now=now, subject=made, url_name="referrals:consultation", case=shown,
             service=department, roles=HOSPITAL, detail=located(case.child, by.service.name))  # fmt: skip
    return made


def answer_consultation(
    *, consultation: Consultation, answer: str, answer_text: str, by: Actor, other_unit: Service | None = None,
    now: dt.datetime | None = None,
) -> bool:  # fmt: skip
    """The department answers in the portal; the asker and the holder are told. A repeat changes nothing (False)."""
    now = now or timezone.now()
    check(by, "consultation.answer", consultation)
    if not answer_text.strip():
        raise Invalid(answer_text=_("Skriv kort hvorfor, og hva dere råder til."))
    return _close(consultation, Talk(answer, answer_text, other_unit), by, now)


def record_answer(*, consultation: Consultation, talk: Talk, by: Actor, now: dt.datetime | None = None) -> bool:
    """Either side records that a consultation asked here was answered by phone, message or family meeting.

    It counts as answered on the day it was held. A repeat by the same person changes nothing (False).
    """
    now = now or timezone.now()
    check(by, "consultation.record", consultation)
    return _close(consultation, talk, by, now)


def record_consultation(
    *, case: Case, department: Service, question: str, talk: Talk, by: Actor, nameless: bool = True,
    token: uuid.UUID | None = None, now: dt.datetime | None = None,
) -> Consultation:  # fmt: skip
    """The municipality records one held by phone, message or family meeting; it counts as answered.

    Nameless unless the one who records it says otherwise, as in ``ask_department``.
    """
    now = now or timezone.now()
    check(by, "consultation.ask", case)
    _answers_consultations(department)
    fields = talk.fields(now, who="")
    if not question.strip():
        raise Invalid(question=_("Skriv kort hva dere drøftet."))
    assert by.user is not None
    assert by.service is not None
    with case_work(case, by=by, now=now, access=not nameless) as case:
        if token and (existing := Consultation.objects.filter(pk=token, case=case, asked_by=by.user).first()):
            return existing
        _may_be_named(case, department, nameless, now)
        made = Consultation(
            case=case, department=department, question=question.strip(), nameless=nameless, asked_in=by.service,
            state=K.ANSWERED, asked_at=now, asked_by=by.user, answered_at=now, answered_by=by.user,
            due_on=fields["held_on"], **fields,
        )  # fmt: skip
        _insert(made, token)
        begin(made, CONSULTATION, by=by, now=now, case_id=case.pk)
        audit.record(by, "consultation.recorded", made, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"held": talk.held, "answer": talk.answer})  # fmt: skip
    return made


def record_as_department(
    *, department: Service, asked_in: Service, question: str, talk: Talk, by: Actor, age_group: str = "",
    token: uuid.UUID | None = None, now: dt.datetime | None = None,
) -> Consultation:  # fmt: skip
    """The department records a nameless consultation it gave a municipality; counted also when it ends there.

    It belongs to no case until the municipality attaches it to one. Those who work with children in the service that
    asked are told.
    """
    now = now or timezone.now()
    check(by, "consultation.register")
    if by.service_id != department.pk:
        raise Invalid(department=_("Du kan bare registrere drøftinger for din egen avdeling."))
    fields = talk.fields(now, who=by.name)
    if not question.strip():
        raise Invalid(question=_("Skriv kort hva dere drøftet."))
    assert by.user is not None
    if token and (existing := Consultation.objects.filter(pk=token, asked_by=by.user).first()):
        return existing
    made = Consultation(
        department=department, question=question.strip(), nameless=True, asked_in=asked_in, age_group=age_group,
        state=K.ANSWERED, asked_at=now, asked_by=by.user, answered_at=now, answered_by=by.user,
        due_on=fields["held_on"], **fields,
    )  # fmt: skip
    _insert(made, token)
    begin(made, CONSULTATION, by=by, now=now)
    audit.record(by, "consultation.recorded", made, now=now, detail={"held": talk.held, "answer": talk.answer})
    tell("consultation.answered", by=by, now=now, subject=made, url_name="referrals:consultation", service=asked_in,
         roles=WORKING, detail=department.name)  # fmt: skip
    return made


def attach_consultation(
    *, consultation: Consultation, referral: Referral, by: Actor, now: dt.datetime | None = None
) -> Consultation:
    """Attaches an answered consultation to a referral of the same case, without retyping.

    One that the department recorded without a case, for the holder's own service, gets the case in the same step.
    Raises ``MovedOn`` when it is not answered, belongs elsewhere or to a referral that the hospital has, or the
    referral is sent.
    """
    now = now or timezone.now()
    check(by, "consultation.attach", referral)
    with case_work(referral.case_id, by=by, now=now) as case:
        locked: Consultation = states.lock(consultation)
        ours = locked.case_id is None and locked.asked_in_id == case.holder.service_id
        if (locked.case_id != case.pk and not ours) or locked.state != K.ANSWERED or locked.in_error:
            raise MovedOn(_("Bare en besvart drøfting i samme sak kan legges ved."))
        fresh = being_made(referral)
        if locked.referral_id == fresh.pk:
            return locked
        if locked.referral is not None and locked.referral.state in WITH_HOSPITAL:
            raise MovedOn(
                _("Drøftingen følger allerede med henvisningen til %(name)s.") % {"name": locked.referral.receiver.name}
            )
        locked.case, locked.referral, locked.attached_at, locked.attached_by = case, fresh, now, by.user
        locked.save(update_fields=["case", "referral", "attached_at", "attached_by"])
        audit.record(by, "consultation.attached", locked, case_id=case.pk, child_id=case.child_id, now=now)
    return locked


def _close(consultation: Consultation, talk: Talk, by: Actor, now: dt.datetime) -> bool:
    fields = talk.fields(now, who=by.name if by.service_id == consultation.department_id else "")
    if consultation.case_id is None:
        # Without a case only what the department itself recorded, which is answered.
        raise MovedOn(_("Drøftingen er allerede besvart."))
    assert by.user is not None
    day: dt.date = fields["held_on"]
    if day < timezone.localdate(consultation.asked_at):
        raise Invalid(held_on=_("Datoen kan ikke være før dere spurte."))
    with case_work(consultation.case_id, by=by, now=now, access=False, outside=True) as case:
        done = move(consultation, CONSULTATION, K.ANSWERED, by=by, now=now, case_id=case.pk, answered_at=now,
                    answered_by=by.user, **fields)  # fmt: skip
        if done:
            close_tasks(consultation, now=now)
            end_deadlines(consultation, on=day)
            tell("consultation.answered", by=by, now=now, subject=consultation, url_name="referrals:consultation",
                 case=case, users=tuple({consultation.asked_by_id, case.holder.user_id}),
                 detail=located(case.child, consultation.department.name))  # fmt: skip
    return done


def _answers_consultations(department: Service) -> None:
    if not department.receives_referrals or not department.active:
        raise Invalid(department=_("Denne tjenesten svarer ikke på drøftinger."))


def _may_be_named(case: Case, department: Service, nameless: bool, now: dt.datetime) -> None:
    """A child's name tells the department that the child is talked about, so it takes what sharing health takes."""
    if nameless:
        return
    if not case.may_be_shared:
        raise MovedOn(_("Foresatte er ikke informert. Du kan drøfte uten navn."))
    with as_job():
        basis = SharingFacts(case).basis(department.pk, Category.HEALTH, now)
    if not basis.allowed:
        raise Invalid(
            nameless=_("%(why)s Drøft uten navn, eller registrer samtykket først.") % {"why": basis.explanation}
        )


def _insert(consultation: Consultation, token: uuid.UUID | None) -> None:
    if token:
        consultation.pk = token
    consultation.save(force_insert=True)
