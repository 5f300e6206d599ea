"""Fetching through access: every list and every page of a case starts here, and leaves its access event."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, CaseAccess, Scope
from cases.role_scopes import opens
from cases.turned_away import turned_away
from portal import audit
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor
from portal.together import Rows


@dataclass(frozen=True)
class Viewer:
    """An actor looking at one case: which scopes the acting service has, and by what basis."""

    actor: Actor
    case: Case
    scopes: frozenset[str]
    basis: str
    # What the service has, but the role of this person does not open.
    withheld: frozenset[str] = frozenset()
    # Until when the place lasts, where it has an end.
    until: dt.datetime | None = None
    # What the basis rests on, where that has a row: «consent:<id>».
    decision: str = ""
    # Whether the viewer is here to help in an emergency, and for nothing else: then nothing is written.
    in_emergency: bool = False

    def sees(self, service_id: uuid.UUID, category: str, *, sealed: bool = False) -> bool:
        """Whether the acting service sees an item: its own, or one of a category its consent covers.

        A sealed item is seen by its author, and by the referrer in the referral alone.
        """
        if service_id == self.actor.service_id:
            return True
        return not sealed and f"items_{category}" in self.scopes

    def reads(self, *services: uuid.UUID | None) -> bool:
        """Whether the viewer reads a reason or a note: the holder's side, and the services given (its author's, and one
        that it is about). All others in the case see that it is there, by whom and when.
        """
        return self.actor.service_id in {self.case.holder.service_id, *services}

    @property
    def has_case(self) -> bool:
        """Whether the whole case page is open to the acting service."""
        return Scope.CASE in self.scopes


# What pages and rights of a case look at, so that neither costs a statement of its own.
READ_WITH = (
    "child__municipality",
    "community",
    "municipality",
    "opened_in",
    "holder__user",
    "holder__service__organisation",
)
# Let in alone and for some hours, to help in an emergency (``cases.actions.emergency_access``).
EMERGENCY = "emergency"
# Rows with this basis open a page of the service's own words, for ever. Whom it is about stands in another row, for as
# long as the service may know.
OWN_PAGE = "contribution:"


def cases_for(actor: Actor, *scopes: str, now: dt.datetime | None = None) -> QuerySet[Case]:
    """The cases the acting service has a place in now (scope ``case`` unless others are named). The list filter."""
    wanted = [scope for scope in scopes or (Scope.CASE,) if opens(actor.role, scope)]
    rows = CaseAccess.objects.in_force(now or timezone.now()).filter(
        principal_id__in=actor.principals, scope__in=wanted
    )
    return Case.objects.filter(pk__in=rows.values("case_id"))


def visible(actor: Actor, *scopes: str, now: dt.datetime | None = None) -> Exists:
    """A filter for tables with a ``case``: the acting service has one of the scopes in it now."""
    wanted = [scope for scope in scopes or (Scope.CASE,) if opens(actor.role, scope)]
    return Exists(
        CaseAccess.objects.in_force(now or timezone.now()).filter(
            case_id=OuterRef("case_id"), principal_id__in=actor.principals, scope__in=wanted
        )
    )


def names(actor: Actor, now: dt.datetime) -> Exists:
    """A filter for tables with a ``case``: the acting service may know whose case it is (as its pages say)."""
    wanted = [scope for scope in Scope.values if opens(actor.role, scope)]
    rows = CaseAccess.objects.in_force(now).filter(principal_id__in=actor.principals, scope__in=wanted)
    return Exists(rows.filter(case_id=OuterRef("case_id")).exclude(basis__startswith=OWN_PAGE))


def viewer_of(actor: Actor, case: Case, now: dt.datetime | None = None) -> Viewer:
    """What the acting service may see of a case, as far as the role opens it. One statement."""
    every = list(
        CaseAccess.objects.in_force(now or timezone.now())
        .filter(case=case, principal_id__in=actor.principals)
        .values_list("scope", "basis", "until")
    )
    # A place of the service's own before one for an emergency: it may do more, and needs no explaining. But what only
    # the emergency opens is read on its basis.
    rows = sorted((row for row in every if opens(actor.role, row[0])), key=_for_emergency)
    own = {row[0] for row in rows if not _for_emergency(row)}
    wider = next((row for row in rows if row[0] not in own), None)
    basis, until = next(((b, u) for s, b, u in rows if s == Scope.CASE), rows[0][1:] if rows else ("", None))
    if wider is not None and _for_emergency(wider):
        basis, until = wider[1:]
    scopes = frozenset(row[0] for row in rows)
    withheld = frozenset(row[0] for row in every) - scopes
    only_to_read = Scope.CASE in scopes and Scope.CASE not in own
    case.only_to_read = only_to_read
    decision = basis if ":" in basis else ""
    return Viewer(actor, case, scopes, basis.split(":")[0], withheld, until, decision, only_to_read)


def _for_emergency(row: tuple[str, str, dt.datetime | None]) -> bool:
    return row[1].startswith(f"{EMERGENCY}:")


def open_case(
    actor: Actor, case_id: uuid.UUID, what: str, *, scopes: tuple[str, ...] = (Scope.CASE,), recorded: bool = True
) -> Viewer:
    """A case for reading: the viewer, with the access event written. Strangers meet 404, roles of the service that have
    no business in a case 403; both leave a refusal.

    ``what`` is the code of the page, such as ``case.overview``. ``recorded`` is False where a file is handed out, which
    leaves an event of its own. Three statements.
    """
    case = next(iter(_case(case_id=case_id)), None)
    if case is None:
        raise turned_away(actor, what, Case, case_id, scopes=scopes)
    viewer = viewer_of(actor, case)
    if not viewer.scopes & set(scopes):
        refusal = Refusal(verb=what, subject_type="cases.case", subject_id=case_id, case_id=case_id)
        if viewer.withheld & set(scopes):
            raise Denied(_("Rollen din gir ikke innsyn i saker. Andre i tjenesten kan ha det."), refusal)
        raise Stranger(refusal)
    if recorded:
        record_opened(viewer, what)
    return viewer


def record_opened(viewer: Viewer, what: str) -> None:
    """The access event of a page of the case."""
    case = viewer.case
    audit.record_read(
        viewer.actor,
        what,
        case,
        case_id=case.pk,
        child_id=case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
    )


@Rows
def _case(*, case_id: uuid.UUID) -> QuerySet[Case]:
    """A case with what its pages and rights look at."""
    return Case.objects.filter(pk=case_id).select_related(*READ_WITH)
