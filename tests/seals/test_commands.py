"""The commands, the nightly check and the list that is put outside, as an operator meets them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.models import AuditEvent, HealthCommunity
from portal.seals import nightly
from portal.seals.checking import check_chain
from portal.tasks import mail_alarm, put_seals_outside, seal_audit, verify_audit
from tests.seals.test_tampering import rewrite_history
from tests.seals.trail import NORTH, seal, tamper, tomorrow, write

WATCH = ["vakt@eksempel.invalid"]


def said(*arguments: Any, **options: Any) -> str:
    """What a command writes."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def north(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seals of a community with a name; and letters are written at once."""
    monkeypatch.setattr(mail_alarm, "apply_async", lambda given, queue: queue == "delivery" and mail_alarm(*given))
    HealthCommunity.objects.create(pk=NORTH, slug="nord", name="Helsefellesskapet nord", prefix="NO")
    write(NORTH, 2)
    seal()
    write(NORTH)
    seal()


def change_the_last() -> None:
    """The owner changes the newest event."""
    tamper("UPDATE portal_auditevent SET user_name = 'En annen' WHERE id = %s", AuditEvent.objects.latest("id").pk)


def test_the_command_says_that_the_log_holds(north: None) -> None:
    assert said("verify_audit").splitlines() == [
        "Helsefellesskapet nord: 2 segl og 3 hendelser kontrollert.",
        "Loggen stemmer med seglene.",
    ]


def test_the_command_names_the_first_broken_link(north: None) -> None:
    """Given a changed event, then the command fails, and says whose chain, which seal, which period, and what."""
    change_the_last()
    with pytest.raises(CommandError, match=r"nord, segl nr. 2 \(mellom .* kl. .* og .*\): minst én hendelse er endret"):
        said("verify_audit")


def test_the_command_compares_with_a_list(north: None, tmp_path: Path) -> None:
    """Given a list of seals printed before history was rewritten, then the command finds what the chain does not."""
    kept = tmp_path / "liste.csv"
    said("seal_audit", til=kept)
    assert kept.read_text(encoding="utf-8") == said("seal_audit")
    assert "Loggen stemmer" in said("verify_audit", mot=kept)
    rewrite_history()
    assert "Loggen stemmer" in said("verify_audit")
    with pytest.raises(CommandError, match=r"segl nr. 2 \(fram til .*\): seglet står i lista, men mangler"):
        said("verify_audit", mot=kept)


def test_a_file_that_is_no_list_is_said_to_be_none(north: None, tmp_path: Path) -> None:
    other = tmp_path / "annet.csv"
    other.write_text("helsefellesskap;epoke;segl;forseglet;hendelser;hash\nnoe annet\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Linje 2 i annet\.csv er ikke et segl"):
        said("verify_audit", mot=other)
    with pytest.raises(CommandError, match=r"Fant ikke .*mangler\.csv"):
        said("verify_audit", mot=tmp_path / "mangler.csv")


def test_an_epoch_is_begun_by_command(north: None) -> None:
    said("seal_audit", ny_epoke="Gjenopprettet fra i går")
    assert ";2;3;" in said("seal_audit")
    assert "3 segl og 3 hendelser kontrollert" in said("verify_audit")


def test_the_night_says_nothing_while_all_holds(north: None, settings: Any, mailoutbox: list[EmailMessage]) -> None:
    settings.PORTAL_AUDIT_MAIL = WATCH
    verify_audit()
    assert mailoutbox == []


def test_the_night_tells_loudly(
    north: None, settings: Any, mailoutbox: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    """Given a broken chain, then it is an error in the log, and a letter to those who watch."""
    settings.PORTAL_AUDIT_MAIL = WATCH
    change_the_last()
    verify_audit()
    assert "segl nr. 2" in caplog.text
    (letter,) = mailoutbox
    assert letter.to == WATCH
    assert "Helsefellesskapet nord, segl nr. 2" in letter.body
    assert "Kari" not in letter.body


def test_the_night_goes_on_where_it_came_to(north: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given time for one seal a turn, then each hands over where it came to, and what is broken is found."""
    monkeypatch.setattr("portal.seals.checking.BATCH", 1)
    monkeypatch.setattr(
        nightly, "check_chain", lambda whose, after, seconds: check_chain(whose, after=after, seconds=0)
    )
    change_the_last()
    first = nightly.turn("", 0, 60)
    assert (first.broken, first.next) == ([], (str(NORTH), 1))
    second = nightly.turn(str(NORTH), 1, 60)
    assert [row.number for row in second.broken] == [2]
    assert second.next is None


def test_the_next_turn_is_asked_for(north: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr("portal.tasks.CHECK_SECONDS", -1)
    monkeypatch.setattr(verify_audit, "delay", lambda *place: asked.append(place))
    verify_audit()
    assert asked == [(str(NORTH), 0)]


def test_sealing_that_has_stopped_is_told(
    north: None, settings: Any, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an event that no sealer comes by for, then after an hour it is said."""
    settings.PORTAL_AUDIT_MAIL = WATCH
    write(NORTH)
    assert nightly.behind() == 0
    assert nightly.behind(tomorrow()) == 1
    monkeypatch.setattr(nightly, "LATE", -nightly.LATE)
    verify_audit()
    assert "mer enn en time" in mailoutbox[0].body
    seal_audit()
    assert nightly.behind(tomorrow()) == 0


def test_the_newest_seals_are_put_outside(
    north: None, settings: Any, mailoutbox: list[EmailMessage], tmp_path: Path
) -> None:
    """Given a folder and an address, then both get the end of each chain, the file only grows, and the night's check
    holds the database up against it."""
    settings.PORTAL_AUDIT_MAIL, settings.PORTAL_SEAL_FOLDER = WATCH, str(tmp_path)
    put_seals_outside()
    kept = (tmp_path / "segl.csv").read_text(encoding="utf-8")
    assert kept.splitlines()[1] in mailoutbox[0].body
    seal(now=tomorrow())
    put_seals_outside()
    assert (tmp_path / "segl.csv").read_text(encoding="utf-8").startswith(kept)
    assert len((tmp_path / "segl.csv").read_text(encoding="utf-8").splitlines()) == 3
    mailoutbox.clear()
    rewrite_history()
    verify_audit()
    assert "seglet står i lista" in mailoutbox[0].body


def test_nothing_is_put_outside_where_nothing_is_set(north: None, mailoutbox: list[EmailMessage]) -> None:
    put_seals_outside()
    assert mailoutbox == []
    assert timezone.now() > AuditEvent.objects.latest("id").at
