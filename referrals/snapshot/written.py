"""The parts of a snapshot written for the referral: contributions, the GP's assessment, answers, attachments."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guideline.schema import Edition
from portal.models import Service
from referrals.models import Contribution, ContributionSection, InformationRequest
from referrals.snapshot import shape
from referrals.snapshot.carried import reserved
from referrals.snapshot.gather import Sources
from referrals.snapshot.persons import iso

C = Contribution.State


def organisation(source: Sources, service: Service) -> str:
    """Whose a service is; under address protection that locates the child, and is left out."""
    return "" if source.case.child.protected else service.organisation.name


def contributions(source: Sources) -> tuple[list[dict[str, Any]], list[shape.Gap]]:
    """Submitted contributions, section by section as consent covers them; what is held back is named, never told.

    A contribution sealed to the referrer goes whole to the receiver, and is an empty shell to everyone else. One that
    was opened again after it was delivered goes along as it was delivered, and says so.
    """
    shown: list[dict[str, Any]] = []
    withheld: list[shape.Gap] = []
    answers: dict[tuple[object, str], list[InformationRequest]] = {}
    for request in source.requests:
        answers.setdefault((request.contribution_id, request.section_key), []).append(request)
    for c in source.contributions:
        if not c.stands:
            continue
        sections: list[dict[str, Any]] = []
        hidden = 0
        for section in source.sections[c.pk]:
            category = section_category(source, c, section)
            text = section.delivered_text if c.opened_again else section.text
            parts = _parts(section, text, category, answers.get((c.pk, section.key), []))
            if source.sees(c.service, category, c.sealed):
                sections += parts
            else:
                hidden += bool(parts)
        if sections and c.opened_again:
            sections.insert(0, _more_to_come(c))
        row = _contribution(source, c, sections)
        row["sealed"] = bool(c.sealed and hidden and not sections)
        row["hidden"] = bool(hidden)
        if hidden and source.for_receiver:
            withheld.append(_held_back(c, whole=not sections))
        if sections or not source.for_receiver:
            shown.append(row)
    own = (request for request in source.requests if request.contribution_id is None)
    shown += [
        {**referrer_answer(request), "organisation": organisation(source, request.asked_service)}
        for request in own
        if source.sees(request.asked_service, "health", False)
    ]
    return shown, withheld


def section_category(source: Sources, contribution: Contribution, section: ContributionSection) -> str:
    """What a section is about."""
    return category_of_section(source.edition, contribution, section.key)


def category_of_section(edition: Edition, contribution: Contribution, key: str) -> str:
    """What a section is about: as the edition's template says, else as the contribution."""
    template = edition.contributions.get(contribution.template)
    known = template.sections.get(key) if template else None
    return known.category if known else contribution.category


def _parts(
    section: ContributionSection, text: str, category: str, answers: list[InformationRequest]
) -> list[dict[str, Any]]:
    parts = []
    if text.strip():
        parts.append({"heading": section.heading, "text": text, "key": section.key, "category": category})
    return parts + [answer_parts(answer, section.key, category) for answer in answers]


def _more_to_come(c: Contribution) -> dict[str, Any]:
    """A line above what was delivered, where the service writes more."""
    assert c.delivered_at is not None
    day = timezone.localdate(c.delivered_at).strftime("%d.%m.%Y")
    text = _("Tjenesten skriver mer. Dette er teksten slik den ble levert %(day)s.") % {"day": day}
    return {"heading": "", "text": text, "key": "", "category": c.category}


def answer_parts(answer: InformationRequest, key: str, category: str) -> dict[str, Any]:
    """A question from intake and its answer, as one section."""
    heading = _("Svar på spørsmål fra inntaket, %(date)s") % {"date": iso_day(answer)}
    text = _("Spørsmål: %(question)s") % {"question": answer.question} + "\n\n" + answer.answer
    return {"heading": heading, "text": text, "key": key, "category": category}


def referrer_answer(request: InformationRequest) -> dict[str, Any]:
    """What whoever referred has answered intake: a row of its own, with its source and date."""
    service, author, at = request.asked_service, request.answered_by, request.answered_at
    return {
        "service": service.name,
        "organisation": service.organisation.name,
        "author": author.name if author else "",
        "role": author.title if author else "",
        "date": iso(timezone.localdate(at)) if at else "",
        "lang": "",
        "sealed": False,
        "sections": [answer_parts(request, "", "health")],
        "hidden": False,
        "template": "",
        "id": "",
        "service_id": str(service.pk),
        "category": "health",
        "to_referrer_only": False,
    }


def iso_day(answer: InformationRequest) -> str:
    """The day an answer came, as people write it."""
    assert answer.answered_at is not None
    return timezone.localdate(answer.answered_at).strftime("%d.%m.%Y")


def _contribution(source: Sources, c: Contribution, sections: list[dict[str, Any]]) -> dict[str, Any]:
    author, at = c.submitted_by or c.delivered_by, c.submitted_at or c.delivered_at
    return {
        "service": c.service.name,
        "organisation": organisation(source, c.service),
        "author": c.external_from or (author.name if author else ""),
        "role": _received(c) or (author.title if author else ""),
        "date": iso(c.external_on or (timezone.localdate(at) if at else None)) or "",
        "lang": "",
        "sealed": False,
        "sections": sections,
        "hidden": False,
        "template": c.template,
        "id": str(c.pk),
        "service_id": str(c.service_id),
        "category": c.category,
        "to_referrer_only": c.sealed,
    }


