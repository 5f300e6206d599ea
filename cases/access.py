"""Fetching through access: every list and every page of a case starts here, and leaves its access event."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, CaseAccess, Scope
from portal import audit
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor
from portal.models import Role
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
    # What the basis rests on, where that has a row: «consent:<id>».
    decision: str = ""

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
# Roles that never meet a child: they lead a municipality, follow the network in numbers, or manage users.
NEVER_IN_CASES = frozenset({Role.MUNICIPALITY_LEADER, Role.SECRETARIAT, Role.USER_ADMINISTRATOR})
# Intake sees the referral as sent and the consultation, whatever else the department has a basis for.
INTAKE_SCOPES = frozenset({Scope.REFERRAL, Scope.CONSULTATION})


def opens(role: str, scope: str) -> bool:
    """Whether a role can use a scope that its service has: access belongs to the service, but not to all who work
    there."""
    if role in NEVER_IN_CASES:
        return False
    return role != Role.INTAKE or scope in INTAKE_SCOPES


# Rows with this basis open a page of the service's own words, for ever. Whom it is about stands in another row, for as
# long as the service may know.
OWN_PAGE = "contribution:"


def cases_for(actor: Actor, *scopes: str, now: dt.datetime | None = None) -> QuerySet[Case]:
    """The cases the acting service has a place in now (scope ``case`` unless others are named). The list filter."""
    wanted = [scope for scope in scopes or (Scope.CASE,) if opens(actor.role, scope)]
    rows = CaseAccess.objects.in_force(now or timezone.now()).filter(principal_id=actor.service_id, scope__in=wanted)
    return Case.objects.filter(pk__in=rows.values("case_id"))


def visible(actor: Actor, *scopes: str, now: dt.datetime | None = None) -> Exists:
    """A filter for tables with a ``case``: the acting service has one of the scopes in it now."""
    wanted = [scope for scope in scopes or (Scope.CASE,) if opens(actor.role, scope)]
    return Exists(
        CaseAccess.objects.in_force(now or timezone.now()).filter(
            case_id=OuterRef("case_id"), principal_id=actor.service_id, scope__in=wanted
        )
    )


def names(actor: Actor, now: dt.datetime) -> Exists:
    """A filter for tables with a ``case``: the acting service may know whose case it is (as its pages say)."""
    wanted = [scope for scope in Scope.values if opens(actor.role, scope)]
    rows = CaseAccess.objects.in_force(now).filter(principal_id=actor.service_id, scope__in=wanted)
    return Exists(rows.filter(case_id=OuterRef("case_id")).exclude(basis__startswith=OWN_PAGE))


def viewer_of(actor: Actor, case: Case, now: dt.datetime | None = None) -> Viewer:
    """What the acting service may see of a case, as far as the role opens it. One statement."""
    every = list(
        CaseAccess.objects.in_force(now or timezone.now())
        .filter(case=case, principal_id=actor.service_id)
        .values_list("scope", "basis")
    )
    rows = [(scope, basis) for scope, basis in every if opens(actor.role, scope)]
    basis = next((b for s, b in rows if s == Scope.CASE), rows[0][1] if rows else "")
    scopes = frozenset(scope for scope, _basis in rows)
    withheld = frozenset(scope for scope, _basis in every) - scopes
    return Viewer(actor, case, scopes, basis.split(":")[0], withheld, basis if ":" in basis else "")


def open_case(actor: Actor, case_id: uuid.UUID, what: str, *, scopes: tuple[str, ...] = (Scope.CASE,)) -> Viewer:
    """A case for reading: the viewer, with the access event written. Strangers meet 404, roles of the service that have
    no business in a case 403; both leave a refusal.

    ``what`` is the code of the page, such as ``case.overview``. Three statements.
    """
    case = next(iter(_case(case_id=case_id)), None)
    if case is None:
        raise Stranger()
    viewer = viewer_of(actor, case)
    if not viewer.scopes & set(scopes):
        refusal = Refusal(verb=what, subject_type="cases.case", subject_id=case_id, case_id=case_id)
        if viewer.withheld & set(scopes):
            raise Denied(_("Rollen din gir ikke innsyn i saker. Andre i tjenesten kan ha det."), refusal)
        raise Stranger(refusal)
    audit.record_read(
        actor,
        what,
        case,
        case_id=case.pk,
        child_id=case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
    )
    return viewer


@Rows
def _case(*, case_id: uuid.UUID) -> QuerySet[Case]:
    """A case with what its pages and rights look at."""
    return Case.objects.filter(pk=case_id).select_related(*READ_WITH)
