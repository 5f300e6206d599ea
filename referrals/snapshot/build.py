"""Building the snapshot from its sources: as a draft for one viewer, or as what is frozen and sent."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.models import Case
from guideline.schema import Edition
from portal.models import Organisation
from referrals.checklist import gaps
from referrals.models import Referral
from referrals.snapshot import carried, shape, written
from referrals.snapshot.gather import Sources, gather
from referrals.snapshot.persons import child, consents, four_facts, guardians, iso, person


def build(
    referral: Referral, case: Case, *, edition: Edition, now: dt.datetime | None = None, viewer: Viewer | None = None
) -> dict[str, Any]:
    """The referral as a dict (``shape.Snapshot``). With a viewer it is a draft of what that service may see."""
    return compose(gather(referral, case, edition, now or timezone.now(), viewer))


def compose(source: Sources) -> dict[str, Any]:
    """The same from sources already read: no statement."""
    referral, case, edition, now = source.referral, source.case, source.edition, source.now
    sent = referral.sent_at is not None
    holder = case.holder
    contributions, withheld = written.contributions(source)
    content: dict[str, Any] = {
        "schema": 1,
        "lang": "nb",
        "status": "sent" if sent and source.for_receiver else "draft",
        "reference": case.reference,
        "version": 0,
        "created": timezone.localtime(now).isoformat(timespec="seconds"),
        "community": {
            "name": case.community.name,
            "portal": case.community.portal_name,
            "guideline": edition.short_title,
            "edition": edition.version,
            "edition_sha256": edition.sha256,
        },
        "to": {
            "department": referral.receiver.name,
            "organisation": referral.receiver.organisation.name,
            "redirected_from": source.first_receipt.service.name
            if source.first_receipt and source.first_receipt.service_id != referral.receiver_id
            else "",
        },
        "sender": _sender(referral) if sent else None,
        "referring": person(None, referral.started_in.name, _organisation(referral.started_in.organisation, case)),
        "case_holder": person(holder.user, holder.service, _organisation(holder.service.organisation, case)),
        "child": child(source),
        "guardians": guardians(source),
        "facts": four_facts(source),
        "consents": consents(source),
        "consent_missing": _reasoned(
            source, "missing_consent", referral.missing_consent_code, referral.missing_consent_reason
        ),
        "urgency": {"label": str(Referral.Urgency(referral.urgency).label), "text": referral.urgency_reason},
        "emergency": written.emergency(source),
        "questions": referral.questions,
        "insufficient": referral.why_specialist,
        "worry": referral.worry,
        "overall": {
            "text": referral.overall_assessment,
            "by": referral.sent_by.name
            if referral.sent_by
            else referral.referrer.user.name
            if referral.referrer
            else "",
            "at": iso(timezone.localtime(referral.sent_at)) if referral.sent_at else None,
        }
        if referral.overall_assessment
        else None,
        "gp": written.gp_assessment(source),
        "gp_missing": _reasoned(source, "missing_gp_assessment", referral.missing_gp_code, referral.missing_gp_reason),
        "contributions": contributions,
        "declined": written.declined(source),
        "pending": written.pending(source),
        "concerns": carried.concerns(source),
        "measures": carried.measures(source),
        "levels": carried.levels(source),
        "child_voices": carried.voices(source),
        "child_voice_missing": carried.voice_missing(source),
        "consultations": written.consultations(source),
        "attachments": written.attachments(source),
        "gaps": [],
        "copies": _copies(source),
        "versions": [],
        "channel": str(Referral.Channel(referral.channel).label) if referral.channel else "",
    }
    content["gaps"] = [
        {"label": gap.text, "reason": "", "owner": gap.owner} for gap in gaps(referral, edition, content)
    ] + withheld
    return content


def _reasoned(source: Sources, code_list: str, code: str, reason: str) -> shape.Waiver | None:
    if not reason:
        return None
    basis = source.edition.consent.statutory_bases.get(source.referral.missing_consent_basis)
    laws = source.edition.legal_refs(basis.legal) if basis else ()
    label = source.edition.code(code_list, code).label
    return {
        "reason": f"{label}. {reason}",
        "basis": f"{basis.label} ({', '.join(law.short for law in laws)})"
        if basis and code_list == "missing_consent"
        else "",
        "by": source.referral.sent_by.name if source.referral.sent_by else "",
        "at": iso(timezone.localdate(source.referral.sent_at)) if source.referral.sent_at else None,
    }


def _copies(source: Sources) -> list[shape.Copy]:
    copies: list[shape.Copy] = [{"name": source.case.holder.user.name, "why": _("stafettholder")}]
    gp = next((c.service.name for c in source.contributions if c.service.kind == "gp_office"), "")
    return copies + ([{"name": gp, "why": _("fastlege")}] if gp else [])


def _sender(referral: Referral) -> shape.Sender:
    user, membership = referral.sent_by, referral.referrer
    service = membership.service if membership else referral.started_in
    return {
        "name": user.name if user else "",
        "title": (user.title or str(user.get_profession_display()).lower()) if user else "",
        "hpr": user.hpr_number if user else "",
        "service": service.name,
        "organisation": service.organisation.name,
        "at": iso(timezone.localtime(referral.sent_at)) or "",
    }


def _organisation(organisation: Organisation, case: Case) -> str:
    return "" if case.child.protected else organisation.name
