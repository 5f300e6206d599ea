"""Fetching referrals and contributions through access: strangers meet 404, every reading leaves its access event."""

import uuid
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from cases.access import READ_WITH, Viewer, viewer_of
from cases.models import Case, Document, Scope
from cases.turned_away import turned_away
from portal import audit
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor
from portal.together import Rows
from referrals.models import Attachment, Contribution, ContributionSection, Referral
from referrals.states import BEING_MADE


@dataclass(frozen=True)
class ReferralViewer:
    """An actor looking at one referral, and what the acting service may see of its case."""

    viewer: Viewer
    referral: Referral

    @property
    def actor(self) -> Actor:
        """Who looks."""
        return self.viewer.actor

    @property
    def case(self) -> Case:
        """The case, with child, community, municipality and holder read."""
        return self.viewer.case

    @property
    def is_referrer(self) -> bool:
        """Whether the acting service is the one asked to assess and finalise."""
        referrer = self.referral.referrer
        return referrer is not None and referrer.service_id == self.actor.service_id


def referrals() -> "QuerySet[Referral]":
    """Referrals with what every page of one shows."""
    return Referral.objects.select_related(
        "receiver__organisation",
        "started_in__organisation",
        "referrer__user",
        "referrer__service__organisation",
        "sent_by",
        "previous",
        *(f"case__{name}" for name in READ_WITH),
    )


def open_referral(
    actor: Actor, referral_id: uuid.UUID, what: str, *, scopes: tuple[str, ...] = (Scope.CASE,), recorded: bool = True
) -> ReferralViewer:
    """A referral for reading, with its access event. Three statements.

    The case's own people by default; with ``Scope.REFERRAL`` also the receiving department and the one who sent it.
    ``recorded`` is False where nobody reads anew: a page that polls or saves itself has left its event already.
    Raises ``Stranger``; ``Denied`` for a role that its service's place does not open to.
    """
    referral = next(iter(_referral(referral_id=referral_id)), None)
    message = _("Rollen din gir ikke innsyn i henvisningen. Andre i tjenesten kan ha det.")
    if referral is None:
        raise turned_away(actor, what, Referral, referral_id, scopes=scopes, message=message)
    viewer = viewer_of(actor, referral.case)
    if not _admitted(viewer, viewer.scopes, referral, scopes):
        refusal = Refusal(what, "referrals.referral", referral.pk, referral.case_id)
        if _admitted(viewer, viewer.withheld, referral, scopes):
            raise Denied(message, refusal)
        raise Stranger(refusal)
    if recorded:
        audit.record_read(
            actor,
            what,
            referral,
            case_id=referral.case_id,
            child_id=referral.case.child_id,
            basis=viewer.basis,
            decision=viewer.decision,
        )
    return ReferralViewer(viewer, referral)


@Rows
def _referral(*, referral_id: uuid.UUID) -> "QuerySet[Referral]":
    return referrals().filter(pk=referral_id)


def _admitted(viewer: Viewer, has: frozenset[str], referral: Referral, scopes: tuple[str, ...]) -> bool:
    """Whether what the service has opens this referral: the scope of another in the same case opens nothing here."""
    found, own = has & set(scopes), viewer.actor.service_id
    if found - {Scope.REFERRAL}:
        return True
    if referral.sent_at is None and own == referral.receiver_id:
        # Another referral that the department has had opens nothing of one that is not sent.
        return False
    refers = referral.referrer is not None and referral.referrer.service_id == own
    # Not sent: only where the referrer has its place by the reason for lacking consent (``grants``).
    refers = refers and (referral.sent_at is not None or _by_reason(referral))
    return bool(found) and (refers or own == referral.receiver_id)


def _by_reason(referral: Referral) -> bool:
    return bool(referral.missing_consent_reason) and referral.state in BEING_MADE


def referrals_of(case: Case) -> "QuerySet[Referral]":
    """The referrals of a case, newest first, with their contributions. Two statements."""
    asked = Contribution.objects.exclude(state=Contribution.State.CANCELLED).select_related("service")
    return (
        Referral.objects.filter(case=case)
        .select_related("receiver", "referrer__user", "referrer__service", "previous")
        .prefetch_related(Prefetch("contributions", asked.order_by("service__sort_key", "requested_at")))
    )


