"""Completeness against the receiving department's checklist: what is missing and who owes it; it never blocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guideline.schema import AnswerSource, ChecklistItem, Edition
from portal.models import ServiceKind
from referrals.models import Referral

# What the referral's own texts are called in a content that does not tell them to this reader.
HIDDEN_AS = {"worry": "worry", "questions": "questions", "why_specialist": "insufficient"}


@dataclass(frozen=True)
class Unasked:
    """A service that takes part and has not been asked: who could owe an answer that nobody owes yet."""

    name: str
    kind: str


@dataclass(frozen=True)
class Answered:
    """One item of the checklist: whether it is answered, by what, and who could answer it.

    ``place`` says where the owner answers: «contribution», «ask» (not asked yet), «gp», or the field or case section.
    """

    item: ChecklistItem
    by: str
    owner: str
    place: str = ""

    @property
    def text(self) -> str:
        """What the department wants to know."""
        return self.item.text

    @property
    def answered(self) -> bool:
        """Whether something answers it."""
        return bool(self.by)


def completeness(
    referral: Referral, edition: Edition, content: Mapping[str, Any], unasked: Iterable[Unasked] = ()
) -> list[Answered]:
    """Every item of the department's checklist held against a snapshot's content."""
    checklist = edition.checklists.get(referral.receiver.kind)
    if checklist is None:
        return []
    services = list(unasked)
    return [_answer(item, content, edition, services) for item in checklist.items.values()]


def gaps(referral: Referral, edition: Edition, content: Mapping[str, Any]) -> list[Answered]:
    """The items nothing answers."""
    return [row for row in completeness(referral, edition, content) if not row.answered]


def _answer(item: ChecklistItem, content: Mapping[str, Any], edition: Edition, unasked: list[Unasked]) -> Answered:
    for source in item.sources:
        if found := _found(source, content):
            return Answered(item, found, "")
    # A service that is asked and has not answered owes it first; then what the holder or the GP can write; then who is
    # not asked yet.
    owners = [owner for source in item.sources if (owner := _owner(source, content, edition, unasked))]
    rank = {"contribution": 0, "ask": 2}
    owners.sort(key=lambda owner: rank.get(owner[1], 1))
    name, place = owners[0] if owners else (_holder(content), "case")
    return Answered(item, "", name, place)


def _found(source: AnswerSource, content: Mapping[str, Any]) -> str:
    """What answers a source in the content, in a word or two, or an empty string."""
    match source.kind:
        case "contribution":
            return next((str(c["service"]) for c in content["contributions"] if _writes(source, c)), "")
        case "gp":
            gp = content["gp"]
            return _("vurdering fra fastlege") if gp and _has(gp["sections"], source.key) else ""
        case "referral":
            there = _text_of(source.key, content).strip() or HIDDEN_AS.get(source.key) in content.get("hidden", ())
            return _("henvisningen") if there else ""
        case "guardians":
            return _("foresatte i saken") if _guardians(source.key, content) else ""
        case "consent":
            given = any(row["status"] == "given" for row in content["consents"])
            return _("samtykke i saken") if given or content["consent_missing"] else ""
        case "child_voice":
            own = any(voice.get("speaker") != "family" for voice in content["child_voices"])
            return _("barnets ord") if own or content["child_voice_missing"] else ""
        case "measures":
            return _("tiltak i saken") if content["measures"] else ""
        case "attachment":
            return next((a["name"] for a in content["attachments"] if a["attachment_kind"] == source.key), "")
        case "case":
            return _("saken") if _in_case(source.key, content) else ""
    return ""


def _writes(source: AnswerSource, contribution: Mapping[str, Any]) -> bool:
    """Whether a contribution answers; one whose text the viewer may not read counts as written by its template."""
    if source.of not in {"*", "", contribution["template"]}:
        return False
    if contribution["hidden"] and not contribution["sections"]:
        return source.of == contribution["template"]
    return _has(contribution["sections"], source.key)


def _has(sections: Iterable[Mapping[str, Any]], key: str) -> bool:
    return any(section.get("key") in {key, "*"} for section in sections)


def _text_of(field: str, content: Mapping[str, Any]) -> str:
    fields = {
        "worry": content["worry"],
        "questions": content["questions"],
        "why_specialist": content["insufficient"],
        "urgency": content["urgency"]["label"],
        "overall_assessment": (content["overall"] or {}).get("text", ""),
    }
    return str(fields.get(field, ""))


def _guardians(key: str, content: Mapping[str, Any]) -> bool:
    facts = content["facts"]
    if key == "child_protection_role":
        return bool(facts["child_protection"])
    return bool(facts[key]) if key in facts else bool(content["guardians"])


def _in_case(key: str, content: Mapping[str, Any]) -> bool:
    """Facts of the case: the interpreter; the services that are in, with who wrote for each."""
    if key == "contacts":
        return bool(content["contributions"])
    if key == "interpreter":
        return bool(content["child"]["interpreter"]) or any(g["interpreter"] for g in content["guardians"])
    return bool(content["child"].get(key))


def _owner(
    source: AnswerSource, content: Mapping[str, Any], edition: Edition, unasked: list[Unasked]
) -> tuple[str, str] | None:
    """Who could answer a source, and where: the service asked, the one not asked yet, the GP, the holder."""
    match source.kind:
        case "contribution":
            for row in content["pending"]:
                template = edition.contributions.get(row["template"])
                if template and source.of in {"*", "", row["template"]} and source.key in template.sections:
                    return str(row["service"]), "contribution"
            for service in unasked:
                template = edition.template_for(service.kind)
                if source.of in {"*", "", template.key} and source.key in template.sections:
                    return service.name, "ask"
            return None
        case "attachment":
            for row in content["pending"]:
                template = edition.contributions.get(row["template"])
                if template and source.key in template.attachments and source.key != "other":
                    return str(row["service"]), "contribution"
            return None
        case "gp":
            offices = [service.name for service in unasked if service.kind == ServiceKind.GP_OFFICE]
            return (offices[0] if offices else _("fastlegen")), "gp"
    place = source.key if source.kind in {"referral", "case"} else source.kind
    return _holder(content), place


def _holder(content: Mapping[str, Any]) -> str:
    holder = content["case_holder"]
    return str(holder["name"]) if holder else _("stafettholderen")
