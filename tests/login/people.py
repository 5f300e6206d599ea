"""The world's people as providers know them, and what the log says of them."""

from typing import Any

from portal.models import AuditEvent
from tests.login.provider import helseid
from tests.world import World


def of_the_doctor(world: World, **more: Any) -> dict[str, Any]:
    """The doctor as HelseID knows her."""
    doctor = world.doctor.person
    return helseid(hpr=doctor.hpr_number, name=doctor.name.split()[-1], **more)


def last(verb: str) -> AuditEvent:
    """The newest event of a kind."""
    return AuditEvent.objects.filter(verb=verb).latest("pk")
