"""Recording a further concern (undring) in a case that is open already."""

import datetime as dt

from django.utils import timezone

from cases.casework import case_work
from cases.models import Case, Concern
from portal import audit
from portal.context import Actor
from portal.rights import check


def record_concern(
    *,
    case: Case,
    seen_and_heard: str,
    how_long: str,
    shared_with: str,
    by: Actor,
    earlier_concern: str = "",
    now: dt.datetime | None = None,
) -> Concern:
    """Adds what was seen and heard; a repeat of all the same words by the same person returns the first row (double
    click)."""
    now = now or timezone.now()
    check(by, "case.record_concern", case)
    assert by.user is not None
    assert by.membership is not None
    with case_work(case, by=by, now=now, access=False) as case:
        columns = {
            "service": by.membership.service,
            "seen_and_heard": seen_and_heard,
            "how_long": how_long,
            "shared_with": shared_with,
            "earlier_concern": earlier_concern,
            "recorded_by": by.user,
        }
        same = Concern.objects.filter(case=case, error_at__isnull=True, **columns).first()
        if same is not None:
            return same
        concern = Concern.objects.create(case=case, recorded_at=now, **columns)
        audit.record(by, "case.concern_recorded", concern, case_id=case.pk, child_id=case.child_id, now=now)
    return concern
