"""When a consent is to be renewed, until it is; and national numbers under new keys."""

import base64
import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.actions.child import change_child, version_of
from cases.actions.closing import close_case, reopen_case
from cases.actions.inbox import reassign_task
from cases.inbox import tasks_for
from cases.listing import MINE, cases_listed
from cases.models import Deadline, Task
from cases.national_number import read, reveal
from cases.renewals import keep_renewals
from cases.shell_counts import counts
from portal.identity.fnr import synthetic
from portal.models import Role
from portal.timeframe import start_of, today
from tests.stories import BORN, a_case, consent, fresh, with_participants
from tests.world import World

DAY = dt.timedelta(days=1)


def test_a_consent_that_ran_out_still_waits_to_be_renewed(world: World) -> None:
    """Given a consent that ran out unrenewed; when the case is worked in; then task and date stand, till a new one."""
    case = a_case(world, level=1)
    with_participants(case, world.school)
    row = consent(case, [world.school], ["health"], valid_until=today() + 5 * DAY)
    later = start_of(today() + 9 * DAY)
    keep_renewals(fresh(case), by=world.coordinator, now=later)
    task, deadline = Task.objects.get(kind="consent.renew"), Deadline.objects.get(rule="consent_expiry")
    assert (task.closed_at, deadline.state) == (None, "open")
    consent(fresh(case), [world.school], ["health"], now=later)
    task.refresh_from_db()
    deadline.refresh_from_db()
    assert (task.subject_id, task.close_reason, deadline.state) == (row.pk, "done", "met")


def test_asking_again_follows_the_birth_date_and_reopening_and_stays_with_who_has_it(world: World) -> None:
    """Given a colleague has it; when the birth date is corrected; then the date moves, the person stays."""
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    colleague = world.actor(Role.COORDINATOR, world.coordinating_unit, "Kollega")
    case = a_case(world, level=1)
    with_participants(case, world.school)
    consent(case, [world.school], ["health"])
    task = Task.objects.get(kind="consent.ask_again")
    reassign_task(task=task, to=colleague.seat, by=leader)
    born = BORN.replace(year=BORN.year - 1)
    change_child(case=case, version=version_of(fresh(case).child), birth_date=born, by=world.coordinator)
    task.refresh_from_db()
    assert task.user_id == colleague.person.pk
    assert Deadline.objects.get(rule="decider_changes", state="open").anchor_on.year == born.year + 16
    close_case(case=fresh(case), code="no_concern", reason="Ferdig.", by=world.coordinator)
    assert not Deadline.objects.filter(rule="decider_changes", state="open").exists()
    reopen_case(case=fresh(case), reason="Ny uro.", by=world.coordinator)
    assert Deadline.objects.filter(rule="decider_changes", state="open").count() == 1


def test_a_far_off_renewal_stands_in_no_inbox_until_its_notice(world: World) -> None:
    """Given consents that run out next year and in five weeks; when the holder looks; then only the near one waits, in
    the inbox, in the header's count and as the case's next date."""
    far, near = a_case(world, level=1), a_case(world, level=1)
    for case, days in ((far, 300), (near, 35)):
        with_participants(case, world.school)
        consent(case, [world.school], ["health"], valid_until=today() + days * DAY)
    waiting = tasks_for(world.coordinator).filter(kind="consent.renew")
    assert [task.case_id for task in waiting] == [near.pk]
    assert counts(world.coordinator)["tasks"] == tasks_for(world.coordinator).count()
    listed = {
        row.pk: row.next_due for row in cases_listed(world.coordinator, scope=MINE, closed=False, now=timezone.now())
    }
    assert listed == {far.pk: None, near.pk: today() + 6 * DAY}


def key(name: str, byte: int) -> str:
    """A key as the setting writes it."""
    return f"{name}:{base64.b64encode(bytes([byte]) * 32).decode()}"


def test_numbers_are_stored_under_new_keys_and_found_meanwhile(
    world: World, settings: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a number under an old key; when new keys come; then a second case is matched, and after rotating the old
    keys can go."""
    number = read(synthetic(BORN))
    first = a_case(world, by=world.teacher, number=number)
    settings.PORTAL_FNR_KEYS = f"{key('k2', 9)},{settings.PORTAL_FNR_KEYS}"
    settings.PORTAL_FNR_HASH_KEYS = f"{key('h2', 8)},{settings.PORTAL_FNR_HASH_KEYS}"
    second = a_case(world, name="Et annet navn", birth_date=BORN + DAY, number=number)
    assert Task.objects.filter(kind="duplicate.look", case=first).exists()
    call_command("rotate_number_keys")
    call_command("rotate_number_keys")
    assert capsys.readouterr().out.splitlines() == ["1 numre er kryptert på nytt.", "0 numre er kryptert på nytt."]
    settings.PORTAL_FNR_KEYS, settings.PORTAL_FNR_HASH_KEYS = key("k2", 9), key("h2", 8)
    assert {reveal(fresh(case).child) for case in (first, second)} == {number}
    assert fresh(first).child.number_hash == fresh(second).child.number_hash
