"""Asking again ahead of a birthday that changes who decides: the task, with its deadline (edition ``decider_changes``).

From 15 (school and PPT), 16 and 18, as the edition says, somebody else decides, and what others consented to is no
basis any more. So that nothing is closed unprepared, the holder is asked ahead of the day; what was not asked in time
still waits.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from cases import consent_rules as rules
from cases.consent_answers import Because
from cases.inbox import close_tasks, open_task, start_deadline
from cases.models import Case, Category, Deadline
from cases.sharing import SharingFacts
from guideline import deadlines
from guideline.schema import DeadlineRule
from portal.context import Actor, as_job
from portal.timeframe import start_of, today

KIND, RULE = "consent.ask_again", "decider_changes"
# Editions stored before the rule came say nothing of it: as long ahead as a consent is renewed.
BEFORE_THE_RULE = "consent_expiry"
# Whoever decides from the birthday has answered: nobody is to be asked again.
ANSWERED = {Because.REFUSED, Because.WITHDRAWN, Because.RESERVED_BY_CHILD}
UNASKED = {Because.YOUTH_MUST_DECIDE, Because.NOT_ENTITLED, Because.NOBODY_CAN_CONSENT}
INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Turn:
    """A birthday from which others decide about some categories; who it is by ``SharingFacts.who_decides`` that day.

    ``asks``: the categories where something closes, or has closed, because they have not been asked; ``ending``: the
    consents that have no effect there from that day. ``answered``: something was shared there, and they have answered.
    """

    on: dt.date
    age: int
    categories: tuple[str, ...]
    asks: tuple[str, ...]
    ending: frozenset[uuid.UUID]
    answered: bool


def rule_of(facts: SharingFacts) -> DeadlineRule:
    """How long ahead the edition says to ask."""
    return facts.edition.deadlines.get(RULE) or facts.edition.deadlines[BEFORE_THE_RULE]


def changes_hands(facts: SharingFacts, category: str) -> list[dt.datetime]:
    """The birthdays from which others decide about a category, as the facts stand; none while unborn."""
    born = facts.case.child.birth_date
    if born is None:
        return []
    ages = sorted({facts.rules.decides(category), facts.rules.adult})
    moments = [rules.turns_at(born, age) for age in ages]
    return [at for at in moments if _deciding(facts, category, at - INSTANT) != _deciding(facts, category, at)]


def turns_of(facts: SharingFacts, now: dt.datetime) -> list[Turn]:
    """The birthdays that change who decides: those to come, and the last one past where somebody is still unasked."""
    born = facts.case.child.birth_date
    if born is None:
        return []
    by_moment: dict[dt.datetime, list[str]] = {}
    for category in Category.values:
        moments = changes_hands(facts, category)
        past = [at for at in moments if at <= now]
        for at in [*past[-1:], *(at for at in moments if at > now)]:
            by_moment.setdefault(at, []).append(category)
    found = [_turn(facts, at, categories, now) for at, categories in sorted(by_moment.items())]
    return [turn for turn in found if turn.asks or turn.on > today(now)]


def keep_asking(case: Case, facts: SharingFacts, *, by: Actor, now: dt.datetime) -> None:
    """Opens the holder's task for the first birthday where somebody must be asked; ends it when they have answered, or
    when there is nothing left to ask about.

    Call under the case's lock, after anything that can change who decides or what is said. One task at a time: when the
    first is answered, the next birthday's takes its place. A corrected birth date moves the date, not the person.
    """
    turns = {turn.on: turn for turn in turns_of(facts, now)} if case.state != Case.State.CLOSED else {}
    first = next((turn for _on, turn in sorted(turns.items()) if turn.asks), None)
    if _end_others(case, facts, first, now):
        close_tasks(case, KIND, now=now)
    if first is None:
        close_tasks(case, KIND, now=now, reason="cancelled")
        return
    rule = rule_of(facts)
    due = max(deadlines.due_on(rule, first.on) or first.on, today(now))
    labels = facts.edition.consent.categories
    task = open_task(
        KIND,
        by=by,
        now=now,
        service=case.holder.service_id,
        subject=case,
        case=case,
        due_on=due,
        shows_on=deadlines.in_sight_from(rule, due),
        detail=", ".join(labels[category].label for category in first.asks),
    )
    if RULE in facts.edition.deadlines:
        start_deadline(
            RULE, case=case, subject=case, service=case.holder.service_id, anchor_on=first.on, task=task, due_on=due
        )


def _end_others(case: Case, facts: SharingFacts, first: Turn | None, now: dt.datetime) -> bool:
    """Ends the deadlines of other birthdays than the first to ask for; whether one of them was met."""
    with as_job():
        running = Deadline.objects.filter(rule=RULE, subject_id=case.pk, state=Deadline.State.OPEN)
        others = running if first is None else running.exclude(anchor_on=first.on)
        met = [row.pk for row in others if _answered(facts, row.anchor_on, now)]
        others.filter(pk__in=met).update(state=Deadline.State.MET, ended_on=today(now))
        others.update(state=Deadline.State.CANCELLED, ended_on=today(now))
    return bool(met)


def _answered(facts: SharingFacts, on: dt.date, now: dt.datetime) -> bool:
    at = start_of(on)
    turn = _turn(facts, at, [c for c in Category.values if at in changes_hands(facts, c)], now)
    return turn.answered and not turn.asks


def _turn(facts: SharingFacts, at: dt.datetime, categories: list[str], now: dt.datetime) -> Turn:
    born, day = facts.case.child.birth_date, today(at)
    asks, ending, answered = list[str](), set[uuid.UUID](), False
    for category in categories:
        for consents, then in _at_stake(facts, category, at, now):
            if then.allowed or then.because in ANSWERED:
                answered = True
                continue
            ending |= consents
            asks += [category] if category not in asks else []
    age = rules.age_on(born, day) if born else 0
    return Turn(day, age, tuple(categories), tuple(asks), frozenset(ending), answered)


def _at_stake(
    facts: SharingFacts, category: str, at: dt.datetime, now: dt.datetime
) -> Iterator[tuple[set[uuid.UUID], rules.Basis]]:
    """Per service with which the category is shared by consent: those consents, and what holds from the birthday on."""
    for service_id in facts.services():
        if at > now:
            before = facts.basis(service_id, category, at - INSTANT)
            if before.allowed and before.because != Because.STATUTORY:
                yield {uuid.UUID(key) for key in before.consent_ids}, facts.basis(service_id, category, at)
            continue
        standing = {
            uuid.UUID(said.id)
            for said in facts.consents
            if rules.is_valid(said, service=str(service_id), category=category, at=now)
        }
        basis = facts.basis(service_id, category, now)
        if standing and (basis.allowed or basis.because in UNASKED | ANSWERED):
            yield standing, basis


def _deciding(facts: SharingFacts, category: str, at: dt.datetime) -> frozenset[rules.Party]:
    return facts.who_decides(category, at).parties
