"""No test of this folder talks to Redis: what would be queued is listed instead."""

import uuid

import pytest


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """The snapshots put on the queue for rendering."""
    sent: list[uuid.UUID] = []
    monkeypatch.setattr("referrals.tasks._send", sent.append)
    return sent
