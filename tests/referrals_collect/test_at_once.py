"""Two at once, in transactions of their own: the last two contributions, and two saves of one section."""

from collections.abc import Callable

import pytest
from django.db import connection

from cases.models import Task
from portal.context import Actor, portal_context
from portal.models import KeptText, Role
from referrals.actions.conflict import TextConflict
from referrals.actions.write import save_section, submit_contribution
from referrals.models import Contribution
from tests.at_once import together
from tests.referral_stories import a_referral, fresh_contribution, writer_of, written
from tests.world import World


@pytest.mark.parametrize("round_", range(3))
def test_two_last_contributions_open_the_holders_task_once(lasting: World, round_: int) -> None:
    referral = a_referral(lasting, None, lasting.school, lasting.ppt)
    asked = [fresh_contribution(c) for c in Contribution.objects.filter(referral=referral)]
    writers = [(written(lasting, c), writer_of(lasting, c)) for c in asked]

    def submit(contribution: Contribution, by: Actor) -> Callable[[], object]:
        def job() -> object:
            with portal_context(by):
                return submit_contribution(contribution=contribution, by=by)

        return job

    assert together(*(submit(c, by) for c, by in writers)) == [True, True]
    assert Task.objects.filter(kind="referral.assemble", subject_id=referral.pk, closed_at__isnull=True).count() == 1
    assert set(Contribution.objects.filter(referral=referral).values_list("state", flat=True)) == {"submitted"}


def test_two_clicks_at_once_submit_once(lasting: World) -> None:
    contribution = a_referral(lasting, None, lasting.school).contributions.get()
    contribution = written(lasting, fresh_contribution(contribution))
    by = writer_of(lasting, contribution)

    def click() -> object:
        with portal_context(by):
            return submit_contribution(contribution=fresh_contribution(contribution), by=by)

    assert sorted(map(str, together(click, click))) == ["False", "True"]


def test_two_saves_at_once_lose_nothing(lasting: World) -> None:
    contribution = fresh_contribution(a_referral(lasting, None, lasting.school).contributions.get())
    people = [lasting.teacher, lasting.actor(Role.CONTRIBUTOR, lasting.school, "Kollega")]
    section = contribution.sections.order_by("position")[0]
    section.contribution = contribution

    def save(by: Actor, text: str) -> Callable[[], object]:
        def job() -> object:
            with portal_context(by):
                # The conflict is answered inside the request, whose transaction then commits.
                try:
                    return save_section(section=section, text=text, version=1, by=by).text
                except TextConflict as conflict:
                    return conflict

        return job

    results = together(save(people[0], "Den ene"), save(people[1], "Den andre"))
    section.refresh_from_db()
    assert section.version == 2
    assert [type(r) for r in results].count(TextConflict) == 1
    kept = KeptText.objects.get()
    assert {section.text, kept.fields[section.key]} == {"Den ene", "Den andre"}
    assert connection.in_atomic_block is False
