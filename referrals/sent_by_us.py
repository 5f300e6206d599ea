"""What the service has sent, for those there who may refer: the way back to the document while the hospital has it."""

from dataclasses import dataclass
from typing import Any

from cases.access import visible
from cases.inbox_side import Box, add_box
from cases.models import Scope
from cases.protection import located
from portal.context import Actor
from referrals.in_case import LOOKS
from referrals.models import Referral
from referrals.rights import may_refer

FEW = 5


@dataclass(frozen=True)
class Sent:
    """One referral by its case's reference: where it went, and where it stands. No name of a child."""

    referral: Referral

    @property
    def receiver(self) -> str:
        """The department that has it, unless that would tell where a protected child is."""
        return located(self.referral.case.child, self.referral.receiver.name)

    @property
    def look(self) -> tuple[Any, str, str]:
        """Words, colour and icon of its state."""
        return LOOKS[self.referral.state]


def newest_sent(actor: Actor) -> list[Sent]:
    """The newest referrals that someone in the acting service sent and the service may still read. One statement."""
    found = Referral.objects.filter(
        visible(actor, Scope.CASE, Scope.REFERRAL), referrer__service_id=actor.service_id, sent_at__isnull=False
    )
    return [Sent(row) for row in found.select_related("receiver", "case__child").order_by("-sent_at", "-pk")[:FEW]]


@add_box
def sent_box(actor: Actor) -> Box | None:
    """The box of the inbox."""
    rows = newest_sent(actor) if may_refer(actor) else []
    return Box("referrals/_sent_by_us.html", {"rows": rows}) if rows else None
