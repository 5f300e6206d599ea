"""What a case carries into a referral by itself, for the page that starts one: so that nothing is typed twice."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cases.access import Viewer
from cases.case_facts import CaseFacts
from cases.entries import seen
from cases.models import Case, ChildVoice, Concern, Consent, Measure
from portal.timeframe import today
from portal.together import Together


@dataclass(frozen=True)
class Carried:
    """The case's entries that the viewer sees, in the order of the document."""

    concerns: list[Concern]
    measures: list[Measure]
    voices: list[ChildVoice]
    consents: list[Consent]
    guardians: tuple[Any, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to carry in yet."""
        return not (self.concerns or self.measures or self.voices or self.consents or self.guardians)


def carried_in(viewer: Viewer, facts: CaseFacts) -> Carried:
    """Concerns, measures with effect, the child's words, guardians and consents in force. One statement."""
    case, now = viewer.case, timezone.now()
    found = _read(case_id=case.pk)
    for rows in (found["concerns"], found["measures"], found["voices"]):
        for row in rows:
            row.case = case
    return Carried(
        concerns=[row for row in found["concerns"] if seen(viewer, row)],
        measures=[row for row in found["measures"] if seen(viewer, row)],
        voices=[row for row in found["voices"] if seen(viewer, row)],
        consents=[row for row in found["consents"] if row.valid_until is None or row.valid_until >= today(now)],
        guardians=facts.guardians,
    )


@Together
def _read(*, case_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """What is not marked feilregistrert."""
    ours = {"case": case_id, "error_at__isnull": True}
    return Case.objects.filter(pk=case_id), {
        "concerns": Concern.objects.filter(**ours).select_related("service", "recorded_by"),
        "measures": Measure.objects.filter(**ours).select_related("service", "recorded_in"),
        "voices": ChildVoice.objects.filter(**ours).select_related("service", "recorded_by"),
        "consents": Consent.objects.filter(**ours, decision=Consent.Decision.GIVEN, withdrawn_at__isnull=True),
    }
