"""A file whose request rolled back is removed after a day; one that a document refers to never is."""

import datetime as dt
import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from cases.actions import orphan_files
from cases.actions.documents import add_document
from cases.actions.errors import mark_error
from cases.models import Document
from cases.orphan_files import FOLDER, orphans
from cases.tasks import remove_orphan_files
from tests.stories import a_case
from tests.uploads.files import pdf
from tests.world import World

TOMORROW = dt.timedelta(days=1, minutes=1)


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    """A folder of its own: the files of other tests have no documents either."""
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": str(tmp_path)}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def stored(world: World, **given: Any) -> Document:
    case = given.get("case") or a_case(world)
    return add_document(case=case, data=pdf(given.get("pages", 1)), file_name="rapport.pdf", title="Rapport",
                        category="health", by=world.coordinator)  # fmt: skip


def left_by_a_failed_request(world: World) -> str:
    """The request fails after the document was stored: its row is gone, and the file lies there."""
    with transaction.atomic():
        name = stored(world, pages=2).storage_name
        transaction.set_rollback(True)
    assert default_storage.exists(name)
    assert not Document.objects.filter(storage_name=name).exists()
    return name


def test_only_what_no_document_refers_to_goes_and_only_after_a_day(world: World) -> None:
    kept, wrong = stored(world), stored(world, pages=3)
    mark_error(entry=wrong, reason="Feil fil", by=world.coordinator)
    lost = left_by_a_failed_request(world)
    # Lies beside the uploads, and is nobody's business here.
    beside = default_storage.save("annet/notat.txt", ContentFile(b"x"))
    assert orphans() == []
    later = timezone.now() + TOMORROW
    assert orphans(later) == [lost]
    assert orphan_files.remove_orphans(now=later) == 1
    assert not default_storage.exists(lost)
    for name in (kept.storage_name, wrong.storage_name, beside):
        assert default_storage.exists(name)
    assert orphan_files.remove_orphans(now=later) == 0


def test_too_many_are_left_for_somebody_to_look_at(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database older than its files must not cost the files."""
    names = [default_storage.save(f"{FOLDER}/{number}.pdf", ContentFile(b"x")) for number in range(3)]
    later = timezone.now() + TOMORROW
    with pytest.raises(orphan_files.TooMany):
        orphan_files.remove_orphans(most=2, now=later)
    assert all(default_storage.exists(name) for name in names)
    monkeypatch.setattr("cases.orphan_files.OLD_ENOUGH", -TOMORROW)
    monkeypatch.setattr("cases.tasks.remove_orphans", lambda: orphan_files.remove_orphans(most=2))
    with caplog.at_level(logging.ERROR, logger="cases.housekeeping"):
        remove_orphan_files()
    assert "filer uten dokument" in caplog.text
    said = io.StringIO()
    call_command("remove_orphan_files", "--dry-run", stdout=said)
    assert names[0] in said.getvalue()
    assert all(default_storage.exists(name) for name in names)
    call_command("remove_orphan_files", stdout=said)
    assert "3 filer er fjernet" in said.getvalue()
    assert not any(default_storage.exists(name) for name in names)


def test_the_clock_removes_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = left_by_a_failed_request(world)
    monkeypatch.setattr("cases.orphan_files.OLD_ENOUGH", -TOMORROW)
    remove_orphan_files()
    assert not default_storage.exists(lost)
    assert orphans() == []
