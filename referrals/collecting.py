"""What the assembly page shows: who was asked and who owes what, who can be asked, and how complete it is."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.case_facts import ParticipantRow
from guideline.deadlines import due_on
from guideline.editions import current_edition
from portal.directory.lookup import with_people
from portal.models import Service
from portal.timeframe import today
from referrals.access import ReferralViewer
from referrals.asking import AskBasis, basis_for_asking
from referrals.checklist import Answered, Unasked, completeness
from referrals.forms.collect import AskForm
from referrals.models import Contribution
from referrals.snapshot.build import compose
from referrals.snapshot.gather import Sources, gather

C = Contribution.State
PLACES = ["contribution", "gp", "case", "ask"]
ORDER = {C.REQUESTED: 0, C.STARTED: 0, C.SUBMITTED: 1, C.DECLINED: 2}


@dataclass(frozen=True)
class AskedRow:
    """One contributor: what they owe, since when, and whether the viewer may read what came."""

    contribution: Contribution
    readable: bool
    decline_label: str
    # What it wrote beside it, for those who see what it writes.
    decline_note: str
    nudged_today: bool
    nobody: bool = False

    @property
    def awaited(self) -> bool:
        """Whether the service still owes it."""
        return self.contribution.state in {C.REQUESTED, C.STARTED}

    @property
    def registers(self) -> bool:
        """Whether what it wrote elsewhere can be registered: nobody answers there, and nothing of its own stands."""
        own = self.contribution.stands and not (self.contribution.external_from and not self.contribution.opened_again)
        return self.nobody and not own

    @property
    def registered_by(self) -> str:
        """Who registered what came outside the portal, also while the service writes more."""
        by = self.contribution.submitted_by or self.contribution.delivered_by
        return by.name if by else ""


@dataclass(frozen=True)
class UnaskedRow:
    """A service that takes part and has not been asked: the form, or why it cannot be asked yet. ``nobody``: it has no
    users who could answer, so what it writes elsewhere is registered for it."""

    participant: ParticipantRow
    basis: AskBasis
    form: AskForm
    nobody: bool = False


@dataclass(frozen=True)
class Owed:
    """What one owner can answer that the department still misses; ``place`` as in the checklist."""

    owner: str
    place: str
    items: list[Answered]


@dataclass(frozen=True)
class Assembly:
    """The page's lists. ``content`` is the draft as the viewer may see it."""

    rows: list[AskedRow]
    unasked: list[UnaskedRow]
    checklist: list[Answered]
    content: dict[str, Any]

    @property
    def awaited(self) -> list[AskedRow]:
        """Rows that someone still owes."""
        return [row for row in self.rows if row.awaited]

    @property
    def answered(self) -> int:
        """How many of those asked have answered."""
        return len(self.rows) - len(self.awaited)

    @property
    def missing(self) -> list[Answered]:
        """Items of the checklist that nothing answers."""
        return [row for row in self.checklist if not row.answered]

    @property
    def owed(self) -> list[Owed]:
        """The missing items by who can answer them: services asked first, then the GP, the holder, those not asked."""
        groups: dict[tuple[str, str], list[Answered]] = {}
        for row in self.missing:
            place = row.place if row.place in PLACES else "case"
            groups.setdefault((place, "" if place == "gp" else row.owner), []).append(row)
        return [Owed(owner, place, items) for (place, owner), items in sorted(groups.items(), key=_place)]

    @property
    def present(self) -> list[Answered]:
        """Items that are answered, each by what."""
        return [row for row in self.checklist if row.answered]


def assembly(
    seen: ReferralViewer, participants: Iterable[ParticipantRow], now: dt.datetime, ask_form: AskForm | None = None
) -> Assembly:
    """Reads the referral being made as the viewer sees it. The statements of ``gather``, however many contributors.

    ``ask_form`` is the form that was sent with errors, shown again in its place.
    """
    edition = current_edition(seen.case.community)
    source = gather(seen.referral, seen.case, edition, now, seen.viewer)
    content = compose(source)
    partaking = list(participants)
    services = {c.service_id for c in source.contributions} | {row.service_id for row in partaking}
    peopled = with_people(services, today(now))
    unasked = _unasked(source, partaking, ask_form, peopled)
    known = [Unasked(row.participant.service, row.participant.kind) for row in unasked]
    return Assembly(
        rows=sorted((_asked(source, c, content, peopled) for c in source.contributions), key=_urgency),
        unasked=unasked,
        checklist=completeness(seen.referral, edition, content, known),
        content=content,
    )


def registered_for(seen: ReferralViewer, service: Service) -> dict[str, Any]:
    """What is registered for a service already, as the form starts; its text only for those who may see it, and nothing
    once the service itself writes on in it."""
    standing = Contribution.objects.filter(referral=seen.referral, service=service, state=C.SUBMITTED)
    found = standing.exclude(external_from="").first()
    if found is None:
        return {}
    told = {"external_from": found.external_from, "how": found.external_how, "written_on": found.external_on}
    if seen.viewer.sees(found.service_id, found.category, sealed=found.sealed):
        told["text"] = "\n\n".join(found.sections.exclude(text="").values_list("text", flat=True))
    return told


def _place(group: tuple[tuple[str, str], list[Answered]]) -> tuple[int, str]:
    (place, owner), _items = group
    return PLACES.index(place), owner


def _asked(source: Sources, contribution: Contribution, content: dict[str, Any], peopled: set[uuid.UUID]) -> AskedRow:
    shown = next((c for c in content["contributions"] if c["id"] == str(contribution.pk)), None)
    label = source.edition.code("contribution_declined", contribution.decline_code).label
    return AskedRow(
        contribution=contribution,
        readable=bool(shown and shown["sections"]),
        decline_label=str(label) if contribution.decline_code else "",
        decline_note=contribution.decline_note
        if source.sees(contribution.service, contribution.category, False)
        else "",
        nudged_today=contribution.nudged_on == today(source.now),
        nobody=contribution.service_id not in peopled,
    )


def _urgency(row: AskedRow) -> tuple[int, dt.date, str]:
    """What someone owes comes first, soonest due on top."""
    c = row.contribution
    return ORDER[C(c.state)], c.due_on, c.service.sort_key


def _unasked(
    source: Sources, participants: Iterable[ParticipantRow], ask_form: AskForm | None, peopled: set[uuid.UUID]
) -> list[UnaskedRow]:
    """Participants that can still be asked; those with a basis first. The receiver is not asked for a contribution."""
    asked: set[uuid.UUID] = {c.service_id for c in source.contributions}
    due = due_on(source.edition.deadlines["contribution_due"], today(source.now))
    rows = []
    for participant in participants:
        if participant.service_id in asked or participant.service_id == source.referral.receiver_id:
            continue
        service = Service(pk=participant.service_id, kind=participant.kind, name=participant.service)
        form = AskForm(service_id=participant.service_id, due_on=due)
        if ask_form is not None and str(ask_form["service"].value()) == str(participant.service_id):
            form = ask_form
        basis = basis_for_asking(source.facts, service, source.now)
        rows.append(UnaskedRow(participant, basis, form, participant.service_id not in peopled))
    return sorted(rows, key=lambda row: not row.basis.allowed)
