"""Going through a chain from its first seal, and finding the first link that does not hold."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from portal.models import AuditSeal
from portal.seals.chain import hash_of, newest_seals
from portal.seals.content import FIRST, FORMS, LAST, Ids, Measure, Span, communities, measure, measure_rest

BATCH = 200


@dataclass(frozen=True)
class Break:
    """The first link of a chain that does not hold: which seal, the period it is about, and what is wrong."""

    community: uuid.UUID | None
    number: int
    since: dt.datetime | None
    until: dt.datetime | None
    what: str

    def period(self) -> str:
        """«mellom 21.11.2026 kl. 14.00 og 21.11.2026 kl. 14.05»."""
        if self.since and self.until:
            return f"mellom {_moment(self.since)} og {_moment(self.until)}"
        return f"fram til {_moment(self.until)}" if self.until else f"etter {_moment(self.since)}" if self.since else ""


@dataclass(frozen=True)
class Checked:
    """How far a chain was checked: up to which seal, how many seals and events, and what was found."""

    community: uuid.UUID | None
    number: int
    seals: int
    events: int
    broken: Break | None = None
    done: bool = True


def chains() -> list[uuid.UUID | None]:
    """Every chain there is or must be, in a fixed order: those with seals, and those with events."""
    return sorted({*newest_seals(), *communities()}, key=str)


def check_chain(community: uuid.UUID | None, *, after: int = 0, seconds: float | None = None) -> Checked:
    """Checks a chain from the seal after number ``after``, some hundred seals at a time, until its end, its first
    break, or (``done`` is False) until so many ``seconds`` have gone. Needs a role that reads the log of all."""
    begun, chain = time.monotonic(), AuditSeal.objects.filter(community_id=community)
    before = chain.filter(number=after).first()
    # Where the next epoch says that this one ended: ids above it are not of these seals.
    ends = dict(chain.filter(closed_id__isnull=False).values_list("epoch", "closed_id"))
    seals = events = 0
    while batch := list(chain.filter(number__gt=before.number if before else 0).order_by("number")[:BATCH]):
        for seal, measured in _measured(community, batch, ends, before):
            if wrong := _link(before, seal) or _content(seal, measured):
                number, since = (before.number + 1, before.sealed_at) if before else (1, None)
                broken = Break(community, number, since, seal.sealed_at, wrong)
                return Checked(community, number, seals, events, broken)
            before, seals, events = seal, seals + 1, events + seal.n
        if seconds is not None and time.monotonic() - begun > seconds:
            return Checked(community, before.number if before else 0, seals, events, done=False)
    return Checked(community, before.number if before else 0, seals, events)


def _measured(
    community: uuid.UUID | None, batch: list[AuditSeal], ends: dict[int, int | None], before: AuditSeal | None
) -> Iterator[tuple[AuditSeal, Measure | None]]:
    """Each seal with what its events measure today; None where its form is unknown (it has been changed)."""
    for (epoch, form, first, rest), group in groupby(
        batch, key=lambda seal: (seal.epoch, seal.form, seal.from_id, seal.closed_id is not None)
    ):
        seals = list(group)
        if form not in FORMS:
            yield from ((seal, None) for seal in seals)
        elif rest:
            for seal in seals:
                ids = Ids(before.from_id if before else FIRST, first - 1)
                yield seal, measure_rest(community, ids, closed_id=seal.closed_id or 0, lo=seal.lo, form=form)
        else:
            spans = [Span(seal.lo, seal.hi) for seal in seals]
            end = ends.get(epoch + 1)
            ids = Ids(first, LAST if end is None else end)
            yield from zip(seals, measure(community, spans, ids, form), strict=True)
        before = seals[-1]


def _link(before: AuditSeal | None, seal: AuditSeal) -> str:
    """What is wrong with the seal itself or with its place in the chain."""
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        return "seglet mangler"
    if seal.hash != hash_of(seal):
        return "seglet er endret"
    if before is None:
        return "leddet til seglet før er brutt" if seal.prev or seal.lo else ""
    follows = seal.epoch == before.epoch + (seal.closed_id is not None)
    if seal.prev != before.hash or seal.lo != before.hi or not follows:
        return "leddet til seglet før er brutt"
    return ""


def _content(seal: AuditSeal, measured: Measure | None) -> str:
    """What is wrong with the events the seal is about."""
    if measured is None:
        return "seglet er endret"
    if measured.n < seal.n:
        return f"{events_counted(seal.n - measured.n)} mangler"
    if measured.n > seal.n:
        return f"{events_counted(measured.n - seal.n)} er kommet til"
    if measured.root != seal.root:
        return "minst én hendelse er endret"
    return ""


def events_counted(count: int) -> str:
    """«én hendelse», «12 hendelser»."""
    return "én hendelse" if count == 1 else f"{count} hendelser"


def _moment(value: dt.datetime) -> str:
    return timezone.localtime(value).strftime("%d.%m.%Y kl. %H.%M")
