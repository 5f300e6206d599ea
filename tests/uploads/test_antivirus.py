"""Files go through the scanner when there is one, and nothing is stored without its clear word."""

import socket
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from cases.actions.signed_forms import Scan
from cases.models import Document
from portal.answering import Invalid
from portal.antivirus import check_clean, place_of
from portal.checks import scanner_has_an_address
from portal.uploads import UploadProblem, UploadRefused
from tests.cases_content.family import an_upload
from tests.stories import a_case
from tests.uploads import files
from tests.uploads.clamd import EICAR, scanner
from tests.world import World


def refused(content: bytes = b"%PDF-") -> UploadProblem:
    """Why the scanner's answer keeps a file out."""
    with pytest.raises(UploadRefused) as caught:
        check_clean(content)
    assert caught.value.message
    return caught.value.code


def test_without_a_scanner_nothing_is_asked(settings: LazySettings) -> None:
    settings.PORTAL_CLAMD = ""
    check_clean(EICAR)


@pytest.mark.parametrize("by", ["tcp", "unix"])
def test_a_clean_file_passes_and_a_virus_does_not(settings: LazySettings, tmp_path: Path, by: str) -> None:
    """Given a scanner on a port or a socket file; when a large clean file and the test virus are sent; then it knows
    them apart, and got every byte."""
    with scanner(tmp_path / "clamd" if by == "unix" else None) as (server, settings.PORTAL_CLAMD):
        large = bytes(range(256)) * 4096
        check_clean(large)
        assert server.received == [large]
        assert refused(b"foran " + EICAR) is UploadProblem.INFECTED


@pytest.mark.parametrize("mood", ["error", "cut", "chatters", "unclear", "closes"])
def test_an_answer_that_is_not_clear_keeps_the_file_out(settings: LazySettings, mood: str) -> None:
    with scanner() as (server, settings.PORTAL_CLAMD):
        server.mood = mood
        assert refused(b"x" * 2_000_000) is UploadProblem.NOT_SCANNED


@pytest.mark.parametrize("mood", ["hangs", "drips"])
def test_a_scanner_that_is_slow_is_not_waited_for(settings: LazySettings, mood: str) -> None:
    """Given one that never answers, or a letter at a time; then the whole wait is what the setting says."""
    settings.PORTAL_CLAMD_SECONDS = 0.5
    with scanner() as (server, settings.PORTAL_CLAMD):
        server.mood = mood
        began = time.monotonic()
        assert refused() is UploadProblem.NOT_SCANNED
        assert time.monotonic() - began < 2


def test_a_scanner_that_is_down_keeps_every_file_out(settings: LazySettings, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.PORTAL_CLAMD = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        assert refused() is UploadProblem.NOT_SCANNED
    settings.PORTAL_CLAMD = f"unix://{tmp_path}/finnes-ikke"
    assert refused() is UploadProblem.NOT_SCANNED


@pytest.mark.django_db
def test_nothing_of_an_infected_file_is_stored(world: World, settings: LazySettings, tmp_path: Path) -> None:
    """Given the test virus behind a PDF; when it is uploaded; then no row and no file are left, and the page says why;
    with a scanner that is down it says to try again."""
    settings.MEDIA_ROOT = str(tmp_path)
    case = a_case(world, level=1)
    with scanner() as (_server, settings.PORTAL_CLAMD):
        with pytest.raises(Invalid) as caught:
            an_upload(case, world.coordinator, data=files.pdf() + EICAR)
        assert "virus" in str(caught.value.errors["file"])
        assert not Document.objects.exists()
        an_upload(case, world.coordinator)
    with pytest.raises(Invalid) as caught:
        an_upload(case, world.coordinator, title="En til", data=files.pdf(2))
    assert "Prøv igjen senere" in str(caught.value.errors["file"])
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_a_signed_form_is_scanned_too(settings: LazySettings) -> None:
    """Given a scanner; when the signed paper of a consent carries the test virus; then it is kept out."""
    with scanner() as (_server, settings.PORTAL_CLAMD), pytest.raises(Invalid) as caught:
        Scan(files.pdf() + EICAR, "skjema.pdf").inspected()
    assert "virus" in str(caught.value.errors["signed"])


@pytest.mark.parametrize(
    "address", ["clamd:3310", "http://clamd", "tcp://", "tcp://vert:tull", "unix://", "unix://a/b"]
)
def test_an_address_that_leads_nowhere_stops_the_start(settings: LazySettings, address: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        place_of(address)
    settings.PORTAL_CLAMD = address
    assert [error.id for error in scanner_has_an_address(None)] == ["portal.E005"]
    settings.PORTAL_CLAMD = "tcp://clamd:3310"
    assert scanner_has_an_address(None) == []
