"""Starting a coordinated referral from the case (6.1), changing its own texts, and starting again after a decision."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import open_task
from cases.models import Case
from cases.protection import located
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn
from referrals.actions.conflict import TextConflict, lose, stale
from referrals.actions.held import being_made, check_length
from referrals.actions.turn import settle_turn
from referrals.models import Attachment, Consultation, Contribution, ContributionSection, Referral, UrgencyChange
from referrals.models.contribution import goes_along, standing
from referrals.states import CONTRIBUTION, OPEN, REFERRAL


def start_referral(
    *,
    case: Case,
    receiver: Service,
    by: Actor,
    questions: str = "",
    worry: str = "",
    why_specialist: str = "",
    urgency: str = Referral.Urgency.ORDINARY,
    urgency_reason: str = "",
    token: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> Referral:
    """Starts a referral to one receiving department. What the case holds is carried in by the snapshot, never retyped.

    ``token`` is the id the form was given, so that a double click starts one referral. When another than the holder
    starts it, the holder is told to collect. Raises ``MovedOn`` when an open referral to the department exists, or the
    case may not be shared yet; ``Invalid`` for a service that receives none, or urgency without a reason.
    """
    now = now or timezone.now()
    check(by, "referral.start", case)
    if not receiver.receives_referrals or not receiver.active:
        raise Invalid(receiver=_("Denne tjenesten tar ikke imot henvisninger."))
    _check_urgency(urgency, urgency_reason)
    with case_work(case, by=by, now=now) as case:
        if token and (existing := Referral.objects.filter(pk=token, case=case, started_by=by.user).first()):
            return existing
        if not case.may_be_shared:
            raise MovedOn(
                _("Foresatte må være informert før saken kan henvises, eller grunnen til at de ikke er det skrevet.")
            )
        if Referral.objects.filter(case=case, receiver=receiver, state__in=OPEN).exists():
            raise MovedOn(_("Det finnes allerede en åpen henvisning til %(receiver)s.") % {"receiver": receiver.name})
        assert by.user is not None
        assert by.service is not None
        referral = Referral(
            case=case,
            started_in=by.service,
            receiver=receiver,
            urgency=urgency,
            urgency_reason=urgency_reason,
            questions=questions,
            worry=worry,
            why_specialist=why_specialist,
            started_at=now,
            started_by=by.user,
        )
        if token:
            referral.pk = token
        referral.save(force_insert=True)
        states.begin(referral, REFERRAL, by=by, now=now, case_id=case.pk)
        audit.record(by, "referral.started", referral, case_id=case.pk, child_id=case.child_id, now=now)
        _tell_holder(referral, case, by, now)
    return referral


def change_texts(
    *,
    referral: Referral,
    by: Actor,
    version: int,
    questions: str,
    worry: str,
    why_specialist: str,
    urgency: str,
    urgency_reason: str,
    page: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> Referral:
    """Saves the referral's own texts while it is being made.

    ``version`` is the one the form was opened with, ``page`` the open page (see ``save_section``). A stale one keeps
    what was typed on the server, raises ``TextConflict`` and changes nothing. Raises ``Invalid`` per field, ``MovedOn``
    once sent.
    """
    now = now or timezone.now()
    check(by, "referral.edit", referral)
    _check_urgency(urgency, urgency_reason)
    typed = {"worry": worry, "questions": questions, "why_specialist": why_specialist}
    typed["urgency_reason"] = urgency_reason
    for field, text in typed.items():
        check_length(field, text)
    new = {
        "questions": questions,
        "worry": worry,
        "why_specialist": why_specialist,
        "urgency": urgency,
        "urgency_reason": urgency_reason if urgency == Referral.Urgency.URGENT else "",
    }
    conflict: TextConflict | None = None
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        locked = being_made(referral)
        if all(getattr(locked, name) == value for name, value in new.items()):
            return locked
        if stale(version, page, version=locked.text_version, written_in=locked.text_written_in):
            current = "\n\n".join(text for text in (locked.worry, locked.questions, locked.why_specialist) if text)
            conflict = TextConflict(current=current, version=locked.text_version, who="")
        else:
            for name, value in new.items():
                setattr(locked, name, value)
            locked.text_version, locked.text_written_in = locked.text_version + 1, page
            locked.save(update_fields=[*new, "text_version", "text_written_in"])
            audit.record(by, "referral.texts_changed", locked, case_id=case.pk, child_id=case.child_id, now=now)
    if conflict is not None:
        path = reverse("referrals:assemble", args=[referral.pk])
        lose(conflict, owner=by.person, path=path, fields=typed, label=_("Tekstene i henvisningen"), now=now)
    return locked


def resubmit(
    *, referral: Referral, receiver: Service, by: Actor, token: uuid.UUID | None = None, now: dt.datetime | None = None
) -> Referral:
    """Starts a new referral in the same thread after a decision or a withdrawal, carrying texts, contributions,
    attachments and consultations over.

    Contributions keep their writer and date; they are submitted already and can be reopened by their service. The
    urgency is the referrer's own, whatever the hospital made of it. The GP's assessment, the answer about emergency and
    the reasons for what is missing are not carried: they are given anew.
    """
    now = now or timezone.now()
    check(by, "referral.start", referral.case)
    with case_work(referral.case_id, by=by, now=now) as case:
        old = states.lock(referral)
        if old.state not in {Referral.State.DECIDED, Referral.State.WITHDRAWN}:
            raise MovedOn(_("Henvisningen er ikke avsluttet, så den kan ikke sendes på nytt."))
        made = start_referral(
            case=case,
            receiver=receiver,
            by=by,
            questions=old.questions,
            worry=old.worry,
            why_specialist=old.why_specialist,
            urgency=_urgency_asked(old),
            urgency_reason=old.urgency_reason,
            token=token,
            now=now,
        )
        if made.previous_id is None:
            made.previous = referral
            made.save(update_fields=["previous"])
            submitted = Contribution.objects.filter(standing(), referral=referral)
            copies = {c.pk: _carry_over(c, made, by, now) for c in submitted.prefetch_related("sections")}
            _carry_attachments(referral, made, copies)
            # The versions that were sent hold what they held; from now on it belongs to the referral being made.
            Consultation.objects.filter(referral=referral, error_at__isnull=True).update(referral=made)
            if copies:
                states.move(made, REFERRAL, Referral.State.COLLECTING, by=by, now=now, case_id=case.pk)
                settle_turn(made, case, by=by, now=now)
    return made


def _urgency_asked(old: Referral) -> str:
    """The urgency the referrer gave it."""
    changed = UrgencyChange.objects.filter(referral=old).first()
    return changed.from_urgency if changed else old.urgency


def _check_urgency(urgency: str, reason: str) -> None:
    if urgency not in Referral.Urgency.values:
        raise Invalid(urgency=_("Velg hastegrad."))
    if urgency == Referral.Urgency.URGENT and not reason.strip():
        raise Invalid(urgency_reason=_("Skriv hvorfor det haster."))


def _tell_holder(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """A referral started by another than the holder's service waits for the holder to collect contributions."""
    if by.service_id == case.holder.service_id:
        return
    open_task(
        "referral.collect",
        by=by,
        now=now,
        service=case.holder.service_id,
        subject=referral,
        case=case,
        user_id=case.holder.user_id,
        detail=located(case.child, referral.receiver.name),
    )


