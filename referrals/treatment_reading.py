"""Reading when treatment began, for the department and for those who may know the outcome."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.page import Entry, add_entries
from referrals.models import Referral, TreatmentStart
from referrals.outcome_reading import reads_outcomes


def starts_of(referral: Referral) -> list[TreatmentStart]:
    """Every start recorded, those marked as feilregistrert too, in order. One statement."""
    found = TreatmentStart.objects.filter(referral=referral)
    return list(found.select_related("service", "recorded_by", "error_by"))


def standing_of(starts: Iterable[TreatmentStart]) -> TreatmentStart | None:
    """The one of them that holds."""
    return next((start for start in starts if not start.in_error), None)


def has_started(referral: Referral) -> bool:
    """Whether a start that holds is recorded. One statement."""
    return standing_of(starts_of(referral)) is not None


@add_entries
def treatment_entries(viewer: Viewer) -> Iterator[Entry]:
    """That treatment began, for those who may know that a right was given. One statement."""
    if not reads_outcomes(viewer):
        return
    found = TreatmentStart.objects.filter(referral__case=viewer.case, error_at__isnull=True)
    for start in found.select_related("service", "recorded_by"):
        title = _("Behandlingen på sykehuset startet %(date)s") % {"date": start.started_on.strftime("%d.%m.%Y")}
        yield Entry(at=start.recorded_at, title=title, who=start.recorded_by.name, service=start.service.name,
                    icon="Calendar", kind="referral", subject_id=start.pk)  # fmt: skip
