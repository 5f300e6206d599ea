"""Who may do what in a case. The position towards the case is worked out here; docs/access.md is the same table by
hand."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.access import Viewer
from cases.models import Case, CaseAccess, Scope
from cases.role_scopes import NEVER_IN_CASES
from portal.context import Actor
from portal.models import Role, ServiceKind
from portal.rights import can, define

# Who works with the child, each in their own service; a clinician where the department takes part in the case.
PROFESSIONALS = {
    Role.COORDINATOR,
    Role.COORDINATING_UNIT,
    Role.EMERGENCY_CLINIC,
    Role.CHILD_OFFICER,
    Role.CONTRIBUTOR,
    Role.GP,
    Role.PSYCHOLOGIST,
    Role.CHILD_PROTECTION_LEADER,
    Role.CLINICIAN,
}
COORDINATORS = {Role.COORDINATOR, Role.COORDINATING_UNIT}
LEADERS = {Role.SERVICE_LEADER, Role.DEPUTY}
EMERGENCY_SERVICES = {
    ServiceKind.BUP,
    ServiceKind.HABU,
    ServiceKind.CHILDRENS_WARD,
    ServiceKind.ADULT_DEPARTMENT,
    ServiceKind.EMERGENCY_CLINIC,
}
AWAY = {
    ServiceKind.BUP,
    ServiceKind.HABU,
    ServiceKind.CHILDRENS_WARD,
    ServiceKind.ADULT_DEPARTMENT,
    ServiceKind.SECRETARIAT,
    ServiceKind.PORTAL_ADMINISTRATION,
}


def case_of(subject: Any) -> Case:
    """The case a subject belongs to: the case itself, or its ``case``."""
    return subject if isinstance(subject, Case) else subject.case


def in_case(actor: Actor, subject: Any) -> bool:
    """The acting service has a place in the case now. A viewer knows it already, and costs no statement.

    Emergency access is a person's, to read by: it gives none of these rights."""
    if isinstance(subject, Viewer):
        return subject.has_case and not subject.in_emergency
    case = case_of(subject)
    if actor.service_id == case.holder.service_id:
        return True
    return (
        CaseAccess.objects.in_force(timezone.now())
        .filter(case=case, principal_id=actor.service_id, scope=Scope.CASE)
        .exists()
    )


def holds(actor: Actor, subject: Any) -> bool:
    """The actor is the case holder in person, acting in the same service and in a role that meets children."""
    holder = case_of(subject).holder
    if actor.user is None or actor.role in NEVER_IN_CASES:
        return False
    return holder.user_id == actor.user.pk and holder.service_id == actor.service_id


def with_holder(actor: Actor, subject: Any) -> bool:
    """The actor acts in the holder's service, and so can stand in for the holder."""
    return actor.service_id == case_of(subject).holder.service_id


def own_service(actor: Actor, subject: Any) -> bool:
    """The subject was written in the acting service; of a measure that is who wrote it, not who is to do it."""
    author = getattr(subject, "recorded_in_id", None) or subject.service_id
    return bool(actor.service_id == author)


def author_or_holder_side(actor: Actor, subject: Any) -> bool:
    """Written in the acting service, or the actor can stand in for the holder. Not by emergency access, also where the
    service wrote it once."""
    return (own_service(actor, subject) and not case_of(subject).only_to_read) or with_holder(actor, subject)


def offered_to(actor: Actor, subject: Any) -> bool:
    """The hand-over is offered to this person, acting in the service it was offered in."""
    membership = subject.membership
    return actor.user is not None and membership.user_id == actor.user.pk and membership.service_id == actor.service_id


def of_a_colleague(actor: Actor, subject: Any) -> bool:
    """What another person did for the acting service."""
    return actor.user is not None and actor.service_id == subject.service_id and subject.user_id != actor.user.pk


def near_the_child(actor: Actor, subject: Any) -> bool:
    """The acting service is one of the municipality's: a case is never begun, nor held, by the hospital alone."""
    return actor.service is not None and actor.service.kind not in AWAY


def helps_in_emergencies(actor: Actor, subject: Any) -> bool:
    """The acting service is one of those that take emergencies: the hospital's departments, and the legevakt."""
    return actor.service is not None and actor.service.kind in EMERGENCY_SERVICES


def opened_or_holder_side(actor: Actor, subject: Any) -> bool:
    """The actor opened the case in the emergency, or can stand in for the holder."""
    opened = actor.user is not None and subject.opened_by_id == actor.user.pk
    return opened or with_holder(actor, subject)


# What an action does in a closed case too: open it again, take a consent back, and mark what was wrongly entered.
ALSO_CLOSED = frozenset({"case.close", "case.withdraw_consent", "case.mark_error"})


