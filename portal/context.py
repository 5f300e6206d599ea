"""Who is asking: the actor, and the transaction in which the database knows it (findings on roles and pools).

Every request and every task runs in one transaction whose role and ids are set transaction-locally. They vanish at
COMMIT or ROLLBACK, so a pooled connection never carries one person's rights to the next.
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import InternalError, connection, transaction
from django.utils import timezone

from portal.models import HealthCommunity, Membership, Organisation, Service, User

# Matches no service: what a person without a membership acts for.
NOWHERE = uuid.UUID(int=0)


class NotAPerson(Exception):
    """Something only a person in a service can do was asked of the system, or of someone without a membership."""


@dataclass(frozen=True)
class Actor:
    """A person acting in one of their memberships, or the system itself (both None) in a scheduled job."""

    user: User | None
    membership: Membership | None
    system: str = ""

    @property
    def service(self) -> Service | None:
        """The service the person acts for now; never all they belong to."""
        return self.membership.service if self.membership else None

    @property
    def organisation(self) -> Organisation | None:
        """The organisation of that service."""
        return self.membership.service.organisation if self.membership else None

    @property
    def community(self) -> HealthCommunity | None:
        """The health community the membership belongs to."""
        return self.membership.community if self.membership else None

    @property
    def role(self) -> str:
        """The role of the membership, or an empty string."""
        return self.membership.role if self.membership else ""

    @property
    def service_id(self) -> uuid.UUID:
        """The id of the acting service; the nil id, which is nobody's, where there is none."""
        return self.membership.service_id if self.membership else NOWHERE

    @property
    def principals(self) -> list[uuid.UUID]:
        """Whose place in a case the actor uses: that of the acting service, and one given to the person alone."""
        return [self.service_id, self.user.pk if self.user else NOWHERE]

    @property
    def person(self) -> User:
        """The person acting. Raises ``NotAPerson`` for the system, whose jobs record nothing in a person's name."""
        if self.user is None:
            raise NotAPerson
        return self.user

    @property
    def seat(self) -> Membership:
        """The membership acted in. Raises ``NotAPerson`` where there is none."""
        if self.membership is None:
            raise NotAPerson
        return self.membership

    @property
    def unit(self) -> Service:
        """The service acted for. Raises ``NotAPerson`` where there is none."""
        return self.seat.service

    @property
    def name(self) -> str:
        """The name shown to colleagues and written in the log."""
        return self.user.name if self.user else self.system

    def has_role(self, *roles: str) -> bool:
        """Whether the membership has one of the roles."""
        return self.role in roles


# Someone who is not logged in.
NOBODY = Actor(user=None, membership=None)


def system_actor(job: str) -> Actor:
    """The actor of a scheduled job, named in the log."""
    return Actor(user=None, membership=None, system=job)


def actor_for(membership_id: uuid.UUID | str, on: dt.date | None = None) -> Actor:
    """The actor of a membership that holds now. Raises ``Membership.DoesNotExist`` when it has ended."""
    membership = (
        Membership.objects.current(on or timezone.localdate())
        .select_related("user", "service__organisation", "community")
        .get(pk=membership_id)
    )
    return Actor(user=membership.user, membership=membership)


# Whether the wider rights stand already in this thread (``as_job``).
_WIDE: ContextVar[bool] = ContextVar("wide", default=False)
# What a role opens of what its service has, given by the app that knows (cases); policies ask for it.
ScopesOf = Callable[[str], Iterable[str]]
_SCOPES: list[ScopesOf] = []


def add_scopes(function: ScopesOf) -> ScopesOf:
    """Registers the function that lists the scopes a role opens; called from ``apps.py``."""
    if function not in _SCOPES:
        _SCOPES.append(function)
    return function


def _set(role: str, user_id: str = "", service_ids: str = "", scopes: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('portal.user_id', %s, true),"
            " set_config('portal.service_ids', %s, true), set_config('portal.scopes', %s, true)",
            [role, user_id, service_ids, scopes],
        )


def announce(actor: Actor | None) -> None:
    """Tells the database, for the rest of this transaction, who is asking. None means nobody, who is shown no row of a
    person. A scheduled job, named in the log, acts in the job role: it goes through everyone's cases."""
    if actor is None or (actor.user is None and not actor.system):
        _set(settings.PORTAL_DB_ROLE)
    elif actor.user is None:
        _set(settings.PORTAL_DB_JOB_ROLE)
    else:
        service = str(actor.service_id) if actor.membership else ""
        scopes = sorted({scope for function in _SCOPES for scope in function(actor.role)}) if service else []
        _set(settings.PORTAL_DB_ROLE, str(actor.user.pk), service, ",".join(scopes))


@contextlib.contextmanager
def portal_context(actor: Actor | None) -> Iterator[None]:
    """A transaction in the application's role, with the actor known to the database.

    Inside an outer transaction (tests) the role is taken back at the end, since a released savepoint keeps SET LOCAL.
    """
    wide = _WIDE.set(False)
    try:
        with transaction.atomic():
            announce(actor)
            try:
                yield
            finally:
                if len(connection.atomic_blocks) > 1 and not connection.needs_rollback:
                    _set("none")
    finally:
        _WIDE.reset(wide)


@contextlib.contextmanager
def as_job() -> Iterator[None]:
    """Wider rights for what must cross visibility after a check: access rows, obligations, tasks for others,
    duplicates.

    The result must never depend on what the actor happens to see; callers are few and each says why. Within another it
    costs nothing.
    """
    if _WIDE.get():
        yield
        return
    with connection.cursor() as cursor:
        # In one statement, in this order: what stood is read before it is changed.
        cursor.execute(
            "SELECT before, set_config('role', %s, true)"
            " FROM (SELECT current_setting('role') AS before OFFSET 0) AS stood",
            [settings.PORTAL_DB_JOB_ROLE],
        )
        before, _now = cursor.fetchone()
        wide = _WIDE.set(True)
        try:
            yield
        finally:
            _WIDE.reset(wide)
            # In a broken transaction the rollback takes the role back, and the first error must be the one that is
            # heard.
            if not connection.needs_rollback:
                with contextlib.suppress(InternalError):
                    cursor.execute("SELECT set_config('role', %s, true)", [before])
