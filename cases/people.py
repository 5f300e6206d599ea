"""Reading the people around a child."""

import uuid

from cases.models import Case, Child, Guardian
from portal.access import Refusal, Stranger


def guardians_of(case: Case) -> list[Guardian]:
    """The guardians of the case's child, those marked feilregistrert included. One statement."""
    return list(Guardian.objects.filter(child=case.child_id).select_related("error_by"))


def guardian_of(case: Case, guardian_id: uuid.UUID) -> Guardian:
    """A guardian of the case's child. Raises ``Stranger`` for anybody else's. One statement."""
    found = Guardian.objects.filter(child=case.child_id, pk=guardian_id).first()
    if found is None:
        raise Stranger(Refusal("case.guardian", "cases.guardian", guardian_id, case.pk))
    return found


def child_of(case: Case) -> Child:
    """The case's child as it is recorded now. One statement."""
    return Child.objects.get(pk=case.child_id)
