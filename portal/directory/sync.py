"""Bringing the database in line with the files: adds, changes field by field, ends what vanished, deletes nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal import audit
from portal.context import system_actor
from portal.directory.shape import CommunityFile, RouteRow, ServiceRow
from portal.identity.sortkey import sort_key
from portal.models import (
    CommunityMembership,
    HealthCommunity,
    Membership,
    OnCallRoute,
    Organisation,
    Service,
    ServiceArea,
)


@dataclass
class Report:
    """What a load did, in sentences for the person who ran it."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unchanged: int = 0


class Undo(Exception):
    """Takes a dry run's writes back."""


def apply(files: Sequence[CommunityFile], *, today: dt.date, dry_run: bool = False) -> Report:
    """Writes the files in one transaction and tells what it did; a dry run tells the same and writes nothing."""
    writer = Writer(today)
    try:
        with transaction.atomic():
            writer.write(files)
            writer.tell()
            if dry_run:
                raise Undo
    except Undo:
        pass
    return writer.report


class Writer:
    """One load. Rows are fetched once per table, so the number of reads does not follow the size of the directory."""

    def __init__(self, today: dt.date) -> None:
        self.today, self.report = today, Report()
        self.communities: dict[str, HealthCommunity] = {}
        self.organisations: dict[str, Organisation] = {}
        self.services: dict[str, Service] = {}
        # Rows to be inserted, a table at a time: a first load has well over a thousand.
        self.new: dict[type[models.Model], list[Any]] = {}

    def write(self, files: Sequence[CommunityFile]) -> None:
        """All tables, in the order they refer to each other."""
        self.communities = {row.slug: row for row in HealthCommunity.objects.all()}
        self.organisations = {row.key: row for row in Organisation.objects.all()}
        self.services = {row.key: row for row in Service.objects.all()}
        for file in files:
            community = file.community
            self.put(self.communities, community.slug, HealthCommunity, vars(community), {"slug": community.slug})
            for organisation in file.organisations:
                values = {**vars(organisation), "sort_key": sort_key(organisation.name)}
                self.put(self.organisations, organisation.key, Organisation, values, {"key": organisation.key})
        self.insert()
        self.memberships(files)
        rows = [service for file in files for service in file.services]
        for service in rows:
            self.service(service)
        self.insert()
        self.areas(rows)
        self.routes(rows)
        self.insert()
        self.vanished_services({row.key for row in rows}, {file.community.slug for file in files})

    def insert(self) -> None:
        """Writes the new rows of each table in one statement; they are there before others refer to them."""
        for model, rows in self.new.items():
            model._default_manager.bulk_create(rows)
        self.new = {}

    def tell(self) -> None:
        """The trail knows of a load that changed something."""
        counts = {"added": len(self.report.added), "changed": len(self.report.changed), "ended": len(self.report.ended)}
        if any(counts.values()):
            audit.record(system_actor("load_directory"), "directory.loaded", detail=counts)

    def put(
        self,
        known: dict[Any, Any],
        key: Any,
        model: type[models.Model],
        values: Mapping[str, Any],
        natural: dict[str, Any],
    ) -> Any:
        """Adds a row or changes the fields that differ; ``natural`` is what the row is known by."""
        row = known.get(key)
        if row is None:
            row = known[key] = model(**{**natural, **values})
            self.new.setdefault(model, []).append(row)
            self.report.added.append(f"{model._meta.verbose_name}: {self.called(row)}")
            return row
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            label = f"{model._meta.verbose_name} {self.called(row)}"
            before = getattr(row, name)
            if name != "sort_key":
                self.report.changed.append(f"{label}: {name} {shown(before)} → {shown(value)}")
            setattr(row, name, value)
        if different:
            row.save(update_fields=list(different))
        else:
            self.report.unchanged += 1
        return row

    def called(self, row: Any) -> str:
        """What a row is called in the report."""
        if isinstance(row, CommunityMembership):
            return f"{row.organisation.name} i {row.community.name} fra {row.valid_from}"
        if isinstance(row, ServiceArea):
            return f"{row.service.name} for {row.municipality.name} fra {row.valid_from}"
        if isinstance(row, OnCallRoute):
            return f"{row.label} ({','.join(map(str, row.weekdays))} fra {row.starts:%H:%M})"
        return str(row.name)

    def memberships(self, files: Sequence[CommunityFile]) -> None:
        """Organisations in communities; only communities that have a file are touched."""
        slugs = {file.community.slug for file in files}
        known = {
            (row.organisation.key, row.community.slug, row.valid_from): row
            for row in CommunityMembership.objects.select_related("organisation", "community")
        }
        wanted = set()
        for file in files:
            for member in file.memberships:
                key = (member.organisation, member.community, member.valid_from)
                wanted.add(key)
                natural = {
                    "organisation": self.organisations[member.organisation],
                    "community": self.communities[member.community],
                    "valid_from": member.valid_from,
                }
                values = {"valid_until": member.valid_until, "to_be_confirmed": member.to_be_confirmed}
                self.put(known, key, CommunityMembership, values, natural)
        for key, row in known.items():
            if key not in wanted and key[1] in slugs:
                self.end(row)

    def service(self, row: ServiceRow) -> None:
        """The service itself."""
        values = {
            "organisation_id": self.organisations[row.organisation].pk,
            "kind": row.kind,
            "name": row.name,
            "sort_key": sort_key(row.name),
            "age_from": row.age_from,
            "age_until": row.age_until,
            "receives_referrals": row.receives_referrals,
            "phone": row.phone,
            "public_text": row.public_text,
            "to_be_confirmed": row.to_be_confirmed,
            "active": True,
        }
        self.put(self.services, row.key, Service, values, {"key": row.key})

    def areas(self, rows: Sequence[ServiceRow]) -> None:
        """The municipalities each service serves."""
        known = {
            (row.service.key, row.municipality.key, row.valid_from): row
            for row in ServiceArea.objects.select_related("service", "municipality")
        }
        wanted = set()
        for service in rows:
            for area in service.areas:
                key = (service.key, area.municipality, area.valid_from)
                wanted.add(key)
                natural = {
                    "service": self.services[service.key],
                    "municipality": self.organisations[area.municipality],
                    "valid_from": area.valid_from,
                }
                values = {"valid_until": area.valid_until, "to_be_confirmed": area.to_be_confirmed}
                self.put(known, key, ServiceArea, values, natural)
        ours = {service.key for service in rows}
        for key, row in known.items():
            if key not in wanted and key[0] in ours:
                self.end(row)

    def routes(self, rows: Sequence[ServiceRow]) -> None:
        """On-call routes. One that vanished is ended at once: a stale number must never be shown."""
        known = {
            (row.service.key, tuple(row.weekdays), row.starts): row
            for row in OnCallRoute.objects.select_related("service")
        }
        wanted = set()
        for service in rows:
            for route in service.routes:
                key = (service.key, route.weekdays, route.starts)
                wanted.add(key)
                natural = {
                    "service": self.services[service.key],
                    "weekdays": list(route.weekdays),
                    "starts": route.starts,
                }
                self.put(known, key, OnCallRoute, self.route_values(route), natural)
        ours = {service.key for service in rows}
        for key, row in known.items():
            if key not in wanted and key[0] in ours:
                self.end(row)

    def route_values(self, route: RouteRow) -> dict[str, Any]:
        """The fields of a route that may change under the same key."""
        return {
            "ends": route.ends,
            "phone": route.phone,
            "label": route.label,
            "answered_by_id": self.services[route.answered_by].pk if route.answered_by else None,
            "to_be_confirmed": route.to_be_confirmed,
            "valid_until": None,
        }

    def end(self, row: Any) -> None:
        """Ends a dated row that is no longer in the files: yesterday was its last day, or its own first day."""
        last = self.today - dt.timedelta(days=1)
        if hasattr(row, "valid_from"):
            last = max(last, row.valid_from)
        if row.valid_until is not None and row.valid_until <= last:
            self.report.unchanged += 1
            return
        row.valid_until = last
        row.save(update_fields=["valid_until"])
        self.report.ended.append(
            _("%(what)s %(name)s: avsluttet %(day)s")
            % {
                "what": row._meta.verbose_name,
                "name": self.called(row),
                "day": last,
            }
        )

    def vanished_services(self, wanted: set[str], slugs: set[str]) -> None:
        """A service that vanished is taken out of use with its areas and routes; people in it are pointed out."""
        ours = set(
            CommunityMembership.objects.filter(community__slug__in=slugs).values_list("organisation_id", flat=True)
        )
        for key, service in self.services.items():
            if key in wanted or not service.active or service.organisation_id not in ours:
                continue
            for row in [*service.service_areas.all(), *service.on_call_routes.all()]:
                self.end(row)
            service.active = False
            service.save(update_fields=["active"])
            self.report.ended.append(f"tjeneste {service.name}: tatt ut av bruk")
            people = Membership.objects.current(self.today).filter(service=service).count()
            if people:
                self.report.warnings.append(f"{service.name} er tatt ut av bruk, men har fortsatt {people} brukere")


def shown(value: Any) -> str:
    """A value as the report shows it."""
    if value is None or value == "":
        return "(tom)"
    if isinstance(value, bool):
        return "ja" if value else "nei"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
