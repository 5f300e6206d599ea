"""From files to rows: templates for municipalities and regions are written out, and all is checked."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path

from portal.directory.checking import check_all
from portal.directory.reading import Table
from portal.directory.shape import (
    AreaRow,
    CommunityFile,
    CommunityRow,
    DirectoryError,
    MembershipRow,
    OrganisationRow,
    RouteRow,
    ServiceRow,
)
from portal.models import Organisation

FOLDER = Path(__file__).parent


def load_files(folder: Path = FOLDER) -> tuple[CommunityFile, ...]:
    """All communities. Raises ``DirectoryError`` naming file, key and reason."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise DirectoryError(str(folder), "", "det finnes ingen .toml-filer her")
    files = tuple(FileReader(path).read() for path in paths)
    check_all(files)
    return files


class FileReader:
    """One file while it is read: what later tables need to know of earlier ones."""

    def __init__(self, path: Path) -> None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DirectoryError(path.name, "", f"er ikke gyldig TOML ({error})") from error
        self.root = Table(path.name, "", values)
        self.regions: dict[str, tuple[str, str]] = {}
        self.region_of: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.since = dt.date.min
        self.county = ""

    def read(self) -> CommunityFile:
        """The file's rows."""
        community = self.community()
        for key, table in self.root.named("regions"):
            self.regions[key] = (table.text("name", longest=60), table.key("host"))
            table.done()
        organisations = [*self.municipalities(), *self.organisations()]
        memberships = [
            MembershipRow(row.key, community.slug, self.since, None, row.to_be_confirmed) for row in organisations
        ]
        memberships += self.also_members(community.slug)
        services = [*self.local_services(), *self.regional_services(), *self.own_services()]
        self.root.done()
        return CommunityFile(self.root.file, community, tuple(organisations), tuple(memberships), tuple(services))

    def community(self) -> CommunityRow:
        """The community, and what its rows inherit from it."""
        table = self.root.table("community")
        self.since, self.county = table.day("since"), table.text("county", "")
        row = CommunityRow(
            slug=table.key("slug"),
            name=table.text("name"),
            prefix=table.text("prefix", longest=4),
            edition_key=table.key("edition_key", ""),
            to_be_confirmed=table.flag("to_be_confirmed"),
        )
        table.done()
        return row

    def municipalities(self) -> Iterator[OrganisationRow]:
        """The municipalities described in this file."""
        for key, table in self.root.named("municipalities"):
            region = table.key("region", "")
            if region and region not in self.regions:
                raise table.wrong("region", f"regionen «{region}» finnes ikke i filen")
            number = table.text("number")
            if len(number) != 4 or not number.isdigit():
                raise table.wrong("number", f"«{number}» er ikke et kommunenummer med fire sifre")
            self.region_of[key], self.names[key] = region, table.text("name")
            yield OrganisationRow(
                key=key,
                kind=Organisation.Kind.MUNICIPALITY.value,
                name=self.names[key],
                org_number=table.text("org_number", "", longest=9),
                municipality_number=number,
                county=table.text("county", self.county, longest=60),
                region=self.regions[region][0] if region else "",
                to_be_confirmed=table.flag("to_be_confirmed"),
            )
            table.done()

    def organisations(self) -> Iterator[OrganisationRow]:
        """Hospital trusts and others."""
        for key, table in self.root.named("organisations"):
            yield OrganisationRow(
                key=key,
                kind=table.text("kind"),
                name=table.text("name"),
                org_number=table.text("org_number", "", longest=9),
                municipality_number=None,
                county=table.text("county", self.county, longest=60),
                region="",
                to_be_confirmed=table.flag("to_be_confirmed"),
            )
            table.done()

    def also_members(self, community: str) -> Iterator[MembershipRow]:
        """Organisations of another file that are members here too."""
        for key, table in self.root.named("also_members"):
            yield MembershipRow(
                key, community, table.day("from"), table.day_or_none("until"), table.flag("to_be_confirmed")
            )
            table.done()

    def local_services(self) -> Iterator[ServiceRow]:
        """One of each in every municipality of the file."""
        templates = list(self.root.named("in_every_municipality"))
        for municipality, name in self.names.items():
            for suffix, template in templates:
                area = AreaRow(municipality, self.since, None, template.flag("to_be_confirmed"))
                yield self.service(f"{municipality}-{suffix}", template, municipality, {"municipality": name}, (area,))

    def regional_services(self) -> Iterator[ServiceRow]:
        """One of each in every region, run for all in the region by the host municipality or the organisation named."""
        templates = list(self.root.named("in_every_region"))
        for region, (name, host) in self.regions.items():
            for prefix, template in templates:
                areas = tuple(
                    AreaRow(key, self.since, None, template.flag("to_be_confirmed"))
                    for key, own in self.region_of.items()
                    if own == region
                )
                runs = template.key("organisation", "") or host
                yield self.service(f"{prefix}-{region}", template, runs, {"region": name}, areas)

    def own_services(self) -> Iterator[ServiceRow]:
        """The services described one by one."""
        for key, table in self.root.named("services"):
            areas = tuple(area for part in table.listed("serves") for area in self.areas(part))
            yield self.service(key, table, table.key("organisation"), {}, areas)

    def areas(self, table: Table) -> Iterator[AreaRow]:
        """One line of ``serves``: all, some regions, some municipalities."""
        keys = list(self.names) if table.flag("all") else table.words("municipalities")
        for region in table.words("regions"):
            if region not in self.regions:
                raise table.wrong("regions", f"regionen «{region}» finnes ikke i filen")
            keys += [key for key, own in self.region_of.items() if own == region]
        row = table.day("from"), table.day_or_none("until"), table.flag("to_be_confirmed")
        table.done()
        if not keys:
            raise table.wrong("", "gjelder ingen kommuner; skriv all, regions eller municipalities")
        for key in dict.fromkeys(keys):
            yield AreaRow(key, *row)

    def service(
        self, key: str, table: Table, organisation: str, names: dict[str, str], areas: tuple[AreaRow, ...]
    ) -> ServiceRow:
        """A service from its own table or from a template."""
        ages = table.numbers("ages", [0, 25])
        if len(ages) != 2:
            raise table.wrong("ages", "skal være to tall: fra og med, til og med")
        name = table.text("name")
        for placeholder, value in names.items():
            name = name.replace(f"{{{placeholder}}}", value)
        row = ServiceRow(
            key=key,
            organisation=organisation,
            kind=table.text("kind"),
            name=name,
            age_from=ages[0],
            age_until=ages[1],
            receives_referrals=table.flag("receives_referrals"),
            phone=table.text("phone", "", longest=30),
            public_text=table.text("public_text", "", longest=2000),
            to_be_confirmed=table.flag("to_be_confirmed"),
            areas=areas,
            routes=tuple(self.route(part) for part in table.listed("on_call")),
            place=table.place,
        )
        table.done()
        return row

    def route(self, table: Table) -> RouteRow:
        """One line of ``on_call``."""
        row = RouteRow(
            weekdays=tuple(table.numbers("weekdays")),
            starts=table.hour("from"),
            ends=table.hour("to"),
            phone=table.text("phone", "", longest=30),
            label=table.text("label"),
            answered_by=table.key("answered_by", ""),
            to_be_confirmed=table.flag("to_be_confirmed"),
        )
        table.done()
        return row