def _carry_attachments(old: Referral, new: Referral, copies: dict[uuid.UUID, Contribution]) -> None:
    """What went with the first referral goes with the next, unless taken out or marked feilregistrert since."""
    going = Attachment.objects.filter(goes_along(), referral=old)
    going = going.filter(detached_at__isnull=True, document__error_at__isnull=True)
    Attachment.objects.bulk_create(
        Attachment(
            referral=new,
            contribution=copies.get(row.contribution_id) if row.contribution_id else None,
            document_id=row.document_id,
            kind=row.kind,
            attached_at=row.attached_at,
            attached_by_id=row.attached_by_id,
        )
        for row in going
        if row.contribution_id is None or row.contribution_id in copies
    )


def _carry_over(old: Contribution, referral: Referral, by: Actor, now: dt.datetime) -> Contribution:
    copy = Contribution.objects.create(
        referral=referral,
        service_id=old.service_id,
        template=old.template,
        category=old.category,
        state=Contribution.State.SUBMITTED,
        request_text=old.request_text,
        due_on=old.due_on,
        statutory_basis_id=old.statutory_basis_id,
        sealed=old.sealed,
        requested_at=old.requested_at,
        requested_by_id=old.requested_by_id,
        submitted_at=old.submitted_at or old.delivered_at,
        submitted_by_id=old.submitted_by_id or old.delivered_by_id,
    )
    ContributionSection.objects.bulk_create(
        ContributionSection(
            contribution=copy,
            key=section.key,
            position=section.position,
            heading=section.heading,
            text=section.delivered_text if old.opened_again else section.text,
            version=section.version,
            written_at=section.written_at,
            written_by_id=section.written_by_id,
        )
        for section in old.sections.all()
    )
    states.begin(copy, CONTRIBUTION, by=by, now=now, case_id=referral.case_id, reason="carried_over")
    return copy
