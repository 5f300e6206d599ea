"""What must be known before anyone calls the family: live facts of the case, for those the referral has gone to."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from cases.models import Case, Guardian
from cases.reserved import in_force


@dataclass(frozen=True)
class KeepAway:
    """``hidden``: the family does not know of the case. ``blocked``: guardians who must see nothing, by name.
    ``reserved``: there is something that guardians are not to know of."""

    hidden: bool
    blocked: tuple[str, ...]
    reserved: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to warn of."""
        return self.hidden or bool(self.blocked) or self.reserved


def keep_away_from(case: Case) -> KeepAway:
    """As it is now, also where what was sent is older. One statement."""
    blocked = Guardian.objects.filter(child=OuterRef("child"), blocked=True, error_at__isnull=True)
    found = Case.objects.filter(pk=case.pk).values_list(
        ArraySubquery(blocked.values("name")), Exists(in_force(case=OuterRef("pk")))
    )
    names, reserved = found.get()
    return KeepAway(case.hidden_from_family, tuple(names), reserved)
