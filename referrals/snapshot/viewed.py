"""A frozen snapshot as one service may see it: the receiver and the referrer whole, others what consent covers."""

from typing import Any

from cases.access import Viewer
from cases.models import Scope
from referrals.models import Referral


def seen_by(content: dict[str, Any], viewer: Viewer, referral: Referral) -> dict[str, Any]:
    """A copy of the content without what the viewer may not see: sealed contributions, uncovered categories.

    The receiving department and the referrer read it as it was sent.
    """
    if sees_all(viewer, referral):
        return content
    contributions = [_contribution(row, viewer) for row in content["contributions"]]
    attachments = [
        row for row in content["attachments"] if _sees(viewer, row, row["category"], row.get("to_referrer_only", False))
    ]
    gp = content["gp"] if "items_health" in viewer.scopes or not content["gp"] else None
    return {**content, "contributions": contributions, "attachments": attachments, "gp": gp}


def sees_all(viewer: Viewer, referral: Referral) -> bool:
    """Whether the acting service received the referral or sent it, and its place in the case still stands."""
    own = viewer.actor.service_id
    sender = referral.referrer is not None and referral.referrer.service_id == own
    return bool(viewer.scopes & {Scope.REFERRAL, Scope.CASE}) and (own == referral.receiver_id or sender)


def _contribution(row: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    sealed = bool(row["to_referrer_only"])
    sections = [part for part in row["sections"] if _sees(viewer, row, part["category"], sealed)]
    hidden = len(sections) < len(row["sections"])
    return {**row, "sections": sections, "hidden": hidden, "sealed": sealed and hidden and not sections}


def _sees(viewer: Viewer, row: dict[str, Any], category: str, sealed: bool) -> bool:
    if row["service_id"] == str(viewer.actor.service_id):
        return True
    return not sealed and f"items_{category}" in viewer.scopes
