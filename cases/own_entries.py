"""What a service has written itself, which it keeps the sight of when the case is closed and the rest is shut."""

import uuid
from dataclasses import dataclass

from cases.access import Viewer
from cases.models import Case, ChildVoice, Concern, Document, Measure


@dataclass(frozen=True)
class OwnEntries:
    """The acting service's own entries, oldest first, those marked feilregistrert included."""

    concerns: list[Concern]
    measures: list[Measure]
    voices: list[ChildVoice]
    documents: list[Document]


def own_entries(viewer: Viewer) -> OwnEntries:
    """Everything the acting service has written in the case. Four statements."""
    case, service_id = viewer.case, viewer.actor.service_id
    written = {"case": case, "service": service_id}
    return OwnEntries(
        concerns=list(Concern.objects.filter(**written).select_related("recorded_by")),
        measures=list(Measure.objects.filter(case=case, recorded_in=service_id).select_related("service")),
        voices=list(ChildVoice.objects.filter(**written).select_related("recorded_by")),
        documents=list(Document.objects.filter(**written).select_related("recorded_by")),
    )


def authors_in(case: Case) -> set[uuid.UUID]:
    """The services that have written something in a case. One statement."""
    found = Concern.objects.filter(case=case).values_list("service_id")
    others = (
        Measure.objects.filter(case=case).values_list("recorded_in_id"),
        ChildVoice.objects.filter(case=case).values_list("service_id"),
        Document.objects.filter(case=case).values_list("service_id"),
    )
    return {service_id for (service_id,) in found.order_by().union(*(rows.order_by() for rows in others))}
