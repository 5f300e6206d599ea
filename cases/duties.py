"""The guideline's obligations in one case: where each stands, what shows it, what is missing, and who set it aside."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from cases.models import Case, ObligationStatus, Waiver
from cases.next_steps import url_of
from cases.obligations import labels_of
from guideline.compliance import NOT_YET_BUILT, Display, display_state, worst
from guideline.schema import Edition, Obligation


@dataclass(frozen=True)
class Standing:
    """One obligation in one process of the case (the case itself, a referral, a consultation)."""

    status: ObligationStatus
    display: Display
    label: str
    url: str
    waivers: list[Waiver] = field(default_factory=list)

    @property
    def waiver(self) -> Waiver | None:
        """The waiver in force."""
        return next((row for row in self.waivers if row.reopened_at is None), None)

    @property
    def subject_id(self) -> uuid.UUID:
        """Which process it is."""
        return self.status.subject_id


@dataclass(frozen=True)
class Duty:
    """One obligation of the edition, with every process it is asked for in."""

    duty: Obligation
    standings: list[Standing]

    @property
    def display(self) -> Display:
        """The worst of them, as in the stepper."""
        return worst(standing.display for standing in self.standings)


def duties_of(case: Case, edition: Edition, today: dt.date, key: str = "") -> list[Duty]:
    """The obligations the portal follows, in the edition's order (or one of them). A handful of statements."""
    wanted = [key] if key else [k for k in edition.obligations if k not in NOT_YET_BUILT]
    labels = labels_of(case)
    waivers: dict[tuple[uuid.UUID, str], list[Waiver]] = {}
    for row in Waiver.objects.filter(case=case, key__in=wanted).select_related("waived_by", "reopened_by"):
        waivers.setdefault((row.subject_id, row.key), []).append(row)
    found: dict[str, list[Standing]] = {k: [] for k in wanted}
    for status in ObligationStatus.objects.filter(case=case, key__in=wanted).order_by("key", "id"):
        display = display_state(
            status.state, due_at=status.due_on, met_at=status.met_on, basis=status.due_basis or None, today=today
        )
        standing = Standing(
            status=status,
            display=display,
            label=labels.get(status.subject_id, ""),
            url=url_of(status.url_name, status.url_id),
            waivers=waivers.get((status.subject_id, status.key), []),
        )
        found[status.key].append(standing)
    return [Duty(edition.obligations[k], standings) for k, standings in found.items()]
