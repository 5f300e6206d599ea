"""What has come after a referral was sent and waits for the next version: a new version is an act of whoever refers."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.together import Together
from referrals.models import Attachment, Contribution, GpAssessment, Referral
from referrals.models.contribution import goes_along
from referrals.states import WITH_HOSPITAL


def waiting_parts(referral: Referral, since: dt.datetime) -> list[str]:
    """One line for each part that came after the newest version, frozen at ``since``; what stands there is not told.

    Empty unless the hospital has the referral. One statement at most.
    """
    if referral.state not in WITH_HOSPITAL:
        return []
    found = _read(referral_id=referral.pk, since=since)
    lines = [_("Vurdering fra fastlege") for _row in found["gp"]]
    lines += [_("Bidrag fra %(service)s") % {"service": row.service.name} for row in found["submitted"]]
    lines += [_("%(service)s bidrar ikke") % {"service": row.service.name} for row in found["declined"]]
    return lines + [_("Vedlegg fra %(service)s") % {"service": row.document.service.name} for row in found["attached"]]


@Together
def _read(*, referral_id: uuid.UUID, since: dt.datetime) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """What was completed, submitted, declined and attached after an instant."""
    asked = Contribution.objects.filter(referral=referral_id).select_related("service")
    assessed = GpAssessment.objects.filter(referral=referral_id, error_at__isnull=True, completed_at__gt=since)
    attached = Attachment.objects.filter(
        goes_along(),
        referral=referral_id,
        detached_at__isnull=True,
        document__error_at__isnull=True,
        attached_at__gt=since,
    )
    return Referral.objects.filter(pk=referral_id), {
        "gp": assessed,
        "submitted": asked.filter(state=Contribution.State.SUBMITTED, submitted_at__gt=since),
        "declined": asked.filter(state=Contribution.State.DECLINED, declined_at__gt=since),
        "attached": attached.select_related("document__service"),
    }
