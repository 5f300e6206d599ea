"""The parts of a snapshot that the case holds already: carried in with source and date, never retyped."""

from typing import Any

from django.utils import timezone

from cases.sharing import category_of
from referrals.snapshot import shape
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
        }
        for row in source.concerns
        if source.sees(row.service, category_of(row.service, source.edition), False)
    ]


def measures(source: Sources) -> list[shape.Measure]:
    """Measures tried, and what came of them. A measure is about what its responsible service is about."""
    return [
        {
            "title": m.title,
            "service": m.service.name,
            "started": iso(m.started_on),
            "ended": iso(m.ended_on),
            "effect": ". ".join(
                part for part in (str(m.get_effect_display()) if m.effect else "", m.effect_text) if part
            ),
        }
        for m in source.measures
        if source.sees(m.service, category_of(m.service, source.edition), False)
    ]


def levels(source: Sources) -> list[shape.Level]:
    """The BTI levels the case has been on, by the municipality's own names."""
    number = source.case.municipality.municipality_number or ""
    return [
        {
            "label": source.edition.level_label(change.to_level, number),
            "date": iso(timezone.localdate(change.changed_at)) or "",
            "reason": change.reason,
            "by": change.changed_by.name,
        }
        for change in source.levels
    ]


def voices(source: Sources) -> list[shape.ChildVoice]:
    """The child's and the family's own words, verbatim, with how they were obtained."""
    return [
        {
            "text": v.words,
            "lang": "",
            "how": v.how_obtained,
            "by": f"{v.recorded_by.name}, {v.service.name}",
            "date": iso(v.obtained_on or timezone.localdate(v.recorded_at)) or "",
        }
        for v in source.voices
        if v.words and (source.for_receiver or source.sees(v.service, category_of(v.service, source.edition), False))
    ]


def voice_missing(source: Sources) -> str:
    """Why the child's words are not there, when they are not."""
    return next((v.not_obtained_reason for v in source.voices if v.not_obtained_reason), "")
