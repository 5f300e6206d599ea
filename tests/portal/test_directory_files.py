"""The directory's own files, and what a person reads when a file is wrong."""

from pathlib import Path

import pytest

from portal.directory.loader import load_files
from portal.directory.shape import CommunityFile, DirectoryError
from portal.models import Organisation, ServiceKind

LOCAL = [
    "school", "kindergarten", "ppt", "health_visitor", "gp_office", "municipal_psychologist", "child_protection",
    "coordinating_unit", "nav_social", "emergency_clinic", "health_and_care", "bup", "habu", "childrens_ward",
]  # fmt: skip
GOOD = """
[community]
slug = "prove"
name = "Helsefellesskapet Prøve"
prefix = "PR"
since = 2020-01-01

[regions]
nord = { name = "Nord", host = "fjordvik" }

[municipalities]
fjordvik = { name = "Fjordvik kommune", number = "9901", region = "nord" }
skogdal = { name = "Skogdal kommune", number = "9902" }

[organisations]
sykehus = { name = "Sykehuset HF", kind = "hospital_trust" }

[in_every_municipality]
skole = { kind = "school", name = "{municipality} – skole", ages = [6, 16] }

[in_every_region]
ppt = { kind = "ppt", name = "PPT {region}", to_be_confirmed = true }

[services.bup]
organisation = "sykehus"
kind = "bup"
name = "BUP"
ages = [0, 17]
receives_referrals = true
serves = [{ all = true, from = 2020-01-01 }]
on_call = [{ weekdays = [1], from = "08:00", to = "15:30", phone = "00 00 00 01", label = "Dagtid" }]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "prove.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def files() -> dict[str, CommunityFile]:
    return {file.community.slug: file for file in load_files()}


def test_the_three_communities(files: dict[str, CommunityFile]) -> None:
    numbers = {
        slug: sum(row.municipality_number is not None for row in file.organisations) for slug, file in files.items()
    }
    assert numbers == {"nordre-trondelag": 20, "sondre-trondelag": 19, "more-og-romsdal": 27}
    assert {file.community.prefix for file in files.values()} == {"NT", "ST", "MR"}


def test_those_to_involve_who_are_no_parties_are_there_and_must_be_confirmed(files: dict[str, CommunityFile]) -> None:
    """Given nordre Trøndelag, then the county's schools, NAV, Statped, Bufetat and the police can take part."""
    file = files["nordre-trondelag"]
    outside = {row.key: row for row in file.organisations if row.kind == Organisation.Kind.EXTERNAL}
    services = [service for service in file.services if service.organisation in outside]
    assert {service.organisation for service in services} == set(outside)
    assert all(row.to_be_confirmed for row in [*outside.values(), *services])
    schools = [service for service in services if service.organisation == "trondelag-fylkeskommune"]
    assert {area.municipality for school in schools for area in school.areas} == {
        row.key for row in file.organisations if row.municipality_number
    }


@pytest.mark.parametrize("kind", ["kindergarten", "nav_social", "emergency_clinic", "municipal_psychologist"])
def test_every_municipality_has_the_services_that_meet_all_children(files: dict[str, CommunityFile], kind: str) -> None:
    """Given any of the three communities, then each municipality is served by one of the kind."""
    for file in files.values():
        served = {area.municipality for row in file.services if row.kind == kind for area in row.areas}
        assert served == {row.key for row in file.organisations if row.municipality_number}


def test_double_members_are_marked_as_unconfirmed(files: dict[str, CommunityFile]) -> None:
    also = [row for row in files["sondre-trondelag"].memberships if row.organisation in {"stjordal", "meraker"}]
    assert len(also) == 2
    assert all(row.to_be_confirmed for row in also)


@pytest.mark.parametrize("kind", ServiceKind)
def test_every_kind_of_service_is_in_nordre(files: dict[str, CommunityFile], kind: ServiceKind) -> None:
    assert any(service.kind == kind for service in files["nordre-trondelag"].services)


@pytest.mark.parametrize("kind", LOCAL)
def test_every_municipality_of_nordre_is_served(files: dict[str, CommunityFile], kind: str) -> None:
    file = files["nordre-trondelag"]
    served = {area.municipality for service in file.services if service.kind == kind for area in service.areas}
    assert served >= {row.key for row in file.organisations if row.municipality_number}


def test_what_has_no_source_is_marked(files: dict[str, CommunityFile]) -> None:
    shared = {"ppt", "child_protection", "emergency_clinic"}
    for file in files.values():
        for service in file.services:
            assert service.kind not in shared or service.to_be_confirmed
            for route in service.routes:
                assert route.to_be_confirmed or not route.phone