def offered(viewer: Viewer, verb: str, subject: Any = None) -> bool:
    """Whether a page of the case offers what the verb does: the actor may (to ``subject``, else in the case), and the
    state of the case lets the action. Every button of a case asks here, so none leads to «saken er avsluttet»."""
    if viewer.case.state == Case.State.CLOSED and verb not in ALSO_CLOSED:
        return False
    return can(viewer.actor, verb, viewer if subject is None else subject)


def reviews_another(actor: Actor, subject: Any) -> bool:
    """The actor can stand in for the holder, and somebody else opened the case in the emergency."""
    return with_holder(actor, subject) and subject.opened_by_id != actor.person.pk


def holds_and_reviews_another(actor: Actor, subject: Any) -> bool:
    """The holder in person, and somebody else opened the case."""
    return holds(actor, subject) and subject.opened_by_id != actor.person.pk


NOT_HERE = _("Rollen din gir ikke rett til dette i saken.")
ONLY_HOLDER = _("Bare stafettholderen, eller en koordinator i samme tjeneste, kan gjøre dette.")

define(
    "case.open",
    roles=(PROFESSIONALS - {Role.CLINICIAN}) | LEADERS,
    position=near_the_child,
    message=_("Saker opprettes av tjenestene i kommunen. Rollen eller tjenesten din kan ikke opprette saker."),
)
define("case.read", roles=PROFESSIONALS | LEADERS, position=in_case, message=NOT_HERE)


def may_search(actor: Actor) -> bool:
    """Whether the list of cases is open to the actor."""
    return can(actor, "case.search")


define("case.search", roles=PROFESSIONALS | LEADERS, message=_("Rollen din kan ikke søke i saker."))
define("case.read_log", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.record_concern", roles=PROFESSIONALS | LEADERS, position=in_case, message=NOT_HERE)
define("case.inform_guardians", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.change_level", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.mark_step", roles=PROFESSIONALS, position=in_case, in_person=holds, message=NOT_HERE)
define("case.offer_holder", roles=COORDINATORS | LEADERS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.change_child", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.manage_participants", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.manage_guardians", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.record_consent", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.withdraw_consent", roles=PROFESSIONALS, position=in_case, in_person=holds, message=NOT_HERE)
define("case.record_statutory_basis", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.record_voice", roles=PROFESSIONALS, position=in_case, in_person=holds, message=NOT_HERE)
define("case.record_measure", roles=PROFESSIONALS, position=in_case, in_person=holds, message=NOT_HERE)
define("case.evaluate_measure", roles=PROFESSIONALS, position=author_or_holder_side, in_person=holds, message=NOT_HERE)
define("case.add_document", roles=PROFESSIONALS, position=in_case, in_person=holds, message=NOT_HERE)
define("case.mark_error", roles=PROFESSIONALS, position=author_or_holder_side, in_person=holds, message=NOT_HERE)
define("case.reserve", roles=PROFESSIONALS, position=author_or_holder_side, in_person=holds, message=NOT_HERE)
define("case.waive", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("case.close", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define(
    "case.merge",
    roles={Role.COORDINATING_UNIT},
    position=in_case,
    message=_("Bare koordinerende enhet, med tilgang til begge sakene, kan slå dem sammen."),
)
define(
    "case.answer_offer",
    roles=(PROFESSIONALS - {Role.CLINICIAN}) | LEADERS,
    position=offered_to,
    message=_("Bare den som er spurt om å bli stafettholder, kan svare."),
)
define("case.record_acquaintance", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define(
    "unusual.read",
    roles=LEADERS,
    message=_("Bare lederen i tjenesten og stedfortrederen ser uvanlige oppslag."),
)
define(
    "unusual.look_at",
    roles=LEADERS,
    position=of_a_colleague,
    message=_("Du kan ikke gå gjennom dine egne oppslag, eller andre tjenesters. Stedfortrederen kan."),
)
define(
    "task.reassign",
    roles=LEADERS,
    position=own_service,
    message=_("Bare lederen i tjenesten kan flytte oppgaver."),
)
define(
    "case.emergency_access",
    roles={Role.EMERGENCY_CLINIC, Role.CLINICIAN, Role.PSYCHOLOGIST},
    position=helps_in_emergencies,
    message=_("Nødtilgang er for helsepersonell på legevakten og sykehuset."),
)
define("case.end_emergency_access", roles=PROFESSIONALS, position=opened_or_holder_side, message=NOT_HERE)
define(
    "case.review_emergency_access",
    roles=COORDINATORS,
    position=reviews_another,
    in_person=holds_and_reviews_another,
    message=_("Det er stafettholderens tjeneste som går gjennom nødtilgang, og ingen går gjennom sin egen."),
)
