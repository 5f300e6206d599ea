"""An emergency on the case's overview and timeline: who called whom, and when (6.1.5)."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.access import Viewer
from cases.event_words import add_words
from cases.models import Case
from cases.page import Entry, Panel, add_entries, add_panel
from cases.turned_away import turned_away
from portal.context import Actor
from portal.together import Rows
from referrals.actions.emergency import emergency_answer
from referrals.models import Consultation, EmergencyAssessment, Referral
from referrals.states import CONSULTATION

# An answer older than this is history: the timeline has it, the overview no longer.
SHOWN = dt.timedelta(days=90)

add_words(
    CONSULTATION.name,
    {
        Consultation.State.ASKED: (gettext_lazy("Sykehuset er spurt før henvisning"), "Chat"),
        Consultation.State.ANSWERED: (gettext_lazy("Drøfting med sykehuset er besvart"), "Chat"),
    },
    kind="referral",
)


def latest_emergency(case: Case, referral: Referral | None = None) -> EmergencyAssessment | None:
    """The newest answer of a case (of a referral in it, where given), knowing its case. One statement."""
    found = emergency_answer(referral) if referral else next(iter(_newest(case_id=case.pk)), None)
    if found is not None:
        found.case = case
    return found


@Rows
def _newest(*, case_id: uuid.UUID) -> "QuerySet[EmergencyAssessment]":
    rows = EmergencyAssessment.objects.filter(case=case_id, error_at__isnull=True)
    return rows.select_related("called_service", "assessed_by", "service").order_by("-assessed_at", "-id")[:1]


def emergency_in(actor: Actor, emergency_id: uuid.UUID) -> EmergencyAssessment:
    """One answer by its id, before its case is opened. Raises ``Stranger``."""
    found = EmergencyAssessment.objects.filter(pk=emergency_id).first()
    if found is None:
        raise turned_away(actor, "referral.emergency", EmergencyAssessment, emergency_id)
    return found


@add_panel
def emergency_panel(viewer: Viewer) -> Panel | None:
    """The newest yes: who called, whom, when; or that nobody is called yet. One statement."""
    found = latest_emergency(viewer.case)
    if found is None or not found.is_emergency or viewer.case.changed_at - found.assessed_at > SHOWN:
        return None
    return Panel(1, "referrals/_emergency_panel.html", {"emergency": found, "case": viewer.case})


@add_entries
def emergency_entries(viewer: Viewer) -> Iterator[Entry]:
    """Every answer, and every call."""
    rows = EmergencyAssessment.objects.filter(case=viewer.case, error_at__isnull=True)
    for row in rows.select_related("assessed_by", "service", "called_service"):
        title = _("Vurdert som øyeblikkelig hjelp") if row.is_emergency else _("Vurdert: ikke øyeblikkelig hjelp")
        yield Entry(at=row.assessed_at, title=title, who=row.assessed_by.name, service=row.service.name, icon="Phone",
                    kind="referral", subject_id=row.pk)  # fmt: skip
        if row.called_on is not None:
            called = _("%(who)s ble ringt") % {"who": row.called_name}
            yield Entry(at=row.called_on, title=called, who=row.assessed_by.name, service=row.service.name,
                        icon="Phone", kind="referral", subject_id=row.pk)  # fmt: skip
