"""The GP's assessment corrected while the hospital has the referral: it goes along with the next version."""

import datetime as dt
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn
from portal.timeframe import today
from referrals.actions.assess import section_texts, standing_assessment
from referrals.actions.conflict import stale
from referrals.actions.held import undecided
from referrals.models import GpAssessment, Referral
from referrals.states import WITH_HOSPITAL


def correct_assessment(
    *,
    referral: Referral,
    sections: dict[str, str],
    version: int,
    by: Actor,
    page: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> GpAssessment:
    """Rewrites an assessment written in the portal, which stays completed; what was sent stays in its version.

    ``version`` and ``page`` as in ``save_assessment``. The same text again changes nothing. Raises ``Invalid`` without
    text; ``Denied`` for another service than the one that wrote it; ``MovedOn`` while it is being made or once decided,
    where there is none written here, and where it was changed meanwhile.
    """
    now = now or timezone.now()
    check(by, "referral.assess", referral)
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        if undecided(referral).state not in WITH_HOSPITAL:
            raise MovedOn(_("Henvisningen er ikke sendt. Åpne vurderingen igjen der den er skrevet."))
        texts = section_texts(case, sections)
        if not any(texts.values()):
            raise Invalid(**{"": _("Skriv vurderingen.")})
        found = standing_assessment(referral)
        if found is None or found.source == GpAssessment.Source.EXTERNAL:
            raise MovedOn(_("Det er ingen vurdering skrevet i portalen å rette."))
        found.referral = referral
        check(by, "referral.correct_assessment", found)
        if found.sections == texts:
            return found
        if stale(version, page, version=found.version, written_in=found.written_in):
            raise MovedOn(
                _("%(who)s har endret vurderingen siden du åpnet siden. Se den, og lagre deretter din.")
                % {"who": found.recorded_by.name}
            )
        found.sections, found.version, found.written_in = texts, found.version + 1, page
        found.recorded_by, found.recorded_at = by.person, now
        found.completed_at, found.completed_by, found.assessed_on = now, by.person, today(now)
        found.save()
        audit.record(by, "assessment.corrected", found, case_id=case.pk, child_id=case.child_id, now=now)
    return found
