"""Setting an obligation aside in one process, with a reason and a person; and taking it back."""

import datetime as dt
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, ObligationStatus, Waiver
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, said_already


def waive_obligation(
    *, case: Case, key: str, subject_id: uuid.UUID, reason: str, by: Actor, now: dt.datetime | None = None
) -> Waiver:
    """Sets an open obligation of one process (the case, a referral, a consultation) aside. Met ones cannot be.

    A repeat of the same words by the same person gives the first waiver back. Raises ``Invalid`` without a reason,
    ``MovedOn`` when the obligation is not open, or has been set aside already.
    """
    now = now or timezone.now()
    check(by, "case.waive", case)
    reason = reason.strip()
    if not reason:
        raise Invalid(reason=_("Skriv hvorfor plikten settes til side."))
    assert by.user is not None
    with case_work(case, by=by, now=now, access=False) as case:
        standing = _standing(case, key, subject_id)
        if standing is not None:
            if said_already(standing, {"waived_by": by.user, "reason": reason}):
                return standing
            raise MovedOn(_("%(who)s har allerede satt plikten til side.") % {"who": standing.waived_by.name})
        status = ObligationStatus.objects.filter(case=case, subject_id=subject_id, key=key).first()
        if status is None or status.state != ObligationStatus.State.OPEN:
            raise MovedOn(_("Plikten gjenstår ikke lenger, så det er ikke noe å sette til side."))
        made = Waiver.objects.create(
            case=case, subject_id=subject_id, key=key, reason=reason, waived_at=now, waived_by=by.user
        )
        audit.record(
            by, "obligation.waived", made, case_id=case.pk, child_id=case.child_id, now=now, detail={"key": key}
        )
    return made


def reopen_obligation(
    *, case: Case, key: str, subject_id: uuid.UUID, by: Actor, now: dt.datetime | None = None
) -> Waiver | None:
    """Takes the waiver back: the obligation counts again from now. None when it was taken back already."""
    now = now or timezone.now()
    check(by, "case.waive", case)
    with case_work(case, by=by, now=now, access=False) as case:
        standing = _standing(case, key, subject_id)
        if standing is None:
            return None
        standing.reopened_at, standing.reopened_by = now, by.user
        standing.save(update_fields=["reopened_at", "reopened_by"])
        audit.record(
            by, "obligation.reopened", standing, case_id=case.pk, child_id=case.child_id, now=now, detail={"key": key}
        )
    return standing


def _standing(case: Case, key: str, subject_id: uuid.UUID) -> Waiver | None:
    found = Waiver.objects.filter(case=case, key=key, subject_id=subject_id, reopened_at__isnull=True)
    return found.select_related("waived_by").first()
