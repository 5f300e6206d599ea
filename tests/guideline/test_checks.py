"""Bad edition data stops start-up with file, key and reason."""

from pathlib import Path

import pytest

from guideline import checks
from guideline.loader import edition_names, load_edition
from tests.guideline.folders import spoiled


def test_the_editions_in_the_repository_are_valid() -> None:
    assert checks.editions_are_valid(None) == []


def test_a_bad_file_is_an_error_that_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = spoiled(tmp_path, "nordre-trondelag/deadlines.toml", "amount = 14", 'amount = "to uker"')
    monkeypatch.setattr(checks, "edition_names", lambda: edition_names(folder))
    monkeypatch.setattr(checks, "load_edition", lambda name: load_edition(name, folder))
    first, *_ = checks.editions_are_valid(None)
    assert first.id == "guideline.E001"
    assert "nordre-trondelag/deadlines.toml: deadlines.level0_decision.amount: må være et heltall" in first.msg
    # The other checks pass over what cannot be read, instead of failing for the same reason again.
    assert "guideline.E001" not in {message.id for message in checks.sections_have_addresses(None)}
