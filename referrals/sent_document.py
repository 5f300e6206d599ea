"""Reading what was sent: a frozen version for those who may, whole or in part; and the draft before that."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guideline.editions import current_edition, edition_by_hash
from guideline.errors import EditionMissing
from guideline.schema import Edition
from portal import audit
from portal.access import Denied, Refusal
from portal.models import AuditEvent
from portal.rights import can
from referrals.access import ReferralViewer
from referrals.models import Referral, RenderedDocument, Snapshot
from referrals.snapshot import build, seen_by

# A PDF that is not ready after this has met a problem; people are told, and how to manage without.
LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class SentDocument:
    """One version as a viewer may read it. ``whole``: nothing was taken out for this viewer."""

    snapshot: Snapshot | None
    content: dict[str, Any]
    whole: bool
    versions: list[Snapshot]

    @property
    def version(self) -> int:
        """The number of the version; 0 for a draft."""
        return self.snapshot.version if self.snapshot else 0

    @property
    def newest(self) -> bool:
        """Whether this is the version that holds."""
        return not self.versions or self.version == self.versions[-1].version

    @property
    def late(self) -> bool:
        """Whether its PDF should have been ready long ago."""
        return self.snapshot is not None and timezone.now() - self.snapshot.frozen_at > LATE


def check_reading(seen: ReferralViewer, what: str) -> None:
    """Raises ``Denied`` unless the actor may read the referral: those in the case, the sender, or the department that
    has it. A withdrawn one is closed to the department."""
    referral, actor = seen.referral, seen.actor
    refusal = Refusal(what, "referrals.referral", referral.pk, seen.case.pk)
    if actor.service_id == referral.receiver_id and referral.sent_at is not None:
        if referral.state == Referral.State.WITHDRAWN:
            raise Denied(_("Henvisningen er trukket og kan ikke leses lenger."), refusal)
        if can(actor, "intake.read", referral):
            return
    elif can(actor, "referral.read", referral):
        return
    raise Denied(_("Rollen din gir ikke innsyn i henvisningen."), refusal)


def document_of(seen: ReferralViewer, version: int | None = None) -> SentDocument | None:
    """A version that was sent, the newest unless one is named; None when there is none. Two statements."""
    versions = list(seen.referral.snapshots.select_related("frozen_by").defer("content").order_by("version"))
    chosen = (
        next((row for row in versions if row.version == version), None)
        if version
        else versions[-1]
        if versions
        else None
    )
    if chosen is None:
        return None
    # The deferred content is read here, for the one version that is shown.
    content = seen_by(chosen.content, seen.viewer, seen.referral)
    return SentDocument(chosen, content, content == chosen.content, versions)


def draft_of(seen: ReferralViewer) -> SentDocument:
    """The referral as it would be now, of what the viewer may see."""
    edition = current_edition(seen.case.community)
    content = build(seen.referral, seen.case, edition=edition, viewer=seen.viewer)
    hidden = content["hidden"] or any(row["hidden"] for row in content["contributions"])
    return SentDocument(None, content, not hidden, [])


def edition_of(document: SentDocument, seen: ReferralViewer) -> Edition:
    """The edition a version was written under; the current one for a draft, or where the old one is gone."""
    if document.snapshot is None:
        return current_edition(seen.case.community)
    try:
        return edition_by_hash(document.snapshot.edition_sha)
    except EditionMissing:
        return current_edition(seen.case.community)


def rendered(document: SentDocument) -> RenderedDocument | None:
    """The stored PDF of a version, or None while it is being made. One statement."""
    return RenderedDocument.objects.filter(snapshot=document.snapshot).first() if document.snapshot else None


def is_rendered(document: SentDocument) -> bool:
    """Whether the PDF of a version is stored, without reading its bytes."""
    return document.snapshot is not None and RenderedDocument.objects.filter(snapshot=document.snapshot).exists()


def record_reading(seen: ReferralViewer, what: str) -> None:
    """Leaves the event that the referral was looked at, where opening it left none."""
    audit.record_read(
        seen.actor,
        what,
        seen.referral,
        case_id=seen.case.pk,
        child_id=seen.case.child_id,
        basis=seen.viewer.basis,
        decision=seen.viewer.decision,
    )


def record_export(seen: ReferralViewer, what: str, document: SentDocument) -> None:
    """Leaves the event that the referral was taken out of the portal. The only one: whoever opens for this asks for
    none."""
    audit.record(
        seen.actor,
        what,
        document.snapshot or seen.referral,
        kind=AuditEvent.Kind.EXPORT,
        case_id=seen.case.pk,
        child_id=seen.case.child_id,
        basis=seen.viewer.basis,
        decision=seen.viewer.decision,
        detail={"version": document.version},
    )
