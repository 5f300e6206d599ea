"""A new version that is what was sent, with one answer to intake added: nothing else of the case goes along unread."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.sharing import SharingFacts
from guideline.schema import Edition
from portal.context import Actor
from referrals.missing import reason_stands_in
from referrals.models import ContributionSection, InformationRequest, Referral, Snapshot
from referrals.snapshot.freeze import freeze
from referrals.snapshot.gather import may_go_to
from referrals.snapshot.persons import keep_away
from referrals.snapshot.viewed import NOTES, ROWS, TEXTS, missing_voices, without_own_texts
from referrals.snapshot.written import answer_parts, referrer_answer


def may_be_shared(request: InformationRequest, referral: Referral, case: Case, now: dt.datetime) -> bool:
    """Whether the service asked may still tell the hospital this: consent, or the basis recorded for lacking it."""
    category = _category(request, referral)
    return may_go_to(referral, SharingFacts(case), now)(request.asked_service, category, False)


def freeze_answer(
    request: InformationRequest, referral: Referral, case: Case, *, by: Actor, now: dt.datetime, edition: Edition
) -> Snapshot:
    """The newest version with the answer in its section, without what consent no longer covers."""
    latest = referral.snapshots.latest("version")
    facts = SharingFacts(case)
    sees = may_go_to(referral, facts, now)
    content = covered(
        copy.deepcopy(latest.content), lambda category: not category or sees(request.asked_service, category, False)
    )
    if not reason_stands_in(referral, facts, now):
        content["consent_missing"] = None
    keep_away(content, case, facts, reads=sees(case.holder.service, "health", True))
    content["created"] = timezone.localtime(now).isoformat(timespec="seconds")
    _add(content, request, _category(request, referral))
    change = _("Svar fra %(service)s på spørsmål fra inntaket") % {"service": request.asked_service.name}
    return freeze(referral, case, by=by, now=now, edition=edition, change=change, content=content)


def covered(content: dict[str, Any], allowed: Callable[[str], bool]) -> dict[str, Any]:
    """The content without what is of categories that are not allowed any more; ``hidden`` names the parts cut."""
    # Of schema 1 the rows that do not say what they are about went along as they were, and go on doing so.
    cut: dict[str, Any] = {
        key: [row for row in content[key] if allowed(row.get("category", ""))] for key in ROWS if key in content
    }
    cut |= {key: content[key] if allowed("health") else None for key in TEXTS}
    cut |= missing_voices(content, lambda row: allowed(row.get("category", "")))
    if not allowed("health"):
        cut |= without_own_texts(content)
    hidden = [key for key, part in cut.items() if part != content[key]]
    content |= cut
    if hidden:
        content["hidden"] = [*content.get("hidden", []), *hidden]
    for key, word in NOTES:
        for row in content[key]:
            row[word] = row[word] if allowed(row.get("category", "")) else ""
    for row in content["contributions"]:
        kept = [part for part in row["sections"] if allowed(part["category"])]
        if len(kept) < len(row["sections"]):
            row["sections"] = kept
            content["gaps"].append(
                {
                    "label": _("Deler av bidraget fra %(service)s er ikke med") % {"service": row["service"]},
                    "reason": _("Samtykket er trukket eller utløpt etter at henvisningen ble sendt."),
                    "owner": "",
                }
            )
    content["contributions"] = [row for row in content["contributions"] if row["sections"]]
    return content


def _add(content: dict[str, Any], request: InformationRequest, category: str) -> None:
    row = next((c for c in content["contributions"] if c["id"] == str(request.contribution_id)), None)
    whole = referrer_answer(request)
    if content["child"]["protection"]:
        whole["organisation"] = ""
    if request.contribution is None:
        content["contributions"].append(whole)
        return
    part = answer_parts(request, request.section_key, category)
    if row is None:
        # Nothing of the contribution may be told any more; the answer itself may.
        row = {
            **whole,
            "sections": [],
            "id": str(request.contribution_id),
            "category": category,
            "to_referrer_only": request.contribution.sealed,
        }
        content["contributions"].append(row)
    section = ContributionSection.objects.filter(contribution=request.contribution, key=request.section_key).first()
    for own in row["sections"]:
        # The section was reopened to its contributor: what it says now goes along with the answer.
        if section is not None and own["key"] == section.key and own["heading"] == section.heading:
            own["text"] = section.text or own["text"]
    places = [n for n, other in enumerate(row["sections"]) if other["key"] == request.section_key]
    row["sections"].insert(places[-1] + 1 if places else len(row["sections"]), part)


def _category(request: InformationRequest, referral: Referral) -> str:
    """What the answer is about: as the section in what was sent, else as the contribution; the referrer's is health."""
    if request.contribution is None:
        return "health"
    content = referral.snapshots.latest("version").content
    row = next((c for c in content["contributions"] if c["id"] == str(request.contribution_id)), None)
    if row is None:
        return request.contribution.category
    named = (str(part["category"]) for part in row["sections"] if part["key"] == request.section_key)
    return next(named, str(row["category"]))
