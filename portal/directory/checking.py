"""What must hold between rows and between files before anything is written."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from portal.directory.shape import CommunityFile, DirectoryError, RouteRow, ServiceRow
from portal.identity.reference import format_reference
from portal.models import Organisation, ServiceKind

OLDEST = 99


def check_all(files: Sequence[CommunityFile]) -> None:
    """Raises ``DirectoryError`` for the first thing that does not hold."""
    unique(files, "community.slug", lambda file: [file.community.slug])
    unique(files, "community.name", lambda file: [file.community.name])
    unique(files, "community.prefix", lambda file: [file.community.prefix])
    unique(files, "organisasjonen", lambda file: [row.key for row in file.organisations])
    unique(files, "kommunenummeret", lambda file: [n for row in file.organisations if (n := row.municipality_number)])
    unique(files, "tjenesten", lambda file: [row.key for row in file.services])
    organisations = {row.key: row for file in files for row in file.organisations}
    services = {row.key: row for file in files for row in file.services}
    for file in files:
        check_community(file)
        for organisation in file.organisations:
            if organisation.kind not in Organisation.Kind.values:
                raise DirectoryError(
                    file.file, f"organisations.{organisation.key}.kind", known(Organisation.Kind.values)
                )
        for member in file.memberships:
            if member.organisation not in organisations:
                raise DirectoryError(
                    file.file, f"also_members.{member.organisation}", "virksomheten er ikke beskrevet i noen fil"
                )
            in_order(file.file, f"also_members.{member.organisation}", member.valid_from, member.valid_until)
        for service in file.services:
            if service.organisation not in organisations:
                raise DirectoryError(
                    file.file, f"{service.place}.organisation", f"«{service.organisation}» er ikke beskrevet i noen fil"
                )
            check_service(file.file, service, set(organisations), services)


def check_community(file: CommunityFile) -> None:
    """The prefix must be one that references can carry."""
    try:
        format_reference(file.community.prefix, 2026, 1)
    except ValueError as error:
        raise DirectoryError(
            file.file, "community.prefix", "skal være to store bokstaver A–Z uten I, O og Q"
        ) from error


def check_service(file: str, service: ServiceRow, organisations: set[str], services: dict[str, ServiceRow]) -> None:
    """Kind, ages, areas and routes of one service."""
    if service.kind not in ServiceKind.values:
        raise DirectoryError(file, f"{service.place}.kind", known(ServiceKind.values))
    if not 0 <= service.age_from <= service.age_until <= OLDEST:
        raise DirectoryError(file, f"{service.place}.ages", "skal være stigende alder mellom 0 og 99")
    for area in service.areas:
        if area.municipality not in organisations:
            raise DirectoryError(file, f"{service.place}.serves", f"kommunen «{area.municipality}» finnes ikke")
        in_order(file, f"{service.place}.serves", area.valid_from, area.valid_until)
    starts = [(area.municipality, area.valid_from) for area in service.areas]
    for twice in {start for start in starts if starts.count(start) > 1}:
        raise DirectoryError(file, f"{service.place}.serves", f"«{twice[0]}» står to ganger fra samme dato")
    for route in service.routes:
        check_route(file, service, route, services)
    taken: set[tuple[int, int]] = set()
    for route in service.routes:
        minutes = {(day, minute) for day in route.weekdays for minute in range(*span(route))}
        if taken & minutes:
            raise DirectoryError(file, f"{service.place}.on_call", f"«{route.label}» overlapper en annen vakt")
        taken |= minutes


def check_route(file: str, service: ServiceRow, route: RouteRow, services: dict[str, ServiceRow]) -> None:
    """A route has days, hours, and either a number or a service that answers; following it ends at a number."""
    place = f"{service.place}.on_call «{route.label}»"
    if (
        not route.weekdays
        or not set(route.weekdays) <= set(range(1, 8))
        or len(set(route.weekdays)) < len(route.weekdays)
    ):
        raise DirectoryError(file, place, "weekdays skal være ulike tall fra 1 (mandag) til 7 (søndag)")
    if span(route)[0] >= span(route)[1]:
        raise DirectoryError(file, place, "to må være senere enn from; del en vakt over midnatt i to")
    if not route.phone and not route.answered_by:
        raise DirectoryError(file, place, "mangler phone eller answered_by")
    if route.answered_by and route.answered_by not in services:
        raise DirectoryError(file, place, f"tjenesten «{route.answered_by}» i answered_by finnes ikke")
    if route.answered_by and not route.phone and leads_back(route.answered_by, services, {service.key}):
        raise DirectoryError(file, place, "answered_by går i ring")


def leads_back(key: str, services: dict[str, ServiceRow], seen: set[str]) -> bool:
    """Whether following the routes without a number of their own from a service comes back to one already passed."""
    if key in seen:
        return True
    return any(
        leads_back(route.answered_by, services, seen | {key})
        for route in services[key].routes
        if not route.phone and route.answered_by in services
    )


def span(route: RouteRow) -> tuple[int, int]:
    """The route's minutes of the day: from, and up to but not including; 00:00 at the end is midnight."""
    ends = route.ends.hour * 60 + route.ends.minute
    return route.starts.hour * 60 + route.starts.minute, ends or 24 * 60


def in_order(file: str, place: str, start: dt.date, end: dt.date | None) -> None:
    """A period does not end before it starts."""
    if end is not None and end < start:
        raise DirectoryError(file, place, f"until ({end}) er før from ({start})")


def unique(files: Sequence[CommunityFile], what: str, values_of: Callable[[CommunityFile], Iterable[str]]) -> None:
    """A value is used once in all files."""
    seen: dict[str, str] = {}
    for file in files:
        for value in values_of(file):
            if value in seen:
                raise DirectoryError(file.file, what, f"«{value}» er brukt to ganger (også i {seen[value]})")
            seen[value] = file.file


def known(values: Iterable[str]) -> str:
    """The sentence that lists what is possible."""
    return f"er ukjent; mulige verdier er {', '.join(values)}"
