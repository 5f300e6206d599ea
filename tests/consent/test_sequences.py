"""No sequence of answers, withdrawals, birthdays, hand-overs and closings shows an item to a service without basis.

Random sequences are done through the portal's own actions, on a clock that moves; after each step, what the access
table, the viewer and the opening of documents let through is compared with a second answer written for this test alone
(``tests.consent.oracle``).
"""

import datetime as dt
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.access import viewer_of
from cases.actions.closing import close_case, reopen_case
from cases.actions.consent import withdraw_consent
from cases.actions.errors import mark_error
from cases.actions.guardians import CAPACITY, GuardianDetails, add_guardian, change_guardian, set_capacity, version_of
from cases.actions.holder import accept_offer, offer_holder
from cases.actions.participants import add_participant, end_participation
from cases.actions.statutory import record_statutory_basis
from cases.document_access import open_document
from cases.models import Case, Consent, Document, Guardian, Participant
from cases.sharing import item_scopes
from portal.access import Stranger
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Role, Service
from portal.states import MovedOn
from portal.timeframe import end_of, start_of, today
from tests.cases_content.family import an_upload
from tests.consent.oracle import CATEGORIES, Answer, Diary, Person
from tests.stories import a_case, consent, fresh, holder_actor
from tests.world import World

logger = logging.getLogger("tests.sequences")
# More of them by PORTAL_SEQUENCES, when somebody has the time.
SEQUENCES = int(os.environ.get("PORTAL_SEQUENCES", "12"))
STEPS = 12
NAMES = ("school", "ppt", "gp", "child_protection", "coordinating_unit")
LAWS = [("child_protection", "duty_to_notify"), ("gp", "cooperating_personnel")]
DAYS = (1, 20, 45, 200, 400)
counted: Counter[str] = Counter()

