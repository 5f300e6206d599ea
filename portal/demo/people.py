"""The demo's people: read from people.toml, made through the ordinary actions, and found again for the buttons."""

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from portal.actions.memberships import approve, invite
from portal.actions.people import first_administrator
from portal.context import Actor, actor_for, system_actor
from portal.models import Membership, Role, Service

FILE = Path(__file__).parent / "people.toml"
DOMAIN = "demo.invalid"
# They have all been here for a while, so that the demo's cases can have a past.
SINCE = dt.datetime(2025, 8, 18, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Described:
    """A person as the file describes them; ``memberships`` are (role, service key), the first is the main one."""

    key: str
    name: str
    title: str
    memberships: tuple[tuple[str, str], ...]
    group: str = ""
    profession: str = ""
    hpr_number: str = ""
    hint: str = ""
    pending: bool = False

    @property
    def email(self) -> str:
        """The login name; the domain can never exist."""
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True)
class DemoPerson:
    """A person one can be, with the membership one begins in."""

    described: Described
    membership: Membership = field(compare=False)

    @property
    def group(self) -> str:
        """The heading on the page."""
        return self.described.group


def described() -> tuple[Described, ...]:
    """Everyone in the file, in its order."""
    people = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_described(key, values) for key, values in people.items())


def _described(key: str, values: dict[str, Any]) -> Described:
    memberships = tuple((item["role"], item["service"]) for item in values.pop("memberships"))
    return Described(key=key, memberships=memberships, **values)


def people_now() -> list[DemoPerson]:
    """Everyone one can be now, in the file's order: two statements."""
    wanted = [person for person in described() if person.group]
    memberships = {
        (membership.user.email, membership.role, membership.service.key): membership
        for membership in Membership.objects.current(timezone.localdate())
        .filter(user__email__in=[person.email for person in wanted])
        .select_related("user", "service__organisation", "community")
    }
    found = [(person, memberships.get((person.email, *person.memberships[0]))) for person in wanted]
    return [DemoPerson(person, membership) for person, membership in found if membership is not None]


def actor_of(key: str) -> Actor:
    """The actor of a demo person in the main membership; for the demo story. Raises ``LookupError``."""
    for person in people_now():
        if person.described.key == key:
            return actor_for(person.membership.pk)
    raise LookupError(key)


def make_people() -> tuple[int, int]:
    """Makes those who are missing: (made, already there). One administrator invites, the other approves."""
    services = {service.key: service for service in Service.objects.select_related("organisation")}
    system = system_actor("load_demo_people")
    made = there = 0
    administrators: list[Actor] = []
    for person in described():
        role, service = person.memberships[0]
        if role != Role.USER_ADMINISTRATOR:
            continue
        existed = Membership.objects.filter(user__email=person.email).exists()
        membership = first_administrator(
            email=person.email,
            name=person.name,
            title=person.title,
            service=_service(services, service),
            by=system,
            now=SINCE,
            letter=False,
        )
        administrators.append(Actor(user=membership.user, membership=membership))
        made, there = made + (not existed), there + existed
    inviter, approver = administrators
    for person in described():
        for role, service in person.memberships:
            if role == Role.USER_ADMINISTRATOR:
                continue
            if Membership.objects.filter(user__email=person.email, role=role, service__key=service).exists():
                there += 1
                continue
            _make(person, role, _service(services, service), inviter, approver)
            made += 1
    return made, there


def _make(person: Described, role: str, service: Service, inviter: Actor, approver: Actor) -> None:
    now = timezone.now() if person.pending else SINCE
    membership = invite(
        email=person.email,
        name=person.name,
        title=person.title,
        profession=person.profession,
        hpr_number=person.hpr_number,
        service=service,
        role=role,
        by=inviter,
        now=now,
        letter=False,
    )
    if not person.pending:
        approve(membership=membership, by=approver, now=now)


def _service(services: dict[str, Service], key: str) -> Service:
    if key not in services:
        raise LookupError(f"Tjenesten «{key}» finnes ikke. Kjør load_directory først.")
    return services[key]
