"""Events written, sealed, checked and tampered with, as tests of the seals need them. For tests that commit."""

import datetime as dt
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from portal.actions.sealing import seal_events
from portal.context import as_job, portal_context, system_actor
from portal.models import AuditEvent, AuditSeal
from portal.seals.checking import Break, chains, check_chain
from tests.append_only import behind_the_guards

NORTH, SOUTH = uuid.UUID(int=1), uuid.UUID(int=2)
JOB = system_actor("test")


def write(community: uuid.UUID | None = NORTH, times: int = 1, **given: Any) -> list[AuditEvent]:
    """Events of one chain, each in a transaction of its own unless the caller has one."""
    words = {"at": timezone.now(), "kind": "read", "verb": "case.overview", "user_name": "Kari Fjord"}
    return [AuditEvent.objects.create(**{**words, "community_id": community, **given}) for _n in range(times)]


def seal(**given: Any) -> list[AuditSeal]:
    """One run of the sealer, in the roles it has."""
    with portal_context(JOB):
        return seal_events(**given)


def check() -> list[Break]:
    """What is broken today, in any chain."""
    with portal_context(JOB), as_job():
        return [found for community in chains() if (found := check_chain(community).broken)]


def tamper(statement: str, *parameters: Any, table: str = "portal_auditevent") -> int:
    """One statement as the owner with the guards turned off. Returns how many rows it hit."""
    with behind_the_guards(table), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def tomorrow() -> dt.datetime:
    """An instant of the next day."""
    return timezone.now() + dt.timedelta(days=1)
