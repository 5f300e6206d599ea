"""Fetching one entry of a case through access: who may not see it meets 404, as if it did not exist."""

import uuid
from typing import Any

from cases.access import Viewer, cases_for, open_case
from cases.content import sees_writer
from cases.models import (
    Case,
    ChildVoice,
    Concern,
    Consent,
    Document,
    Guardian,
    Measure,
    SignedForm,
    StatutoryBasis,
    Withheld,
)
from cases.models.correctable import Correctable
from cases.sharing import category_of
from cases.signed_forms import reads_form
from cases.turned_away import turned_away
from guideline.editions import current_edition
from portal.access import Refusal, Stranger
from portal.context import Actor, as_job

KINDS: dict[str, type[Correctable]] = {
    "undring": Concern,
    "foresatt": Guardian,
    "samtykke": Consent,
    "skjema": SignedForm,
    "grunnlag": StatutoryBasis,
    "tiltak": Measure,
    "stemme": ChildVoice,
    "dokument": Document,
    "reservasjon": Withheld,
}


def open_entry(actor: Actor, kind: str, entry_id: uuid.UUID, what: str) -> tuple[Viewer, Any]:
    """An entry and the viewer of its case, with the access event. Raises ``Stranger``."""
    model = KINDS.get(kind)
    if model is None:
        raise Stranger()
    related = ("child",) if model is Guardian else ("service", "recorded_in") if model is Measure else ("service",)
    entry: Any = model._default_manager.select_related(*related).filter(pk=entry_id).first()
    if entry is None:
        raise _not_shown(actor, what, model, entry_id)
    viewer = open_case(actor, _case_id(actor, entry), what)
    entry.case = viewer.case
    if not seen(viewer, entry):
        raise Stranger(Refusal(what, entry._meta.label_lower, entry.pk, viewer.case.pk))
    return viewer, entry


def seen(viewer: Viewer, entry: Any) -> bool:
    """Whether the viewer sees an entry: what others wrote, only in a category that its consent covers."""
    if isinstance(entry, Document):
        return viewer.sees(entry.service_id, entry.category, sealed=entry.sealed)
    if isinstance(entry, SignedForm):
        return reads_form(viewer, entry.consent, entry)
    if isinstance(entry, Withheld):
        return viewer.reads(entry.service_id)
    if isinstance(entry, Measure):
        return sees_writer(viewer, entry.recorded_in)
    if isinstance(entry, ChildVoice | Concern):
        return viewer.sees(entry.service_id, category_of(entry.service, current_edition(viewer.case.community)))
    return True


def _case_id(actor: Actor, entry: Any) -> uuid.UUID:
    if not isinstance(entry, Guardian):
        found: uuid.UUID = entry.case_id
        return found
    # A guardian belongs to the child: the newest case of the child that the actor is in, the open ones first.
    case = cases_for(actor).filter(child=entry.child_id).order_by("-state", "-opened_at").first()
    if case is None:
        raise _not_shown(actor, "case.guardian", Guardian, entry.pk)
    return case.pk


def _not_shown(actor: Actor, what: str, model: type[Correctable], entry_id: uuid.UUID) -> Exception:
    """The refusal belongs in a log that somebody reads: for a guardian that of the child's newest case."""
    if model is not Guardian:
        return turned_away(actor, what, model, entry_id)
    with as_job():
        of_child = Case.objects.filter(child__guardians=entry_id).order_by("-opened_at")
        newest = of_child.values_list("pk", flat=True).first()
    return Stranger(Refusal("case.guardian", "cases.guardian", entry_id, newest) if newest else None)
