"""Building the snapshot from its sources: as a draft for one viewer, or as what is frozen and sent."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.models import Case, Category
from guideline.schema import Edition
from portal.models import Organisation, ServiceKind
from referrals.checklist import gaps
from referrals.missing import reason_stands_in
from referrals.models import Referral
from referrals.snapshot import carried, shape, written
from referrals.snapshot.gather import Sources, gather
from referrals.snapshot.persons import child, consents, family, four_facts, guardians, iso, person
from referrals.snapshot.viewed import OWN_TEXTS, without_own_texts


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
        "schema": 2,
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
        "sender": _sender(source) if sent else None,
        "referring": person(None, referral.started_in.name, _organisation(referral.started_in.organisation, case)),
        "case_holder": person(holder.user, holder.service, _organisation(holder.service.organisation, case)),
        "child": child(source),
        "guardians": guardians(source),
        "family": family(source),
        "facts": four_facts(source),
        "consents": consents(source),
        "consent_missing": _reasoned(
            source, "missing_consent", referral.missing_consent_code, referral.missing_consent_reason
        )
        if reason_stands_in(referral, source.facts, now)
        else None,
        "urgency": {"label": str(Referral.Urgency(referral.urgency).label), "text": _urgency_words(source)},
        "emergency": written.emergency(source),
        "questions": referral.questions,
        "insufficient": referral.why_specialist,
        "worry": referral.worry,
        "overall": _overall(source),
        "gp": written.gp_assessment(source),
        "gp_missing": _reasoned(source, "missing_gp_assessment", referral.missing_gp_code, referral.missing_gp_reason)
        if source.gp is None
        else None,
        "contributions": contributions,
        "declined": written.declined(source),
        "pending": written.pending(source),
        "concerns": carried.concerns(source),
        "measures": carried.measures(source),
        "levels": carried.levels(source),
        "child_voices": carried.voices(source),
        **carried.voices_missing(source),
        "consultations": written.consultations(source),
        "attachments": written.attachments(source),
        "gaps": [],
        "copies": _copies(source),
        "copies_by": "referrer",
        "versions": [],
        "channel": str(Referral.Channel(referral.channel).label) if referral.channel else "",
    }
    texts = {} if source.reads_texts else without_own_texts(content)
    content |= texts
    content["hidden"] = [*_hidden(source, content), *(key for key in texts if key in OWN_TEXTS)]
    content["gaps"] = [
        {"label": gap.text, "reason": "", "owner": gap.owner} for gap in gaps(referral, edition, content)
    ] + withheld
    return content


def _overall(source: Sources) -> dict[str, Any] | None:
    """The overall assessment, which is about the child's health."""
    referral = source.referral
    writer = referral.referrer.service if referral.referrer else referral.started_in
    if not referral.overall_assessment or not source.sees(writer, "health", False):
        return None
    by = referral.sent_by or (referral.referrer.user if referral.referrer else None)
    return {
        "text": referral.overall_assessment,
        "by": by.name if by else "",
        "at": iso(timezone.localtime(referral.sent_at)) if referral.sent_at else None,
        "service_id": str(writer.pk),
        "category": "health",
    }


def _hidden(source: Sources, content: dict[str, Any]) -> list[str]:
    """The parts that exist and are not told here, or not whole: no page may say that they were never written."""
    referral = source.referral
    there = {
        "overall": bool(referral.overall_assessment) > bool(content["overall"]),
        "gp": source.gp is not None and not content["gp"],
        "concerns": len(source.concerns) > len(content["concerns"]),
        "measures": len(source.measures) > len(content["measures"]),
        "child_voices": sum(bool(voice.words) for voice in source.voices) > len(content["child_voices"]),
        **{key: bool(reason) > bool(content[key]) for key, reason in carried.missing_reasons(source).items()},
        "consultations": len(source.consultations) > len(content["consultations"]),
        "attachments": len(source.attachments) > len(content["attachments"]),
    }
    found = [key for key, less in there.items() if less]
    return found if source.identifies else [*found, "identity"]


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


def _urgency_words(source: Sources) -> str:
    """Why: what the referrer wrote, or, where the hospital has changed the urgency, its reason for that."""
    changes = source.urgency_changes
    if not changes:
        return source.referral.urgency_reason
    return _("Endret av sykehuset: %(reason)s") % {"reason": changes[-1].reason}


def _copies(source: Sources) -> list[shape.Copy]:
    """Who is to have a copy from whoever refers: the GP, where consent covers it and it does not refer itself.

    The holder reads it in the portal.
    """
    gp, referrer = source.known(ServiceKind.GP_OFFICE), source.referral.referrer
    if gp is None or (referrer is not None and referrer.service_id == gp.pk):
        return []
    if not source.facts.basis(gp.pk, Category.HEALTH, source.now).allowed:
        return []
    protected = source.case.child.protected
    return [{"name": _("Fastlegen") if protected else gp.name, "why": "" if protected else _("fastlege")}]


def _sender(source: Sources) -> dict[str, Any]:
    """Who sent it; ``sees`` are the categories that the service could read then, and goes on reading in this."""
    referral = source.referral
    user, membership = referral.sent_by, referral.referrer
    service = membership.service if membership else referral.started_in
    return {
        "name": user.name if user else "",
        "title": (user.title or str(user.get_profession_display()).lower()) if user else "",
        "hpr": user.hpr_number if user else "",
        "service": service.name,
        "organisation": _organisation(service.organisation, source.case),
        "at": iso(timezone.localtime(referral.sent_at)) or "",
        "service_id": str(service.pk),
        "sees": [c for c in Category.values if source.facts.basis(service.pk, c, source.now).allowed],
    }


def _organisation(organisation: Organisation, case: Case) -> str:
    return "" if case.child.protected else organisation.name
