"""Fetching consultations through access: both sides, and those in the case whom consent lets see the child's health."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from cases.access import READ_WITH, Viewer, viewer_of, visible
from cases.models import Case, Category, Scope
from cases.rights import offered
from cases.turned_away import turned_away
from portal import audit
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor, as_job
from portal.rights import can
from referrals.models import Consultation, Referral
from referrals.states import BEING_MADE

WHAT = "consultation.read"


@dataclass(frozen=True)
class ConsultationViewer:
    """An actor looking at one consultation: which side they are on, and what a nameless one lets them know."""

    actor: Actor
    consultation: Consultation
    viewer: Viewer | None

    @property
    def case(self) -> Case | None:
        """The case, for those who may know which it is."""
        return self.consultation.case if self.knows_child else None

    @property
    def is_department(self) -> bool:
        """Whether the acting service is the one that was asked."""
        return self.actor.service_id == self.consultation.department_id

    @property
    def knows_child(self) -> bool:
        """Whether the viewer may know whom it is about."""
        return self.consultation.case_id is not None and (not self.is_department or not self.consultation.nameless)

    @property
    def locates(self) -> bool:
        """Whether place and service can be shown: never to the department for a protected child."""
        return not self.is_department or self.consultation.located


def open_consultation(actor: Actor, consultation_id: uuid.UUID) -> ConsultationViewer:
    """A consultation for reading, with its access event. Three statements; 404 for strangers, 403 without the right."""
    found = (
        Consultation.objects.select_related(
            "department", "asked_in__organisation", "asked_by", "answered_by", "other_unit", "referral__receiver",
            *(f"case__{name}" for name in READ_WITH),
        )
        .filter(pk=consultation_id)
        .first()
    )  # fmt: skip
    if found is None:
        raise turned_away(actor, WHAT, Consultation, consultation_id, scopes=(Scope.CASE, Scope.CONSULTATION))
    viewer = viewer_of(actor, found.case) if found.case is not None else None
    refusal = Refusal(WHAT, "referrals.consultation", found.pk, found.case_id)
    if not _may_see(actor, found, viewer):
        raise Stranger(refusal)
    _mark_places([found])
    if not can(actor, WHAT, found):
        raise Denied(_("Rollen din gir ikke innsyn i drøftinger."), refusal)
    audit.record_read(
        actor,
        WHAT,
        found,
        case_id=found.case_id,
        child_id=found.case.child_id if found.case else None,
        basis=viewer.basis if viewer and viewer.basis else "consultation",
        decision=viewer.decision if viewer else "",
    )
    return ConsultationViewer(actor, found, viewer)


def _may_see(actor: Actor, consultation: Consultation, viewer: Viewer | None) -> bool:
    """The department while consent lets it know the child, or when it knows none; the case's own people by consent.

    The service that asked is one of those: it sees the consultation while it has a place in the case. A scope that the
    role does not open counts here: the right says no, with a sentence.
    """
    own = actor.service_id
    if viewer is None:
        return own in {consultation.department_id, consultation.asked_in_id}
    places = viewer.scopes | viewer.withheld
    if own == consultation.department_id and (consultation.nameless or Scope.CONSULTATION in places):
        return True
    if Scope.CASE not in places:
        return False
    holder = viewer.case.holder.service_id == own
    return holder or viewer.sees(consultation.asked_in_id, Category.HEALTH)


def of_department(actor: Actor) -> list[Consultation]:
    """The department's consultations: those that wait for an answer first, soonest due first, then the newest answered.

    Named ones only while consent lets the department know the child. One bulk access event for them. Two statements.
    """
    known = Q(nameless=True) | Q(case__isnull=True) | Q(visible(actor, Scope.CONSULTATION))
    rows = list(
        Consultation.objects.filter(known, department_id=actor.service_id, error_at__isnull=True)
        .select_related("asked_in__organisation", "case__child", "case__municipality")
        .order_by(F("answered_at").desc(nulls_first=True), "due_on", "id")[:200]
    )
    _mark_places(rows)
    named = [row.case for row in rows if row.case is not None and not row.nameless]
    audit.record_list_read(actor, "consultation.list", [(case.pk, case.child_id) for case in named])
    return rows


def _mark_places(rows: Sequence[Consultation]) -> None:
    """Gives each ``located``, whether place and service can be shown to the department, and ``place``, the child's
    municipality where it can. The case of a nameless one is not shown to the department, so its place is asked for as
    the job role. One statement more for such."""
    unseen = {row.case_id for row in rows if row.case_id is not None and row.case is None}
    cases = {row.case.pk: row.case for row in rows if row.case is not None}
    if unseen:
        with as_job():
            found = Case.objects.filter(pk__in=unseen).select_related("child", "municipality")
            cases |= {case.pk: case for case in found}
    for row in rows:
        case = cases.get(row.case_id) if row.case_id else None
        row.located = case is None or not case.child.protected
        row.place = case.municipality.name if case is not None and row.located else ""


def consultations_of(viewer: Viewer) -> list[Consultation]:
    """The consultations of a case that the viewer may see, and those the department recorded for the holder's service
    without a case, newest first. One statement."""
    own = viewer.case.holder.service_id == viewer.actor.service_id
    mine = Q(case=viewer.case)
    if own:
        mine |= Q(case__isnull=True, asked_in_id=viewer.actor.service_id)
    rows = (
        Consultation.objects.filter(mine, error_at__isnull=True)
        .select_related("department", "asked_in", "asked_by", "other_unit", "referral__receiver")
        .order_by("-asked_at", "-id")[:50]
    )
    return [row for row in rows if own or _may_see(viewer.actor, row, viewer)]


def consultations_context(viewer: Viewer, referrals: Iterable[Referral] = ()) -> dict[str, Any]:
    """What ``referrals/_consultations.html`` needs on the Henvisning section of a case. One statement."""
    rows = consultations_of(viewer)
    may_attach = offered(viewer, "consultation.attach")
    return {
        "consultations": [row for row in rows if row.case_id is not None],
        "unplaced": [row for row in rows if row.case_id is None],
        "may_consult": offered(viewer, "consultation.ask"),
        # The referrals being made that one of the unplaced can be attached to.
        "attachable": attachable_to(list(referrals)) if may_attach else [],
    }


def attachable_to(referrals: Sequence[Referral]) -> list[Referral]:
    """The referrals a consultation can still be attached to."""
    return [referral for referral in referrals if referral.state in BEING_MADE]