about = st.sets(st.sampled_from(CATEGORIES), min_size=1)
to = st.sets(st.sampled_from(NAMES), min_size=1)
some = st.integers(0, 9)
STEP = st.one_of(
    st.tuples(st.just("yes"), to, about, st.sampled_from(["all", "one", "reasoned"]), st.sampled_from([None, 30, 150])),
    st.tuples(st.just("yes"), st.just(set(NAMES)), st.just(set(CATEGORIES)), st.just("all"), st.none()),
    st.tuples(st.just("no"), st.sampled_from([None, "some"]), to, about, some),
    st.tuples(st.just("take_back"), some, st.none() | to, st.none() | about),
    st.tuples(st.just("wrong"), some),
    *[st.tuples(st.just("clock"), st.sampled_from(DAYS)) for _time in range(4)],
    st.tuples(st.just("capacity"), st.none() | st.sets(st.sampled_from(CATEGORIES), max_size=2)),
    st.tuples(st.just("barnevern"), st.booleans()),
    st.tuples(st.just("verge"), st.sets(st.sampled_from(CATEGORIES), max_size=2)),
    st.tuples(st.just("parent"), st.sampled_from(["mother", "father"]), st.booleans(), st.booleans()),
    st.tuples(st.just("joins"), st.sampled_from(NAMES), st.sampled_from([None, 90])),
    st.tuples(st.just("joins"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("leaves"), st.sampled_from(NAMES)),
    st.tuples(st.just("holder"), st.sampled_from(["school", "coordinating_unit"])),
    st.tuples(st.just("closes")),
    st.tuples(st.just("reopens")),
    st.tuples(st.just("law"), st.sampled_from(LAWS)),
)


@dataclass
class Run:
    """One case, its diary, and the clock they share."""

    world: World
    now: dt.datetime
    case: Case
    diary: Diary
    guardians: dict[str, Guardian] = field(default_factory=dict)
    rows: list[tuple[Consent, Answer]] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)

    def service(self, name: str) -> Service:
        found: Service = getattr(self.world, name)
        return found

    @property
    def by(self) -> Actor:
        return holder_actor(self.case)

    def key(self, who: str) -> str:
        """A party as the action names it."""
        kind, _colon, name = who.partition(":")
        kinds = {"parent": "guardian", "verge": "legal_guardian", "kin": "next_of_kin", "barnevern": "child_protection"}
        return f"{kinds.get(kind, kind)}:{self.guardians[name].pk}" if name else kinds.get(kind, kind)

    def yes(self, services: set[str], categories: set[str], how: str, days: int | None) -> None:
        who, _all = self.diary._deciding(sorted(categories)[0], self.now)
        alike = {c for c in categories if self.diary._deciding(c, self.now)[0] == who}
        said = sorted(who) if how == "all" else sorted(who)[:1]
        until = today(self.now) + dt.timedelta(days) if days else None
        row = consent(
            fresh(self.case), [self.service(name) for name in sorted(services)], sorted(alike),
            parties=[self.key(one) for one in said], valid_until=until, now=self.now,
            one_guardian_reason="Den andre er ikke å få tak i." if how == "reasoned" else "",
        )  # fmt: skip
        ends = end_of(until) if until else None
        reasoned = how == "reasoned"
        answer = Answer(
            True, frozenset(said), frozenset(services), frozenset(alike), self.now, self.now, ends, reasoned
        )
        self.heard(row, answer)

    def no(self, named: str | None, services: set[str], categories: set[str], n: int) -> None:
        deciding = sorted(self.diary._deciding(sorted(categories)[0], self.now)[0])
        who = [*deciding, "youth", "parent:mother", "parent:father"][n % (len(deciding) + 3)]
        about_services = sorted(services) if named else []
        row = consent(
            fresh(self.case), [self.service(name) for name in about_services], sorted(categories),
            parties=[self.key(who)], decision="refused", now=self.now,
        )  # fmt: skip
        of = frozenset(about_services) if named else None
        self.heard(row, Answer(False, frozenset({who}), of, frozenset(categories), self.now, self.now, None, False))

    def heard(self, row: Consent, answer: Answer) -> None:
        self.rows.append((row, answer))
        self.diary.answers.append(answer)

    def take_back(self, n: int, services: set[str] | None, categories: set[str] | None) -> None:
        row, answer = self.rows[n % len(self.rows)]
        if services is not None and answer.services is not None:
            services = services & answer.services
        if answer.services is None:
            services = None
        chosen = None if services is None else [self.service(name) for name in sorted(services)]
        limited = None if categories is None else sorted(categories & answer.categories)
        withdraw_consent(consent=row, services=chosen, categories=limited, by=self.by, now=self.now)
        for name in services if services is not None else answer.services or NAMES:
            for category in answer.categories if limited is None else limited:
                answer.taken_back.setdefault((name, category), self.now)

    def wrong(self, n: int) -> None:
        row, answer = self.rows[n % len(self.rows)]
        mark_error(entry=row, reason="Feil", by=self.by, now=self.now)
        self.diary.answers = [other for other in self.diary.answers if other is not answer]

    def clock(self, days: int) -> None:
        self.now += dt.timedelta(days)

    def decide(self, care: bool, lacks: frozenset[str] | None) -> None:
        on = today(self.now)
        told = {} if lacks is None else dict(zip(CAPACITY[1:4], ("Vurdert.", "Lege", on), strict=True))
        set_capacity(
            case=fresh(self.case), version=version_of(fresh(self.case).child), care_taken_over_on=on if care else None,
            lacks_capacity_categories=sorted(lacks or ()), by=self.by, now=self.now, **told,
        )  # fmt: skip
        self.diary.barnevern, self.diary.lacks_capacity = care, lacks

    def capacity(self, lacks: set[str] | None) -> None:
        self.decide(self.diary.barnevern, None if lacks is None else frozenset(lacks))

    def barnevern(self, care: bool) -> None:
        self.decide(care, self.diary.lacks_capacity)

    def verge(self, mandate: set[str]) -> None:
        if "verge" in self.guardians:
            return
        facts = GuardianDetails(
            name="Vera", relation=Guardian.Relation.LEGAL_GUARDIAN, mandate_categories=tuple(sorted(mandate))
        )
        self.guardians["verge"] = add_guardian(case=fresh(self.case), details=facts, by=self.by, now=self.now)
        self.diary.people["verge"] = Person(kin=False, mandate=frozenset(mandate or CATEGORIES))

    def parent(self, name: str, responsible: bool, blocked: bool) -> None:
        row = Guardian.objects.get(pk=self.guardians[name].pk)
        facts = GuardianDetails(
            name=row.name, relation=row.relation, parental_responsibility=responsible, daily_care=True, blocked=blocked
        )
        change_guardian(
            case=fresh(self.case), guardian=row, details=facts, version=version_of(row), by=self.by, now=self.now
        )
        self.diary.people[name] = Person(responsible=responsible, blocked=blocked)

    def joins(self, name: str, days: int | None) -> None:
        until = today(self.now) + dt.timedelta(days) if days else None
        add_participant(
            case=fresh(self.case), service=self.service(name), purpose=f"Kjenner barnet {self.now}", by=self.by,
            valid_until=until, now=self.now,
        )  # fmt: skip
        self.diary.taking_part[name] = end_of(until) if until else None

    def leaves(self, name: str) -> None:
        part = Participant.objects.filter(case=self.case, service=self.service(name), ended_at__isnull=True).first()
        if part is not None:
            end_participation(participant=part, reason="Ferdig", by=self.by, now=self.now)
            self.diary.taking_part.pop(name, None)

    def holder(self, name: str) -> None:
        next_one = self.world.actor(Role.COORDINATOR, self.service(name))
        offer = offer_holder(case=fresh(self.case), to=next_one.seat, by=self.by, now=self.now)
        accept_offer(offer=offer, by=next_one, now=self.now)
        self.diary.holder = name

    def closes(self) -> None:
        close_case(case=fresh(self.case), code="no_concern", reason="Ferdig.", by=self.by, now=self.now)
        self.diary.closed = True

    def reopens(self) -> None:
        reopen_case(case=fresh(self.case), reason="Ny uro.", by=self.by, now=self.now)
        self.diary.closed = False

    def law(self, what: tuple[str, str]) -> None:
        name, code = what
        category = "health" if name == "gp" else "family"
        record_statutory_basis(
            case=fresh(self.case), service=self.service(name), code=code, categories=[category], reason="Vurdert.",
            by=self.by, now=self.now,
        )  # fmt: skip
        self.diary.laws.append((name, category, self.now, code == "cooperating_personnel"))


