"""Finding the other of two cases to be merged, among those the person has access to."""

from cases.access import cases_for
from cases.models import Case
from portal.context import Actor


def other_case(actor: Actor, reference: str) -> Case | None:
    """The case with this reference if the actor has access to it now; otherwise None, as if it did not exist."""
    return (
        cases_for(actor)
        .select_related("child", "holder", "community", "municipality")
        .filter(reference=reference)
        .first()
    )
