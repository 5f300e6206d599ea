"""A second, simple answer to «may this service see this category now?», written from the guideline's words alone.

It knows nothing of the portal's rules: it keeps a diary of what was said and done, and reads it from the beginning for
every question. Slow, and short enough to be read by a jurist.
"""

import datetime as dt
from dataclasses import dataclass, field

SCHOOL_AGE, AGE, ADULT, WISH_AGE = 15, 16, 18, 12
CATEGORIES = ("health", "school", "child_protection", "social", "family")


@dataclass
class Answer:
    """A yes or a no: by whom, about what, from when until when; and when each part of it was taken back."""

    yes: bool
    who: frozenset[str]
    services: frozenset[str] | None
    categories: frozenset[str]
    said: dt.datetime
    starts: dt.datetime
    ends: dt.datetime | None
    reasoned: bool
    taken_back: dict[tuple[str, str], dt.datetime] = field(default_factory=dict)

    def about(self, service: str, category: str) -> bool:
        """Whether it was said of this service and this category."""
        return category in self.categories and (self.services is None or service in self.services)


@dataclass
class Person:
    """A parent, verge or other: what they may decide."""

    responsible: bool = False
    blocked: bool = False
    kin: bool = True
    mandate: frozenset[str] = frozenset()


@dataclass
class Diary:
    """Everything that has happened in one case."""

    born: dt.datetime
    holder: str
    people: dict[str, Person] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    laws: list[tuple[str, str, dt.datetime, bool]] = field(default_factory=list)
    taking_part: dict[str, dt.datetime | None] = field(default_factory=dict)
    lacks_capacity: frozenset[str] | None = None
    barnevern: bool = False
    closed: bool = False

    def may_see(self, service: str, category: str, now: dt.datetime) -> bool:
        """A basis, and a place in the case: the holder's, or taking part while something may be shared."""
        if service != self.holder:
            ends = self.taking_part.get(service, now)
            takes_part = service in self.taking_part and (ends is None or now < ends)
            if self.closed or not takes_part:
                return False
        return self.basis(service, category, now)

    def basis(self, service: str, category: str, now: dt.datetime) -> bool:
        """Consent by those who decide, unless the child withholds it; or a law that names just this."""
        if self._consent(service, category, now) and not self._child_withholds(service, category, now):
            return True
        return any(
            (named, about) == (service, category)
            and begins <= now
            and not (yields and self._refused(service, category, now))
            for named, about, begins, yields in self.laws
        )

    def _age(self, now: dt.datetime) -> int:
        local, born = now.astimezone(self.born.tzinfo), self.born
        return local.year - born.year - ((local.month, local.day) < (born.month, born.day))

    def _deciding(self, category: str, now: dt.datetime) -> tuple[set[str], bool]:
        """Who decides, and whether all of them must agree."""
        age, limit = self._age(now), SCHOOL_AGE if category == "school" else AGE
        incapable = self.lacks_capacity is not None and (not self.lacks_capacity or category in self.lacks_capacity)
        verges = {f"verge:{name}" for name, p in self.people.items() if category in p.mandate and not p.blocked}
        if age >= ADULT:
            kin = {f"kin:{name}" for name, p in self.people.items() if p.kin and not p.mandate and not p.blocked}
            return ((verges or kin) if incapable else {"youth"}), False
        if age >= limit and not incapable:
            return {"youth"}, False
        if self.barnevern:
            return {"barnevern"}, False
        parents = {f"parent:{name}" for name, p in self.people.items() if p.responsible}
        return (parents, True) if parents else (verges, False)

    def _last_word(self, who: str, service: str, category: str, now: dt.datetime) -> tuple[list[Answer], bool]:
        """Someone's yeses that count, and whether a no of theirs stands; reading the diary from its first day."""
        yeses: list[Answer] = []
        no = False
        events = []
        for answer in self.answers:
            if who in answer.who and answer.about(service, category):
                events.append((answer.said, 0, answer))
                if (service, category) in answer.taken_back:
                    events.append((answer.taken_back[service, category], 1, answer))
        lifted = {id(a) for at, back, a in events if back and not a.yes and at <= now}
        for at, back, answer in sorted(events, key=lambda event: (event[0], event[1])):
            if at > now:
                continue
            if answer.yes and not back:
                counts = who != "youth" or self._age(answer.starts) >= (SCHOOL_AGE if category == "school" else AGE)
                if counts and answer.starts <= now:
                    yeses.append(answer)
            elif answer.yes or not back:
                # Taken back, or a no: what was consented to before it is over.
                yeses = []
                no = no or answer.yes or id(answer) not in lifted
        in_force = [a for a in yeses if a.ends is None or now < a.ends]
        return in_force, no and not yeses

    def _consent(self, service: str, category: str, now: dt.datetime) -> bool:
        deciding, everyone = self._deciding(category, now)
        words = {who: self._last_word(who, service, category, now) for who in deciding}
        blocked = {f"parent:{name}" for name, p in self.people.items() if p.blocked}
        yes = {who for who, (yeses, _no) in words.items() if yeses}
        if not yes or any(no for who, (_yeses, no) in words.items() if who not in blocked):
            return False
        if not everyone or yes == deciding:
            return True
        return any(a.reasoned for who in yes - blocked for a in words[who][0])

    def _child_withholds(self, service: str, category: str, now: dt.datetime) -> bool:
        if self._age(now) < WISH_AGE:
            return False
        own = [a for a in self.answers if "youth" in a.who and a.about(service, category) and a.said <= now]
        wishes = [
            a for a in own if not a.yes and not a.taken_back.get((service, category), now + dt.timedelta(1)) <= now
        ]
        said_yes = self._last_word("youth", service, category, now)[0]
        return any(not any(yes.said > wish.said for yes in said_yes) for wish in wishes)

    def _refused(self, service: str, category: str, now: dt.datetime) -> bool:
        deciding = self._deciding(category, now)[0] or {who for a in self.answers for who in a.who}
        if any(self._last_word(who, service, category, now)[1] for who in deciding):
            return True
        return self._child_withholds(service, category, now)
