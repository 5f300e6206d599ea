"""Attachments: a document the case already has, or one uploaded with a contribution; taken out again before sending."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import viewer_of
from cases.actions.documents import store_document
from cases.actions.errors import mark_error
from cases.casework import case_work
from cases.models import Case, Document
from guideline.editions import current_edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn
from referrals.actions.held import undecided
from referrals.actions.turn import AWAITED
from referrals.models import Attachment, Contribution, Referral


def attach_document(
    *, referral: Referral, document: Document, kind: str, by: Actor, now: dt.datetime | None = None
) -> Attachment:
    """Attaches a document of the case, as it is, to the referral. Twice is once.

    While the hospital has the referral, it goes along with the next version. Only what the actor may open can be
    attached, and nothing feilregistrert. Raises ``Invalid``; ``MovedOn`` when it is decided or withdrawn.
    """
    now = now or timezone.now()
    check(by, "referral.edit", referral)
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        locked = undecided(referral)
        _check_kind(case, kind)
        viewer = viewer_of(by, case, now)
        seen = viewer.sees(document.service_id, document.category, sealed=document.sealed)
        if document.case_id != case.pk or document.in_error or not seen:
            raise Invalid(document=_("Velg et dokument i saken som du har innsyn i."))
        return _attach(locked, document, kind, None, case, by, now)


def upload_attachment(
    *,
    contribution: Contribution,
    data: bytes,
    file_name: str,
    declared_type: str = "",
    title: str,
    kind: str,
    by: Actor,
    now: dt.datetime | None = None,
) -> Attachment:
    """Stores a PDF or picture as the service's own document and lets it go with the contribution, sealed until that is
    submitted (``seal_attachments``).

    Checked as ``cases.actions.documents`` does (``Invalid(file=…)``). Raises ``MovedOn`` when the contribution is
    submitted, or the referral decided or withdrawn.
    """
    now = now or timezone.now()
    check(by, "contribution.write", contribution)
    with case_work(contribution.referral.case_id, by=by, now=now, access=False) as case:
        referral = undecided(contribution.referral)
        held: Contribution = states.lock(contribution)
        if held.state not in AWAITED:
            raise MovedOn(_("Bidraget er levert. Åpne det igjen før du legger ved noe."))
        _check_kind(case, kind)
        document = store_document(
            case=case,
            data=data,
            file_name=file_name,
            declared_type=declared_type,
            title=title,
            category=held.category,
            # A draft is its writers' own: nobody else sees it before it is delivered.
            sealed=True,
            by=by,
            now=now,
        )
        return _attach(referral, document, kind, held, case, by, now)


def detach(*, attachment: Attachment, by: Actor, reason: str = "", now: dt.datetime | None = None) -> Attachment:
    """Takes an attachment out of what is sent next; one uploaded with a contribution is also marked feilregistrert.

    What went with a version stays in that version. A document of the case stays in the case. A repeat is harmless.
    """
    now = now or timezone.now()
    own = attachment.contribution
    check(by, "contribution.write" if own else "referral.edit", own or attachment.referral)
    with case_work(attachment.referral.case_id, by=by, now=now, access=False) as case:
        undecided(attachment.referral)
        if own and states.lock(own).state not in AWAITED:
            raise MovedOn(_("Bidraget er levert. Åpne det igjen før du fjerner noe."))
        locked: Attachment = states.lock(attachment)
        if locked.detached_at is not None:
            return locked
        locked.detached_at, locked.detached_by = now, by.user
        locked.save(update_fields=["detached_at", "detached_by"])
        audit.record(by, "attachment.detached", locked, case_id=case.pk, child_id=case.child_id, now=now)
        if own and attachment.document.service_id == by.service_id:
            why = reason.strip() or _("Fjernet fra bidraget før det ble levert")
            mark_error(entry=attachment.document, reason=why, by=by, now=now)
    return locked


def seal_attachments(contribution: Contribution, *, sealed: bool) -> None:
    """What went with a contribution is as sealed as the contribution; called under the case's lock."""
    documents = Attachment.objects.filter(contribution=contribution, detached_at__isnull=True).values("document_id")
    Document.objects.filter(pk__in=documents).update(sealed=sealed)


def _attach(
    referral: Referral,
    document: Document,
    kind: str,
    contribution: Contribution | None,
    case: Case,
    by: Actor,
    now: dt.datetime,
) -> Attachment:
    standing = Attachment.objects.filter(referral=referral, document=document, detached_at__isnull=True).first()
    if standing is not None:
        return standing
    assert by.user is not None
    made = Attachment.objects.create(
        referral=referral, contribution=contribution, document=document, kind=kind, attached_at=now, attached_by=by.user
    )
    audit.record(
        by,
        "attachment.added",
        made,
        case_id=case.pk,
        child_id=case.child_id,
        now=now,
        detail={"kind": kind, "document": str(document.pk)},
    )
    return made


def _check_kind(case: Case, kind: str) -> None:
    if kind not in dict(current_edition(case.community).choices("attachment_kind")):
        raise Invalid(kind=_("Velg hva slags vedlegg det er."))
