"""A private folder for what tests upload."""

from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files go to a folder of the test's own."""
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path, base_url=None))
    return tmp_path
