"""Imported editions never change, and a process keeps the one it started under."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from guideline import editions
from guideline.errors import EditionError, EditionMissing
from guideline.imports import Outcome, import_editions
from guideline.loader import content_of, load_edition
from guideline.models import EditionVersion
from guideline.schema import Edition
from portal.models import HealthCommunity
from tests.guideline.folders import spoiled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    """Every test is a process of its own."""
    editions.refresh()


@pytest.fixture
def nordre() -> HealthCommunity:
    """The community the first edition belongs to."""
    return HealthCommunity.objects.create(
        slug="nordre-trondelag", name="Helsefellesskapet nordre Trøndelag", prefix="NT"
    )


@pytest.fixture
def sondre() -> HealthCommunity:
    """The community that has a draft only."""
    return HealthCommunity.objects.create(
        slug="sondre-trondelag", name="Helsefellesskapet søndre Trøndelag", prefix="ST"
    )


def run(*args: str) -> str:
    out = StringIO()
    call_command("load_editions", *args, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_added_and_left_alone(nordre: HealthCommunity) -> None:
    first = run()
    assert "Lagt til: nordre-trondelag 2026-3" in first
    assert "Hoppet over: sondre-trondelag" in first
    assert "helsefellesskapet «sondre-trondelag» finnes ikke i katalogen" in first
    assert "Uendret: nordre-trondelag 2026-3" in run()
    assert EditionVersion.objects.count() == 1


def test_the_command_can_only_check(nordre: HealthCommunity) -> None:
    assert "I orden: nordre-trondelag" in run("--check")
    assert not EditionVersion.objects.exists()


def test_the_command_fails_with_file_key_and_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**kwargs: object) -> None:
        raise EditionError("nordre-trondelag/deadlines.toml", "deadlines.x.amount", "må være et heltall")

    monkeypatch.setattr("guideline.management.commands.load_editions.import_editions", fails)
    with pytest.raises(CommandError, match=r"deadlines\.toml: deadlines\.x\.amount: må være et heltall"):
        run()


def test_changed_content_needs_a_new_version(nordre: HealthCommunity, tmp_path: Path) -> None:
    run()
    folder = spoiled(tmp_path, "nordre-trondelag/deadlines.toml", "amount = 14", "amount = 21")
    with pytest.raises(EditionError, match="Hev versjonen"):
        import_editions(by="test", folder=folder)
    path = folder / "nordre-trondelag" / "edition.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"2026-3"', '"2026-4"'), encoding="utf-8")
    outcomes = {item.edition.version: item.outcome for item in import_editions(by="test", folder=folder)}
    assert outcomes["2026-4"] is Outcome.ADDED
    assert sorted(EditionVersion.objects.values_list("version", flat=True)) == ["2026-3", "2026-4"]


def test_a_stored_edition_cannot_be_changed_or_deleted(nordre: HealthCommunity) -> None:
    run()
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionVersion.objects.update(title="Noe annet")
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionVersion.objects.all().delete()


def test_a_version_is_stored_once(nordre: HealthCommunity) -> None:
    run()
    row = EditionVersion.objects.get()
    row.pk, row.sha256 = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_what_is_stored_is_what_was_read(nordre: HealthCommunity) -> None:
    run()
    edition = editions.current_edition(nordre)
    assert edition == load_edition("nordre-trondelag")
    assert list(edition.obligations) == list(load_edition("nordre-trondelag").obligations)
    assert editions.edition_by_hash(edition.sha256) is edition
    assert editions.version_by_hash(edition.sha256).version == "2026-3"


def test_a_process_keeps_the_version_it_started_under(nordre: HealthCommunity, tmp_path: Path) -> None:
    run()
    before = editions.current_edition(nordre)
    stored = EditionVersion.objects.get()
    later = load_edition("nordre-trondelag", raised(tmp_path))
    store(later, nordre, date(2026, 2, 1))
    assert editions.current_edition(nordre) is before
    editions.refresh()
    assert editions.current_edition(nordre).version == "2026-4"
    assert editions.edition_by_hash(stored.sha256).version == "2026-3"


def test_an_edition_for_the_future_waits(nordre: HealthCommunity, tmp_path: Path) -> None:
    run()
    store(load_edition("nordre-trondelag", raised(tmp_path)), nordre, date(2026, 6, 1))
    assert version_on(nordre, date(2026, 5, 31)) == "2026-3"
    assert version_on(nordre, date(2026, 6, 1)) == "2026-4"
    assert version_on(nordre, date(2025, 12, 31)) is None


def test_a_community_with_only_a_draft_uses_it(nordre: HealthCommunity, sondre: HealthCommunity) -> None:
    run()
    assert editions.current_edition(sondre).draft
    assert editions.available_editions() == [
        ("nordre-trondelag", nordre.name),
        ("sondre-trondelag", sondre.name),
    ]


def test_a_community_can_name_the_edition_it_follows(nordre: HealthCommunity, sondre: HealthCommunity) -> None:
    run()
    sondre.edition_key = "nordre-trondelag"
    sondre.save(update_fields=["edition_key"])
    assert editions.current_edition(sondre).key == "nordre-trondelag"


def test_a_community_without_edition_says_so(nordre: HealthCommunity) -> None:
    with pytest.raises(EditionMissing, match="har ingen utgave"):
        editions.current_edition(nordre)
    with pytest.raises(EditionMissing):
        editions.edition_by_hash("f" * 64)
    with pytest.raises(EditionMissing):
        editions.edition_by_key("finnes-ikke")


def raised(tmp_path: Path) -> Path:
    """The editions with the first one raised to 2026-3."""
    return spoiled(tmp_path, "nordre-trondelag/edition.toml", '"2026-3"', '"2026-4"')


def store(edition: Edition, community: HealthCommunity, valid_from: date) -> None:
    """Another process imports an edition beside the one in use."""
    EditionVersion.objects.create(
        key=edition.key,
        version=edition.version,
        community=community,
        title=edition.title,
        status=edition.status.value,
        content=content_of(edition),
        sha256=edition.sha256,
        valid_from=valid_from,
        imported_at=datetime(2026, 1, 15, tzinfo=UTC),
        imported_by="test",
    )


def version_on(community: HealthCommunity, day: date) -> str | None:
    found = editions.latest_version(community, day)
    return found.version if found else None
