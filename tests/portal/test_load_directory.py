"""``load_directory``: run again and again, it says what it added, changed and left alone, and deletes nothing."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.directory.loader import load_files
from portal.directory.sync import Report, apply
from portal.models import (
    AuditEvent,
    CommunityMembership,
    HealthCommunity,
    OnCallRoute,
    Organisation,
    Service,
    ServiceArea,
)
from tests.portal.test_directory_files import GOOD, written

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)


def load(folder: Path, text: str = GOOD, *, today: dt.date = TODAY, dry_run: bool = False) -> Report:
    return apply(load_files(written(folder, text)), today=today, dry_run=dry_run)


def test_the_whole_directory_twice(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_directory")
    assert "endret 0, avsluttet 0, uendret 0." in capsys.readouterr().out
    rows = Service.objects.count()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_directory")
    assert "Lagt til 0, endret 0, avsluttet 0" in capsys.readouterr().out
    assert Service.objects.count() == rows
    assert len(queries) < 15
    assert HealthCommunity.objects.count() == 3
    stjordal = Organisation.objects.get(key="stjordal")
    assert set(stjordal.communities.values_list("slug", flat=True)) == {"nordre-trondelag", "sondre-trondelag"}


def test_norwegian_order() -> None:
    call_command("load_directory", verbosity=0)
    names = list(Organisation.objects.filter(kind="municipality").values_list("name", flat=True))
    assert names.index("Ørland kommune") < names.index("Åfjord kommune")
    assert names.index("Verdal kommune") < names.index("Ørland kommune")


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_directory", dry_run=True)
    assert "ingenting er skrevet" in capsys.readouterr().out
    assert not Organisation.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_change_is_told_field_by_field(tmp_path: Path) -> None:
    load(tmp_path)
    report = load(tmp_path, GOOD.replace('name = "BUP"', 'name = "BUP Fjordvik"').replace("00 00 00 01", "00 00 00 09"))
    assert report.changed == [
        "tjeneste BUP: name BUP → BUP Fjordvik",
        "vakttelefon Dagtid (1 fra 08:00): phone 00 00 00 01 → 00 00 00 09",
    ]
    assert not report.added
    assert Service.objects.get(key="bup").sort_key == "bup-fjordvik"


def test_what_vanished_is_ended_and_not_deleted(tmp_path: Path) -> None:
    load(tmp_path)
    before = (Service.objects.count(), ServiceArea.objects.count(), OnCallRoute.objects.count())
    without = GOOD[: GOOD.index("[services.bup]")].replace("skogdal = {", "# skogdal = {")
    report = load(tmp_path, without)
    assert (Service.objects.count(), ServiceArea.objects.count(), OnCallRoute.objects.count()) == before
    yesterday = TODAY - dt.timedelta(days=1)
    bup = Service.objects.get(key="bup")
    assert not bup.active
    assert set(bup.service_areas.values_list("valid_until", flat=True)) == {yesterday}
    assert bup.on_call_routes.get().valid_until == yesterday
    assert CommunityMembership.objects.get(organisation__key="skogdal").valid_until == yesterday
    assert any("BUP: tatt ut av bruk" in line for line in report.ended)
    again = load(tmp_path, without)
    assert not again.ended


def test_what_comes_back_holds_again(tmp_path: Path) -> None:
    load(tmp_path)
    load(tmp_path, GOOD[: GOOD.index("[services.bup]")])
    load(tmp_path)
    bup = Service.objects.get(key="bup")
    assert bup.active
    assert set(bup.service_areas.values_list("valid_until", flat=True)) == {None}


def test_other_communities_are_left_alone(tmp_path: Path) -> None:
    call_command("load_directory", verbosity=0)
    report = load(tmp_path)
    assert not report.ended
    assert Service.objects.get(key="bup-levanger").active


def test_a_bad_file_is_a_command_error_and_writes_nothing(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace('kind = "bup"', 'kind = "x"'))
    with pytest.raises(CommandError, match=r"Katalogen er ikke lastet\. prove\.toml: services\.bup\.kind: er ukjent"):
        call_command("load_directory", folder=str(tmp_path))
    assert not Organisation.objects.exists()


def test_a_load_that_changed_something_is_audited(tmp_path: Path) -> None:
    load(tmp_path)
    load(tmp_path)
    (event,) = AuditEvent.objects.filter(verb="directory.loaded")
    assert event.user_name == "load_directory"
    assert event.detail["added"] > 0