def open_contribution(
    actor: Actor, contribution_id: uuid.UUID, what: str = "contribution.page", *, recorded: bool = True
) -> Contribution:
    """A contribution for the service that was asked, with its access event. Three statements.

    Its writer sees what the referral asks of them and no more of the case. ``recorded`` is False for a page that saves
    itself. Raises ``Stranger``.
    """
    contribution = (
        Contribution.objects.select_related(
            "service",
            "submitted_by",
            "declined_by",
            "statutory_basis",
            "referral__receiver__organisation",
            "referral__referrer__service",
            *(f"referral__case__{name}" for name in READ_WITH),
        )
        .filter(pk=contribution_id)
        .first()
    )
    places, message = (
        (Scope.CONTRIBUTION, Scope.CASE),
        _("Rollen din gir ikke innsyn i bidraget. Andre i tjenesten kan ha det."),
    )
    if contribution is None:
        raise turned_away(actor, what, Contribution, contribution_id, scopes=places, message=message)
    case = contribution.referral.case
    viewer = viewer_of(actor, case)
    refusal = Refusal(what, "referrals.contribution", contribution.pk, case.pk)
    if contribution.service_id != actor.service_id or not (viewer.scopes | viewer.withheld) & set(places):
        raise Stranger(refusal)
    if not viewer.scopes & set(places):
        raise Denied(message, refusal)
    if recorded:
        audit.record_read(actor, what, contribution, case_id=case.pk, child_id=case.child_id, basis="contribution")
    # Whether the page may also lead to the case.
    contribution.scopes = viewer.scopes
    return contribution


def open_asked(actor: Actor, contribution_id: uuid.UUID, what: str) -> tuple[Contribution, ReferralViewer]:
    """A contribution for those who collect it: the case's own people, through its referral. Raises ``Stranger``."""
    contribution = Contribution.objects.select_related("service").filter(pk=contribution_id).first()
    if contribution is None:
        raise turned_away(actor, what, Contribution, contribution_id)
    seen = open_referral(actor, contribution.referral_id, what)
    contribution.referral = seen.referral
    return contribution, seen


def sections_of(contribution: Contribution) -> list[ContributionSection]:
    """The sections of a contribution in order, each knowing it. One statement."""
    sections = list(ContributionSection.objects.filter(contribution=contribution).select_related("written_by"))
    for section in sections:
        section.contribution = contribution
    return sections


def section_of(contribution: Contribution, key: str) -> ContributionSection:
    """One section by its key. Raises ``Stranger``."""
    section = next((row for row in sections_of(contribution) if row.key == key), None)
    if section is None:
        raise Stranger()
    return section


def attachments_of(contribution: Contribution) -> list[Attachment]:
    """What goes with a contribution now. One statement."""
    rows = list(
        Attachment.objects.filter(
            contribution=contribution, detached_at__isnull=True, document__error_at__isnull=True
        ).select_related("document__service")
    )
    for row in rows:
        row.contribution, row.referral = contribution, contribution.referral
    return rows


def attachment_in(
    referral: Referral | None, attachment_id: uuid.UUID, contribution: Contribution | None = None
) -> Attachment:
    """One attachment of a referral or a contribution that is open to the reader already. Raises ``Stranger``."""
    attachment = Attachment.objects.select_related("document").filter(pk=attachment_id).first()
    if attachment is None:
        raise Stranger()
    if contribution is not None and attachment.contribution_id == contribution.pk:
        attachment.contribution, attachment.referral = contribution, contribution.referral
    elif referral is not None and attachment.referral_id == referral.pk:
        attachment.referral = referral
    else:
        raise Stranger()
    attachment.document.case = attachment.referral.case
    return attachment


def attachable(viewer: Viewer, referral: Referral) -> list[Document]:
    """Documents of the case that the viewer sees and that are not attached yet. One statement."""
    attached = Attachment.objects.filter(referral=referral, detached_at__isnull=True).values("document_id")
    documents = (
        Document.objects.filter(case=viewer.case, error_at__isnull=True)
        .exclude(pk__in=attached)
        .select_related("service")
    )
    return [d for d in documents if viewer.sees(d.service_id, d.category, sealed=d.sealed)]
