"""Freezing: the snapshot becomes a row that nothing can change, with the hash of its content."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.utils import timezone

from cases.models import Case
from guideline.schema import Edition
from portal.context import Actor, as_job
from referrals.models import Referral, Snapshot
from referrals.snapshot.build import build


def freeze(
    referral: Referral,
    case: Case,
    *,
    by: Actor,
    now: dt.datetime,
    edition: Edition,
    change: str = "",
    content: dict[str, Any] | None = None,
) -> Snapshot:
    """Writes the next version, itemised and hashed (edition and attachments included), with the history of versions.

    ``content`` is given where the version is not built from the case as it is now (an answer added to what was sent).
    As the job role: what is sent is what may go to the department, whatever the one who sends it is shown.
    """
    with as_job():
        earlier = list(referral.snapshots.select_related("frozen_by").order_by("version"))
        content = build(referral, case, edition=edition, now=now) if content is None else content
    content["version"] = len(earlier) + 1
    content["versions"] = [
        {
            "version": s.version,
            "at": timezone.localtime(s.frozen_at).isoformat(timespec="seconds"),
            "by": s.frozen_by.name,
            "summary": s.change_reason,
        }
        for s in earlier
    ] + [
        {
            "version": content["version"],
            "at": timezone.localtime(now).isoformat(timespec="seconds"),
            "by": by.name,
            "summary": change,
        }
    ]
    assert by.user is not None
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with as_job():
        return Snapshot.objects.create(
            referral=referral,
            version=content["version"],
            content=content,
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            edition_sha=edition.sha256,
            change_reason=change,
            frozen_at=now,
            frozen_by=by.user,
        )
