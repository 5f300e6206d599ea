"""The parts of a snapshot that the case holds already: carried in with source and date, never retyped."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import ChildVoice
from cases.reserved import SENTENCES
from cases.sharing import category_of
from portal.models import Service
from referrals.snapshot.gather import Sources
from referrals.snapshot.persons import iso


def concerns(source: Sources) -> list[dict[str, Any]]:
    """What was seen and heard, by whom and when."""
    return [
        {
            "text": row.seen_and_heard,
            "how_long": row.how_long,
            "earlier": row.earlier_concern,
            "by": f"{row.recorded_by.name}, {row.service.name}",
            "date": iso(timezone.localdate(row.recorded_at)) or "",
            **whose(source, row.service),
        }
        for row in source.concerns
        if source.sees(row.service, category_of(row.service, source.edition), False)
    ]


def whose(source: Sources, service: Service) -> dict[str, str]:
    """Whose a row is and what it is about, so that it can be kept from those it is not for."""
    return {"service_id": str(service.pk), "category": category_of(service, source.edition)}


def reserved(source: Sources, entry_id: uuid.UUID) -> dict[str, str]:
    """That guardians are not to know of a row, with the national code; nothing where they may."""
    row = source.facts.reserved.get(entry_id)
    if row is None:
        return {}
    national = source.edition.code("information_withheld", row.code).national
    return {"reserved": f"{SENTENCES[row.ground]} ({national})" if national else str(SENTENCES[row.ground])}


def measures(source: Sources) -> list[dict[str, Any]]:
    """Measures tried: what was done, what came of it, why it was stopped, by whom it was written and when.

    A measure is about what the service that wrote it is about.
    """
    return [
        {
            "title": m.title,
            "text": m.description,
            "state": m.state,
            "by": f"{m.recorded_by.name}, {m.recorded_in.name}",
            "date": iso(timezone.localdate(m.recorded_at)) or "",
            "service": m.service.name,
            "started": iso(m.started_on),
            "ended": iso(m.ended_on),
            "effect": ". ".join(
                part for part in (str(m.get_effect_display()) if m.effect else "", m.effect_text) if part
            ),
            "evaluated_by": m.evaluated_by.name if m.evaluated_by else "",
            "evaluated": iso(timezone.localdate(m.evaluated_at)) if m.evaluated_at else None,
            "stopped": m.stop_reason,
            **whose(source, m.recorded_in),
            **reserved(source, m.pk),
        }
        for m in source.measures
        if source.sees(m.recorded_in, category_of(m.recorded_in, source.edition), False)
    ]


def levels(source: Sources) -> list[dict[str, Any]]:
    """The BTI levels the case has been on, by the municipality's own names; why, as consent covers it."""
    number = source.case.municipality.municipality_number or ""
    return [
        {
            "label": source.edition.level_label(change.to_level, number),
            "date": iso(timezone.localdate(change.changed_at)) or "",
            "reason": change.reason
            if source.sees(change.service, category_of(change.service, source.edition), False)
            else "",
            "by": change.changed_by.name,
            **whose(source, change.service),
        }
        for change in source.levels
    ]


def voices(source: Sources) -> list[dict[str, Any]]:
    """The child's and the family's own words, verbatim, with how they were obtained."""
    return [
        {
            "text": v.words,
            "speaker": v.speaker,
            "lang": "",
            "how": v.how_obtained,
            "by": f"{v.recorded_by.name}, {v.service.name}",
            "date": iso(v.obtained_on or timezone.localdate(v.recorded_at)) or "",
            **whose(source, v.service),
            **reserved(source, v.pk),
        }
        for v in source.voices
        if v.words and source.sees(v.service, category_of(v.service, source.edition), False)
    ]


def missing_reasons(source: Sources) -> dict[str, ChildVoice]:
    """The first reason for not having asked the child, and the family, each by the key it has in the content."""
    found: dict[str, ChildVoice] = {}
    for voice in source.voices:
        if voice.not_obtained_reason:
            found.setdefault(f"{voice.speaker}_voice_missing", voice)
    return found


def voices_missing(source: Sources) -> dict[str, Any]:
    """Why the child's, and the family's, words are not there, and whose that reason is."""
    told: dict[str, Any] = {"child_voice_missing": "", "family_voice_missing": "", "voice_missing_whose": {}}
    for key, voice in missing_reasons(source).items():
        if source.sees(voice.service, category_of(voice.service, source.edition), False):
            told[key] = voice.not_obtained_reason
            told["voice_missing_whose"][key] = whose(source, voice.service)
    return told


def held_back_rows(source: Sources) -> list[str]:
    """What the case and the referral hold besides contributions that may not go along, each with whose it is."""
    found: dict[str, None] = {}

    def keep_back(words: str, service: Service, category: str) -> None:
        if not source.sees(service, category, False):
            found[words % {"service": service.name}] = None

    for concern in source.concerns:
        keep_back(_("Undring fra %(service)s"), concern.service, category_of(concern.service, source.edition))
    for measure in source.measures:
        writer = measure.recorded_in
        keep_back(_("Tiltak fra %(service)s"), writer, category_of(writer, source.edition))
    for voice in source.voices:
        if voice.words:
            child, family = _("Barnets ord, skrevet ned av %(service)s"), _("Familiens ord, skrevet ned av %(service)s")
            words = family if voice.speaker == "family" else child
            keep_back(words, voice.service, category_of(voice.service, source.edition))
    for row in source.attachments:
        keep_back(_("Vedlegg fra %(service)s"), row.document.service, row.document.category)
    if source.gp is not None:
        keep_back(_("Vurdering fra fastlege, %(service)s"), source.gp.service, "health")
    return list(found)
