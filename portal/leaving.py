"""What stands on a membership: work that would be left without anyone. Upper apps fill the register in ``apps.py``."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import ngettext

from portal.context import as_job
from portal.models import Membership
from portal.states import MovedOn


@dataclass(frozen=True)
class Standing:
    """Work that stands on a membership: how much, in words, and the page where it is handed over."""

    count: int
    text: str
    url: str
    action: str


Check = Callable[[Membership], Standing | None]
_CHECKS: list[Check] = []


class StillStanding(MovedOn):
    """A membership that cannot end yet. The message says what stands on it; ``standings`` has the links."""

    def __init__(self, standings: list[Standing]) -> None:
        self.standings = standings
        total = sum(standing.count for standing in standings)
        listed = "; ".join(standing.text for standing in standings)
        super().__init__(
            ngettext(
                "Tilgangen kan ikke avsluttes ennå. %(count)d ting må først overføres til noen andre: %(listed)s.",
                "Tilgangen kan ikke avsluttes ennå. %(count)d ting må først overføres til noen andre: %(listed)s.",
                total,
            )
            % {"count": total, "listed": listed}
        )


def add_check(function: Check) -> Check:
    """Adds a function that tells what stands on a membership (also as a decorator). It runs as the job role."""
    if function not in _CHECKS:
        _CHECKS.append(function)
    return function


def standing_on(membership: Membership) -> list[Standing]:
    """Everything that stands on a membership.

    Asked as the job role: whether a case becomes ownerless must not depend on what the one who asks may see.
    """
    with as_job():
        found = [check(membership) for check in _CHECKS]
    return [standing for standing in found if standing is not None and standing.count]


def refuse_if_standing(membership: Membership) -> None:
    """Raises ``StillStanding`` when the membership cannot end without leaving work to nobody."""
    standings = standing_on(membership)
    if standings:
        raise StillStanding(standings)
