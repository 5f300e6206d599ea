"""Looking for documents that were never made: each is tried, more and more seldom."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from portal.ids import uuid7
from referrals import tasks


class Waiting(list[Any]):
    """Snapshots without a document, as the queryset the task reads."""

    def filter(self, **given: Any) -> "Waiting":
        """All of them."""
        return self

    def order_by(self, *names: str) -> "Waiting":
        """In the order they are in."""
        return self

    def values_list(self, *names: str, flat: bool) -> "Waiting":
        """The ids they are."""
        return self


def test_one_that_cannot_be_made_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more waiting than are sent at once; when the clock strikes again; then the next ones are sent."""
    cache.clear()
    waiting, sent = Waiting(uuid7() for _ in range(3)), list[Any]()
    now = timezone.now()
    monkeypatch.setattr(tasks, "Snapshot", SimpleNamespace(objects=waiting))
    monkeypatch.setattr(tasks, "_send", sent.append)
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert [tasks.render_missing.run() for _strike in range(3)] == [2, 1, 0]
    assert sent == waiting
    now += dt.timedelta(minutes=3)
    assert tasks.render_missing.run() == 2
    assert [tasks._wait(times).total_seconds() / 60 for times in (1, 2, 3, 99)] == [2, 4, 8, 1440]