def test_no_number_can_reach_anyone(files: dict[str, CommunityFile]) -> None:
    phones = {
        phone
        for file in files.values()
        for service in file.services
        for phone in (service.phone, *(route.phone for route in service.routes))
        if phone
    }
    assert all(phone == "116117" or phone.startswith("00 00 00 ") for phone in phones)


def test_a_good_file(tmp_path: Path) -> None:
    (file,) = load_files(written(tmp_path, GOOD))
    assert [service.name for service in file.services] == [
        "Fjordvik kommune – skole",
        "Skogdal kommune – skole",
        "PPT Nord",
        "BUP",
    ]
    assert [area.municipality for area in file.services[2].areas] == ["fjordvik"]


BAD = [
    ("prefix =", "prefiks =", "community.prefix", "mangler"),
    ('prefix = "PR"', 'prefix = "PI"', "community.prefix", "uten I, O og Q"),
    ("since = 2020-01-01", 'since = "i fjor"', "community.since", "en dato"),
    ('slug = "prove"', 'slug = "Prøve"', "community.slug", "ikke en gyldig nøkkel"),
    ('number = "9902"', 'number = "99"', "municipalities.skogdal.number", "fire sifre"),
    ('number = "9902"', 'number = "9901"', "kommunenummeret", "to ganger"),
    ('region = "nord"', 'region = "sor"', "municipalities.fjordvik.region", "finnes ikke"),
    ('host = "fjordvik"', 'host = "borte"', "in_every_region.ppt.organisation", "ikke beskrevet"),
    ('kind = "hospital_trust"', 'kind = "sykehus"', "organisations.sykehus.kind", "mulige verdier"),
    ('kind = "bup"', 'kind = "poliklinikk"', "services.bup.kind", "mulige verdier"),
    ('organisation = "sykehus"', 'organisation = "borte"', "services.bup.organisation", "ikke beskrevet"),
    ("ages = [0, 17]", "ages = [17, 0]", "services.bup.ages", "stigende"),
    ("ages = [0, 17]", "ages = [0]", "services.bup.ages", "to tall"),
    ("receives_referrals = true", 'receives_referrals = "ja"', "services.bup.receives_referrals", "true eller false"),
    ("receives_referrals = true", "tar_imot = true", "services.bup.tar_imot", "ukjent nøkkel"),
    ('name = "BUP"', 'name = ""', "services.bup.name", "er tom"),
    ('name = "BUP"', f'name = "{"B" * 121}"', "services.bup.name", "høyst 120"),
    ("all = true, from = 2020-01-01", "from = 2020-01-01", "services.bup.serves", "ingen kommuner"),
    ("from = 2020-01-01 }]", "from = 2020-01-01, until = 2019-01-01 }]", "services.bup.serves", "er før"),
    ("all = true", 'municipalities = ["borte"]', "services.bup.serves", "finnes ikke"),
    ("weekdays = [1]", "weekdays = [0]", "services.bup.on_call", "1 (mandag)"),
    ('to = "15:30"', 'to = "07:00"', "services.bup.on_call", "over midnatt"),
    ('from = "08:00"', 'from = "åtte"', "services.bup.on_call", "klokkeslett"),
    ('phone = "00 00 00 01", ', "", "services.bup.on_call", "mangler phone"),
    ('phone = "00 00 00 01"', 'answered_by = "bup"', "services.bup.on_call", "i ring"),
    ('phone = "00 00 00 01"', 'answered_by = "borte"', "services.bup.on_call", "finnes ikke"),
    ("[services.bup]", "[tjenester.bup]", "tjenester", "ukjent nøkkel"),
    ("[community]", "[community", "", "ikke gyldig TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "place", "reason"), BAD)
def test_a_wrong_file_names_file_key_and_reason(tmp_path: Path, good: str, bad: str, place: str, reason: str) -> None:
    assert good in GOOD
    with pytest.raises(DirectoryError) as caught:
        load_files(written(tmp_path, GOOD.replace(good, bad, 1)))
    message = str(caught.value)
    assert message.startswith("prove.toml: ")
    assert place in message
    assert reason in message


def test_overlapping_routes_are_refused(tmp_path: Path) -> None:
    second = ', { weekdays = [1], from = "15:00", to = "00:00", phone = "00 00 00 02", label = "Kveld" }]'
    with pytest.raises(DirectoryError, match="overlapper"):
        load_files(written(tmp_path, GOOD.replace('label = "Dagtid" }]', f'label = "Dagtid" }}{second}')))


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="ingen"):
        load_files(tmp_path)
