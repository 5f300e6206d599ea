"""The child's own words, and the family's: verbatim with how they came, or why they were not obtained (6.0)."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, ChildVoice
from cases.repeats import just_recorded
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.timeframe import today


def record_voice(
    *,
    case: Case,
    speaker: str = "child",
    words: str = "",
    how_obtained: str = "",
    obtained_on: dt.date | None = None,
    not_obtained_reason: str = "",
    by: Actor,
    now: dt.datetime | None = None,
) -> ChildVoice:
    """Records words verbatim with how and when they were obtained, or a reasoned «not obtained». Exactly one.

    Raises ``Denied``, ``Invalid``.
    """
    now = now or timezone.now()
    check(by, "case.record_voice", case)
    assert by.user is not None
    assert by.service is not None
    _validate(words, how_obtained, obtained_on, not_obtained_reason, today(now))
    with case_work(case, by=by, now=now, access=False) as case:
        columns = {
            "speaker": speaker,
            "words": words,
            "how_obtained": how_obtained if words.strip() else "",
            "obtained_on": obtained_on if words.strip() else None,
            "not_obtained_reason": not_obtained_reason,
        }
        again = just_recorded(ChildVoice, by=by, now=now, case=case, **columns)
        if again:
            return again
        voice = ChildVoice.objects.create(
            case=case, service=by.service, recorded_at=now, recorded_by=by.user, **columns
        )
        detail = {"speaker": speaker, "obtained": bool(words.strip())}
        audit.record(by, "voice.recorded", voice, case_id=case.pk, child_id=case.child_id, now=now, detail=detail)
    return voice


def _validate(words: str, how: str, on: dt.date | None, reason: str, day: dt.date) -> None:
    if words.strip() and reason.strip():
        raise Invalid(not_obtained_reason=_("Skriv enten ordene eller hvorfor de ikke er innhentet, ikke begge deler."))
    if not words.strip() and not reason.strip():
        raise Invalid(words=_("Skriv ordene, eller hvorfor de ikke er innhentet."))
    if words.strip() and not how.strip():
        raise Invalid(how_obtained=_("Skriv hvordan ordene kom fram."))
    if words.strip() and on is None:
        raise Invalid(obtained_on=_("Skriv datoen ordene ble sagt eller skrevet."))
    if on and on > day:
        raise Invalid(obtained_on=_("Datoen kan ikke være fram i tid."))
