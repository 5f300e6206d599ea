"""Opening the attachments of a referral: by their contributor, the referrer, and the department as it was sent."""

from django.db.models import Q
from django.utils import timezone

from cases.document_access import add_rule
from cases.models import CaseAccess, Document, Scope
from cases.role_scopes import opens
from portal.context import Actor
from referrals.models import Attachment, Contribution, Snapshot
from referrals.models.contribution import goes_along
from referrals.states import BEING_MADE


@add_rule
def by_contributor(actor: Actor, document: Document) -> str:
    """A service opens what it sent with its own contribution."""
    if document.service_id != actor.service_id or not _in_force(actor, document, Scope.CONTRIBUTION):
        return ""
    mine = Attachment.objects.filter(document=document, contribution__service_id=actor.service_id).exclude(
        contribution__state=Contribution.State.CANCELLED
    )
    return "contribution" if mine.exists() else ""


@add_rule
def by_referrer(actor: Actor, document: Document) -> str:
    """The referrer opens what is sealed to them, where consent covers its category; others open by the case."""
    if not _in_force(actor, document, f"items_{document.category}"):
        return ""
    asked = Attachment.objects.filter(
        goes_along(),
        document=document,
        detached_at__isnull=True,
        referral__referrer__service_id=actor.service_id,
        referral__state__in=BEING_MADE,
    )
    return "referrer" if asked.exists() else ""


@add_rule
def by_what_was_sent(actor: Actor, document: Document) -> str:
    """The receiving department, and whoever sent it, open the attachments of a frozen version: those and no others."""
    if not _in_force(actor, document, Scope.REFERRAL):
        return ""
    sent = Snapshot.objects.filter(
        Q(referral__receiver_id=actor.service_id) | Q(referral__referrer__service_id=actor.service_id),
        referral__case_id=document.case_id,
        referral__withdrawn_at__isnull=True,
        content__attachments__contains=[{"document_id": str(document.pk)}],
    )
    return "receiver" if sent.exists() else ""


def _in_force(actor: Actor, document: Document, scope: str) -> bool:
    return opens(actor.role, scope) and (
        CaseAccess.objects.in_force(timezone.now())
        .filter(case_id=document.case_id, principal_id__in=actor.principals, scope=scope)
        .exists()
    )
