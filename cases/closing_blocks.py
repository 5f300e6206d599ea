"""What must be ended before a case can be closed or merged away; other apps say what they still have running."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cases.models import Case
from portal.context import as_job


@dataclass(frozen=True)
class Block:
    """One thing still running: a sentence for people, and where it is ended."""

    text: Any
    url_name: str
    url_id: uuid.UUID

    @property
    def url(self) -> str:
        """The page where it is ended."""
        return reverse(self.url_name, args=[self.url_id])


Source = Callable[[Case], Iterable[Block]]
_SOURCES: list[Source] = []


def add_block(source: Source) -> Source:
    """Registers a function that lists what is still running in a case; called from ``register.py``."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def blocks_of(case: Case) -> list[Block]:
    """Everything still running in a case, whoever sees it: closing must not depend on what the actor sees."""
    with as_job():
        return [block for source in _SOURCES for block in source(case)]
