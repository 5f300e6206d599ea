"""What the directory files say, as plain values. Keys are slugs; references between rows are by key."""

import datetime as dt
from dataclasses import dataclass, field


class DirectoryError(Exception):
    """A directory file that cannot be used: names the file, the place in it, and why."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}: {reason}" if place else f"{file}: {reason}")
        self.file, self.place, self.reason = file, place, reason


@dataclass(frozen=True)
class CommunityRow:
    """A health community."""

    slug: str
    name: str
    prefix: str
    edition_key: str
    to_be_confirmed: bool


@dataclass(frozen=True)
class OrganisationRow:
    """A municipality, a hospital trust or another organisation."""

    key: str
    kind: str
    name: str
    org_number: str
    municipality_number: str | None
    county: str
    region: str
    to_be_confirmed: bool


@dataclass(frozen=True)
class MembershipRow:
    """An organisation's membership in a community from a day, and until one."""

    organisation: str
    community: str
    valid_from: dt.date
    valid_until: dt.date | None
    to_be_confirmed: bool


@dataclass(frozen=True)
class AreaRow:
    """A municipality a service serves in a period."""

    municipality: str
    valid_from: dt.date
    valid_until: dt.date | None
    to_be_confirmed: bool


@dataclass(frozen=True)
class RouteRow:
    """Whom to ring on some weekdays (ISO, 1 = Monday) between two hours; ``ends`` 00:00 is midnight."""

    weekdays: tuple[int, ...]
    starts: dt.time
    ends: dt.time
    phone: str
    label: str
    answered_by: str
    to_be_confirmed: bool


@dataclass(frozen=True)
class ServiceRow:
    """A service with its areas and routes."""

    key: str
    organisation: str
    kind: str
    name: str
    age_from: int
    age_until: int
    receives_referrals: bool
    phone: str
    public_text: str
    to_be_confirmed: bool
    areas: tuple[AreaRow, ...]
    routes: tuple[RouteRow, ...]
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class CommunityFile:
    """One file: one community."""

    file: str
    community: CommunityRow
    organisations: tuple[OrganisationRow, ...]
    memberships: tuple[MembershipRow, ...]
    services: tuple[ServiceRow, ...]
