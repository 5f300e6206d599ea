"""What to answer one to whom the database shows nothing: a stranger, or somebody whose role has no business there.

The row itself never leaves this module: only which case the attempt was about, for the log, and what the acting service
has there that the person's role does not open.
"""

import uuid

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, CaseAccess, Scope
from cases.role_scopes import opens
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor, as_job

# How a row leads to its case, by the first of these that its model has.
WAYS = ("case", "referral", "contribution", "consent")


def turned_away(
    actor: Actor,
    what: str,
    model: type[Model],
    pk: uuid.UUID,
    *,
    scopes: tuple[str, ...] = (Scope.CASE,),
    message: str = "",
) -> Denied | Stranger:
    """The exception to raise where the acting service was shown no such row: 403 where the service has a place of the
    scopes that the role does not open, else 404; both leave a refusal in the log of the case, if there is one."""
    way = way_to_case(model)
    mine = CaseAccess.objects.in_force(timezone.now()).filter(principal_id__in=actor.principals)
    places = ArraySubquery(mine.filter(case_id=OuterRef(way)).values("scope"))
    with as_job():
        found = model._default_manager.filter(pk=pk).values_list(way, places).first()
    if found is None or found[0] is None:
        return Stranger()
    case_id, held = found
    refusal = Refusal(what, model._meta.label_lower, pk, case_id)
    withheld = {scope for scope in held if not opens(actor.role, scope)}
    if withheld & set(scopes):
        return Denied(message or _("Rollen din gir ikke innsyn i saker. Andre i tjenesten kan ha det."), refusal)
    return Stranger(refusal)


def way_to_case(model: type[Model]) -> str:
    """The path of lookups from a model to the id of its case. Raises ``LookupError`` where there is none."""
    if model is Case:
        return "pk"
    names = {field.name for field in model._meta.get_fields()}
    if "case" in names:
        return "case_id"
    step = next((way for way in WAYS if way in names), None)
    if step is None:
        raise LookupError(model._meta.label)
    target = model._meta.get_field(step).related_model
    assert isinstance(target, type)
    return f"{step}__{way_to_case(target)}"
