"""What to answer one to whom the database shows nothing: a stranger, or somebody whose role has no business there.

The row itself never leaves this module: only which case the attempt was about, for the log, and what the acting service
has there that the person's role does not open.
"""

import uuid

from django.db.models import Model
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
    with as_job():
        case_id = model._default_manager.filter(pk=pk).values_list(way_to_case(model), flat=True).first()
    if case_id is None:
        return Stranger()
    refusal = Refusal(what, model._meta.label_lower, pk, case_id)
    places = CaseAccess.objects.in_force(timezone.now()).filter(case_id=case_id, principal_id__in=actor.principals)
    withheld = {scope for scope in places.values_list("scope", flat=True) if not opens(actor.role, scope)}
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