def compare(run: Run, steps: list[str]) -> None:
    """What is let through, for every service and category, is what the diary says."""
    case, turn = fresh(run.case), len(steps)
    for name in NAMES:
        service = run.service(name)
        expected = {c for c in CATEGORIES if run.diary.may_see(name, c, run.now)}
        assert item_scopes(case.pk, service.pk, run.now) == expected, (name, steps)
        viewer = viewer_of(run.world.actor(Role.COORDINATOR, service), case)
        other = run.world.kindergarten.pk
        assert {c for c in CATEGORIES if viewer.sees(other, c)} == expected, (name, steps)
        category = CATEGORIES[turn % len(CATEGORIES)]
        opened = True
        try:
            open_document(viewer.actor, run.documents[category].pk)
        except Stranger:
            opened = False
        assert opened == (category in expected), (name, category, steps)
        counted["questions"] += len(CATEGORIES) + 1
        counted["open"] += len(expected)


@contextmanager
def a_run(world: World, turning: int) -> Iterator[Run]:
    """A case of a child that turns so old in a month, on a clock of its own; nothing of it is left."""
    start = timezone.now()
    birthday = today(start) + dt.timedelta(30 if (today(start) + dt.timedelta(30)).day != 29 else 31)
    born = birthday.replace(year=birthday.year - turning)
    with transaction.atomic():
        case = a_case(world, level=2, birth_date=born)
        run = Run(world, start, case, Diary(start_of(born), "coordinating_unit"))
        with patch("django.utils.timezone.now", lambda: run.now):
            for name, relation in (("mother", Guardian.Relation.MOTHER), ("father", Guardian.Relation.FATHER)):
                facts = GuardianDetails(name=name, relation=relation, parental_responsibility=True, daily_care=True)
                run.guardians[name] = add_guardian(case=fresh(case), details=facts, by=run.by)
                run.diary.people[name] = Person(responsible=True)
            writer = world.actor(Role.COORDINATOR, world.kindergarten)
            run.joins("ppt", None)
            run.documents = uploads(run, writer)
            yield run
        transaction.set_rollback(True)


def uploads(run: Run, writer: Actor) -> dict[str, Document]:
    """One document of each category, written by a service that is not asked about."""
    mine = an_upload(run.case, run.by)
    made = {}
    for n, category in enumerate(CATEGORIES):
        made[category] = Document.objects.get(pk=mine.pk)
        made[category].pk = None
        made[category].id = Document._meta.pk.get_default()
        made[category].category, made[category].service = category, writer.unit
        made[category].storage_name = f"{mine.storage_name}-{n}"
        made[category].save(force_insert=True)
    return made


@pytest.mark.django_db
@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(turning=st.sampled_from([12, 15, 16, 18]), steps=st.lists(STEP, min_size=9, max_size=STEPS))
def test_no_sequence_shows_an_item_to_a_service_without_basis(
    world: World, media: object, turning: int, steps: list[tuple[object, ...]]
) -> None:
    """Given any sequence; when each step has been done; then each service sees exactly what the diary says."""
    with a_run(world, turning) as run:
        done: list[str] = []
        # Something is shared from the first: a case where nobody has said yes has nothing to hide.
        for name, *given_ in [("yes", set(NAMES), set(CATEGORIES), "all", None), *steps]:
            run.now += dt.timedelta(hours=1)
            act: Callable[..., None] = getattr(run, str(name))
            try:
                with transaction.atomic():
                    act(*given_)
            except (Invalid, MovedOn):
                counted["refused"] += 1
                continue
            done.append(f"{name}{given_}")
            counted[str(name)] += 1
            compare(run, done)
        counted["sequences"] += 1
        counted["steps"] += len(done)


def test_the_sequences_were_worth_running() -> None:
    """Given the sequences above; then steps were done, and there was something to see."""
    logger.info("%s", dict(counted))
    if counted["sequences"]:
        assert counted["steps"] >= 4 * counted["sequences"]
        assert counted["open"] > 0
