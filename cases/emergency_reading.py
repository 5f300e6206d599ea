"""Finding a case in an emergency, and fetching an emergency access: for the holder's side, the person who opened the
case, and their leaders."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.duplicates import same_child
from cases.inbox import LEADING
from cases.models import Case, EmergencyAccess
from cases.national_number import hashes
from cases.turned_away import turned_away
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor, as_job
from portal.identity.fnr import NationalNumber
from portal.models import AuditEvent
from portal.rights import check

WHAT = "case.emergency_access_read"


@dataclass(frozen=True)
class Found:
    """The case of a child, or why none could be told, and at which field."""

    case_id: uuid.UUID | None
    problem: str = ""
    field: str = "number"


def look_up(actor: Actor, *, number: NationalNumber | None, name: str, birth_date: dt.date | None) -> Found:
    """The case of a child looked for in an emergency: the open one, else the newest. Nothing of it but its id.

    Every look-up is logged, also one that finds nothing. As the job role: nobody has a place in the case yet.
    """
    check(actor, "case.emergency_access")
    with as_job():
        # A number decides alone. By name only where one child fits; the cases of one number are of one child.
        same = same_child("", None, hashes(number)) if number else same_child(name, birth_date, ())
        found = list(Case.objects.filter(same, merged_into=None).order_by("-state", "-opened_at")[:9])
    children = {case.child_id for case in found}
    audit.record(actor, "case.emergency_search", kind=AuditEvent.Kind.SEARCH, detail={"children": len(children)})
    if not found:
        problem = _("Fant ingen sak for dette barnet. Sjekk opplysningene, eller ring tjenestene som kjenner barnet.")
        return Found(None, problem, "number" if number else "name")
    if number is None and len(children) > 1:
        return Found(None, _("Flere barn har samme navn og fødselsdato. Oppgi fødselsnummer."))
    return Found(found[0].pk)


def open_emergency_access(actor: Actor, access_id: uuid.UUID) -> EmergencyAccess:
    """One emergency access with its case, and the access event. Raises ``Stranger``.

    A leader reads who, when and why, with the case's reference; nothing of the child.
    """
    access = EmergencyAccess.objects.select_related("service", "opened_by", "ended_by", "reviewed_by").filter(
        pk=access_id
    ).first()  # fmt: skip
    if access is None:
        raise turned_away(actor, WHAT, EmergencyAccess, access_id)
    with as_job():
        # A leader has no place in the case; what is told of it is its reference and who holds it.
        access.case = Case.objects.select_related("child", "community", "holder__service", "holder__user").get(
            pk=access.case_id
        )
    leads = actor.has_role(*LEADING) and actor.service_id in {access.service_id, access.case.holder.service_id}
    if not (leads or with_holder(actor, access) or opened_it(actor, access)):
        raise Stranger(Refusal(WHAT, "cases.emergencyaccess", access.pk, access.case_id))
    audit.record_read(actor, WHAT, access, case_id=access.case_id, child_id=access.case.child_id)
    return access


def with_holder(actor: Actor, access: EmergencyAccess) -> bool:
    """Whether the actor acts in the service that holds the case."""
    return actor.service_id == access.case.holder.service_id


def opened_it(actor: Actor, access: EmergencyAccess) -> bool:
    """Whether the actor is the person who opened the case."""
    return actor.user is not None and access.opened_by_id == actor.user.pk