def _received(c: Contribution) -> str:
    """How a contribution came that was not written in the portal, and who registered it; else an empty string."""
    by = c.submitted_by or c.delivered_by
    if not c.external_from or by is None:
        return ""
    how = f" ({c.external_how})" if c.external_how else ""
    return _("mottatt utenfor portalen%(how)s, registrert av %(who)s") % {"how": how, "who": by.name}


def _held_back(c: Contribution, *, whole: bool) -> shape.Gap:
    what = _("Bidrag fra %(service)s er ikke med") if whole else _("Deler av bidraget fra %(service)s er ikke med")
    return {
        "label": what % {"service": c.service.name},
        "reason": _("Samtykket dekker ikke denne typen opplysninger."),
        "owner": "",
    }


def declined(source: Sources) -> list[dict[str, Any]]:
    """Services that declined, each with its reason; what it wrote beside it as consent covers it."""
    return [
        {
            "service": c.service.name,
            "organisation": organisation(source, c.service),
            "reason": source.edition.code("contribution_declined", c.decline_code).label,
            "text": c.decline_note if source.sees(c.service, c.category, False) else "",
            "date": iso(timezone.localdate(c.declined_at)) or "" if c.declined_at else "",
            "service_id": str(c.service_id),
            "category": c.category,
        }
        for c in source.contributions
        if c.state == C.DECLINED
    ]


def pending(source: Sources) -> list[dict[str, Any]]:
    """Services that were asked and have not answered; not those that only write more."""
    return [
        {
            "service": c.service.name,
            "organisation": organisation(source, c.service),
            "asked": iso(timezone.localdate(c.requested_at)) or "",
            "due": iso(c.due_on),
            "template": c.template,
        }
        for c in source.contributions
        if c.state in {C.REQUESTED, C.STARTED} and not c.opened_again
    ]


def gp_assessment(source: Sources) -> dict[str, Any] | None:
    """The GP's completed assessment, or None where it is missing or not covered by consent."""
    gp = source.gp
    if gp is None or not source.sees(gp.service, "health", False):
        return None
    headings = source.edition.gp_assessment.sections
    external = gp.source == "external"
    return {
        "sections": [
            {
                "heading": headings[key].heading if key in headings and not external else "",
                "text": text,
                "key": "*" if external else key,
            }
            for key, text in gp.in_order(headings)
        ],
        "by": gp.external_from if external else f"{gp.completed_by.name if gp.completed_by else ''}, {gp.service.name}",
        "source": _("Mottatt utenfor portalen (%(how)s), registrert av %(who)s")
        % {"how": gp.external_how or _("ikke oppgitt"), "who": gp.recorded_by.name}
        if external
        else str(gp.get_source_display()),
        "date": iso(gp.assessed_on) or "",
        "service_id": str(gp.service_id),
        "category": "health",
    }


def emergency(source: Sources) -> dict[str, Any]:
    """The emergency question and its answer: who was called, and when."""
    answer = source.emergency
    if answer is None:
        return {"assessed": False, "needed": None, "by": "", "at": None, "called": "", "called_at": None, "note": ""}
    called = ""
    if answer.called_on is not None:
        called = _("%(who)s ringte %(service)s og snakket med %(with)s") % {
            "who": answer.assessed_by.name,
            "service": answer.called_name,
            "with": answer.spoke_with or _("vakthavende"),
        }
    return {
        "assessed": True,
        "needed": answer.is_emergency,
        "by": f"{answer.assessed_by.name}, {answer.service.name}",
        "at": iso(timezone.localtime(answer.assessed_at)),
        "called": called,
        "called_at": iso(timezone.localtime(answer.called_on)) if answer.called_on else None,
        "note": answer.note if source.sees(answer.service, "health", False) else "",
        "service_id": str(answer.service_id),
        "category": "health",
    }


def consultations(source: Sources) -> list[dict[str, Any]]:
    """Consultations before the referral, attached as they are. They are about the child's health."""
    return [
        {
            "department": k.department.name,
            "asked": iso(timezone.localdate(k.asked_at)) or "",
            "asked_by": k.asked_by.name,
            "question": k.question,
            "answered": iso(k.held_on),
            "answered_by": k.answered_by_name,
            "answer": source.edition.code("consultation_answer", k.answer).label if k.answer else "",
            "text": k.answer_text,
            "channel": k.get_held_display().lower(),
            "service_id": str(k.asked_in_id),
            "category": "health",
        }
        for k in source.consultations
        if source.sees(k.asked_in, "health", False)
    ]


def attachments(source: Sources) -> list[dict[str, Any]]:
    """Documents that go with it, each with its hash; what consent does not cover is left out."""
    return [
        {
            "name": a.document.title,
            "kind": "PDF" if a.document.mime == "application/pdf" else _("Bilde"),
            "service": a.document.service.name,
            "date": iso(timezone.localdate(a.document.recorded_at)),
            "pages": a.document.pages,
            "size": a.document.size,
            "sha256": a.document.sha256,
            "embedded": False,
            "id": str(a.pk),
            "document_id": str(a.document_id),
            "attachment_kind": a.kind,
            "contribution_id": str(a.contribution_id or ""),
            "service_id": str(a.document.service_id),
            "category": a.document.category,
            "to_referrer_only": a.document.sealed,
            **reserved(source, a.document_id),
        }
        for a in source.attachments
        if source.sees(a.document.service, a.document.category, a.document.sealed)
    ]
