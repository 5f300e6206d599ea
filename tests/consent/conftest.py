"""Hypothesis on shared machines: how long an example takes says nothing about the code."""

from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from hypothesis import HealthCheck, settings

settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files go to a folder of the test's own."""
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path, base_url=None))
    return tmp_path
