"""A frozen snapshot as one service may see it: the receiver whole, the sender as it saw it then, others by consent."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.models import Category, Scope
from portal.rights import can
from referrals.models import Referral

# Told row by row: each has its service and its category.
ROWS = ("concerns", "measures", "child_voices", "consultations", "attachments")
# One text each, about the child's health.
TEXTS = ("overall", "gp")
# Rows that stand, with words in them that do not: that a service declined is told, what it wrote beside it is not.
NOTES = (("levels", "reason"), ("declined", "text"))
# The referral's own texts and reasons: of whoever started it, and about the child's health.
OWN_TEXTS = ("worry", "questions", "insufficient")
OWN_REASONS = (("urgency", "text"), ("gp_missing", "reason"), ("consent_missing", "reason"))
VOICES_MISSING = ("child_voice_missing", "family_voice_missing")
Row = dict[str, Any]
Sees = Callable[[Row], bool]


def seen_by(content: dict[str, Any], viewer: Viewer, referral: Referral) -> dict[str, Any]:
    """A copy of the content without what the viewer may not see; ``hidden`` names the parts something was taken from.

    The receiving department reads it as it was sent. Snapshots of schema 1 do not say whose each row is: such rows are
    for those who see every category.
    """
    if sees_all(viewer, referral):
        return content
    sees = _as_sender(content, viewer) if sent_by(viewer, referral) else _by_consent(viewer)
    cut: dict[str, Any] = {key: [row for row in content[key] if sees(row)] for key in ROWS if key in content}
    cut |= {key: content[key] if content[key] and sees(_health(content, key)) else None for key in TEXTS}
    cut |= {key: [_without(row, word, sees) for row in content[key]] for key, word in NOTES}
    cut["emergency"] = _without(content["emergency"], "note", sees)
    cut |= {"family": _without(content["family"], "reason", sees)} if "family" in content else {}
    cut["contributions"] = [_contribution(row, sees) for row in content["contributions"]]
    cut |= missing_voices(content, sees)
    wrote = writes(viewer, referral)
    if not (wrote or sees({"category": "health"})):
        cut |= without_own_texts(content)
    if not wrote:
        cut["consents"] = [{**row, "note": reasoned(row["note"])} for row in content["consents"]]
    hidden = [key for key in (*ROWS, *TEXTS, *OWN_TEXTS, *VOICES_MISSING) if key in cut and cut[key] != content[key]]
    if not identifies(viewer, referral):
        unidentified = without_identity(content)
        hidden += ["identity"] if any(content[key] != part for key, part in unidentified.items()) else []
        cut |= unidentified
    if hidden:
        cut["hidden"] = [*content.get("hidden", []), *hidden]
    return {**content, **cut}


def sees_all(viewer: Viewer, referral: Referral) -> bool:
    """Whether the acting service is the department that has the referral, and its place still stands."""
    there = viewer.actor.service_id == referral.receiver_id and referral.sent_at is not None
    return there and bool(viewer.scopes & {Scope.REFERRAL, Scope.CASE})


def sent_by(viewer: Viewer, referral: Referral) -> bool:
    """Whether the acting service sent the referral."""
    referrer = referral.referrer
    return referral.sent_at is not None and referrer is not None and referrer.service_id == viewer.actor.service_id


def identifies(viewer: Viewer, referral: Referral) -> bool:
    """Whether the viewer may have the child's national number and how to reach the guardians.

    The department that has the referral, whoever refers, and those who can correct what is recorded about the child.
    """
    referrer = referral.referrer
    if sees_all(viewer, referral) or (referrer is not None and referrer.service_id == viewer.actor.service_id):
        return True
    return can(viewer.actor, "case.change_child", viewer)


def writes(viewer: Viewer, referral: Referral) -> bool:
    """Whether the acting service has written the referral's own texts: the holder's, who started it, who refers."""
    referrer = referral.referrer.service_id if referral.referrer is not None else None
    return viewer.reads(referral.started_in_id, referrer)


def reads_own_texts(viewer: Viewer, referral: Referral) -> bool:
    """Whether the referral's own texts and the overall assessment are told: to those who write them, and those who may
    read what whoever started it tells of the child's health."""
    return writes(viewer, referral) or viewer.sees(referral.started_in_id, Category.HEALTH)


def without_own_texts(content: dict[str, Any]) -> dict[str, Any]:
    """The referral's own texts taken out; of a reason it stays told that there is one."""
    cut: dict[str, Any] = {key: "" for key in OWN_TEXTS if content.get(key)}
    for key, word in OWN_REASONS:
        if content[key] and content[key][word]:
            cut[key] = {**content[key], word: reasoned(content[key][word])}
    return cut


def reasoned(reason: str) -> str:
    """What others than those who wrote it read in the place of a reason."""
    return _("Begrunnet") if reason else ""


def missing_voices(content: dict[str, Any], sees: Sees) -> dict[str, Any]:
    """Why words of child or family are missing, taken out where the service that wrote it is not to be read."""
    whose = content.get("voice_missing_whose", {})
    return {key: "" for key in VOICES_MISSING if content.get(key) and not sees(whose.get(key) or {})}


def without_identity(content: dict[str, Any]) -> dict[str, Any]:
    """The child and the guardians without national number and contact."""
    return {
        "child": {**content["child"], "national_number": "", "address": "", "phone": ""},
        "guardians": [{**row, "contact": None} for row in content["guardians"]],
    }


def _by_consent(viewer: Viewer) -> Sees:
    def sees(row: Row) -> bool:
        if _own(row, viewer):
            return True
        return not row.get("to_referrer_only", False) and _covers(viewer, row)

    return sees


def _as_sender(content: dict[str, Any], viewer: Viewer) -> Sees:
    """What the sender's service could read when it was sent, sealed contributions included; consent since adds to it.

    That one person of an office sent it does not open to the office what consent never let it have.
    """
    then = set((content["sender"] or {}).get("sees", ()))

    def sees(row: Row) -> bool:
        return _own(row, viewer) or row.get("category") in then or _covers(viewer, row)

    return sees


def _own(row: Row, viewer: Viewer) -> bool:
    return row.get("service_id") == str(viewer.actor.service_id)


def _covers(viewer: Viewer, row: Row) -> bool:
    wanted = [row["category"]] if row.get("category") else Category.values
    return all(f"items_{category}" in viewer.scopes for category in wanted)


def _health(content: dict[str, Any], key: str) -> Row:
    """Overall and GP assessment are about the child's health, also where the snapshot is too old to say so."""
    return {"category": "health", **content[key]}


def _without(row: Row, word: str, sees: Sees) -> Row:
    return {**row, word: ""} if row.get(word) and not sees(row) else row


def _contribution(row: Row, sees: Sees) -> Row:
    sections = [part for part in row["sections"] if sees({**row, "category": part["category"]})]
    cut = len(sections) < len(row["sections"])
    if not cut:
        return row
    return {**row, "sections": sections, "hidden": True, "sealed": bool(row["to_referrer_only"]) and not sections}
