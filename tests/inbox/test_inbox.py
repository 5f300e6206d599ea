"""The inbox: what each role meets, in which order, what it costs, and what it never tells."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.holder import offer_holder
from cases.actions.participants import end_participation
from cases.inbox import KINDS, LEADING, NEVER_IN_CASES, close_tasks, does, open_task, tasks_for
from cases.models import Consent, Deadline, Task
from portal.actions.memberships import end, invite
from portal.context import Actor
from portal.models import AuditEvent, Membership, Role
from portal.timeframe import today
from referrals.actions.ask import ask_contribution
from tests.inbox.waiting import SOMEWHERE, a_task, inbox, statements, tell_about
from tests.referral_stories import a_contribution
from tests.stories import a_case, fresh
from tests.world import World


def test_tasks_stand_in_groups_soonest_first_and_one_click_from_the_doing(world: World) -> None:
    day = today()
    ages = {"Over fristen": -3, "I dag": 0, "Neste sju dager": 7, "Senere": 8, "Uten frist": None}
    made = {
        label: a_task(world, due_on=None if days is None else day + dt.timedelta(days=days))
        for label, days in reversed(ages.items())
    }
    page = inbox(world, world.coordinator)
    places = [page.index(f">{label}</h2>") for label in ages]
    assert places == sorted(places)
    for label, place in zip(ages, places, strict=True):
        assert page.index(f'href="{made[label].get_absolute_url()}"') > place
    links = [page.index(f'href="/saker/{task.case_id}/niva/"') for task in reversed(made.values())]
    assert links == sorted(links)


def test_a_suggested_date_that_has_passed_is_not_over_the_deadline(world: World) -> None:
    """Given a suggested date and one by law, both passed, when the inbox, the list and the case are read, then only the
    one by law is over its deadline."""
    case = a_case(world)
    passed = today() - dt.timedelta(days=5)
    Task.objects.filter(case=case).update(due_on=passed)
    Deadline.objects.filter(case=case).update(due_on=passed)
    client = world.client(world.coordinator)
    pages = ("/innboks/", "/saker/", f"/saker/{case.pk}/")
    for path in pages:
        page = client.get(path).content.decode()
        assert "Veiledende frist passert for 5 dager siden" in page, path
        assert "dager over fristen" not in page, path
    assert ">Veiledende frist passert</h2>" in inbox(world, world.coordinator)
    assert ">Over fristen</h2>" not in inbox(world, world.coordinator)
    Deadline.objects.filter(case=case).update(basis="law")
    for path in pages:
        assert "5 dager over fristen" in client.get(path).content.decode(), path
    assert ">Over fristen</h2>" in inbox(world, world.coordinator)


def test_a_task_leads_to_where_it_is_done(world: World) -> None:
    """Given what level 0 asks and a warning of a double, when they are opened from the inbox, then the page has the
    doing, and the warning its box."""
    case = a_case(world)
    a_case(world, by=world.teacher)
    page = inbox(world, world.coordinator)
    assert f'href="/saker/{case.pk}/niva/"' in page
    assert f'href="/saker/{case.pk}/#samme-barn"' in page
    assert 'id="samme-barn"' in world.client(world.coordinator).get(f"/saker/{case.pk}/").content.decode()


def test_a_name_is_shown_only_where_the_service_has_access_now(world: World) -> None:
    case = a_case(world, name="Ada Fjord", level=1)
    teacher = world.actor(Role.COORDINATOR, world.school)
    offer_holder(case=case, to=teacher.membership, by=world.coordinator)
    page = inbox(world, teacher)
    assert case.reference in page
    assert "Ada" not in page
    assert not AuditEvent.objects.filter(verb="inbox", case_id=case.pk).exists()
    a_task(world, case=case)
    assert "Ada Fjord" in inbox(world, world.coordinator)
    read = AuditEvent.objects.get(verb="inbox", case_id=case.pk)
    assert (read.kind, read.child_id, read.user_id) == ("read", case.child_id, world.coordinator.user.pk)


def test_the_inbox_names_nobody_whom_the_page_of_the_task_would_not(world: World) -> None:
    """Given a contribution asked for, when the consent is withdrawn, then the task stays and its name is gone."""
    contribution = a_contribution(world)
    case = contribution.referral.case
    assert "Ada Fjord" in inbox(world, world.teacher)
    end_participation(participant=case.participants.get(service=world.school), reason="Ferdig", by=world.coordinator)
    asked = ask_contribution(referral=contribution.referral, service=world.school, by=world.coordinator)
    assert "Ada Fjord" in inbox(world, world.teacher)
    withdraw_consent(consent=Consent.objects.get(case=case), by=world.coordinator)
    page = inbox(world, world.teacher)
    assert reverse("referrals:contribution", args=[asked.pk]) in page
    assert case.reference in page
    assert "Ada" not in page


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("kind", [SOMEWHERE, "outcome.read", "referral.assess", "intake.decide", "duplicate.look"])
def test_each_role_sees_what_it_can_do_and_leaders_see_all(world: World, role: str, kind: str) -> None:
    task = a_task(world, kind=kind)
    actor = world.actor(role, world.coordinating_unit)
    expected = role in LEADING or does(role, KINDS[kind])
    assert (task in tasks_for(actor)) == expected
    if role in NEVER_IN_CASES:
        assert not expected
    elsewhere = world.actor(role, world.school)
    assert task not in tasks_for(elsewhere)


@pytest.mark.parametrize("role", Role.values)
def test_a_task_given_to_a_person_is_theirs_and_the_leaders(world: World, role: str) -> None:
    mine = world.actor(role, world.coordinating_unit)
    task = a_task(world, user_id=mine.user.pk)
    assert task in tasks_for(mine)
    colleague = world.actor(role, world.coordinating_unit, "Kollega")
    assert (task in tasks_for(colleague)) == (role in LEADING)


def test_a_task_for_one_role_is_not_shown_to_others(world: World) -> None:
    task = a_task(world, role=Role.COORDINATING_UNIT)
    assert task in tasks_for(world.actor(Role.COORDINATING_UNIT, world.coordinating_unit))
    assert task not in tasks_for(world.coordinator)


def test_a_task_of_somebody_who_has_left_waits_for_all(world: World) -> None:
    leaver = world.actor(Role.COORDINATOR, world.coordinating_unit, "Slutter")
    task = a_task(world, user_id=leaver.user.pk)
    assert task not in tasks_for(world.coordinator)
    end(membership=leaver.membership, reason="Ny jobb", by=world.actor(Role.USER_ADMINISTRATOR, world.administration))
    assert task in tasks_for(world.coordinator)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_start_page_that_explains_itself(world: World, role: str) -> None:
    page = inbox(world, world.actor(role, world.coordinating_unit))
    assert "Hva er denne siden?" in page
    assert "Retningslinjen sier:" in page
    assert 'class="empty__title"' in page


def test_roles_without_cases_are_told_why_and_where_to_go(world: World) -> None:
    for role, at in ((Role.SECRETARIAT, world.secretariat), (Role.MUNICIPALITY_LEADER, world.coordinating_unit)):
        page = inbox(world, world.actor(role, at))
        assert "Her kommer det ingen saker" in page
        assert 'href="/retningslinje/"' in page
        assert "Ny undring" not in page


def test_user_administrators_and_leaders_find_the_approvals_there(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.school)
    invite(
        email="ny@eksempel.invalid",
        name="Nina Ny",
        service=world.school,
        role=Role.CONTRIBUTOR,
        by=leader,
        letter=False,
    )
    administrator = world.actor(Role.USER_ADMINISTRATOR, world.administration)
    page = inbox(world, administrator)
    assert "Godkjenn Nina Ny" in page
    assert 'href="/tilganger/venter/"' in page
    assert "empty__title" not in page
    assert "Nina Ny" not in inbox(world, leader)
    assert "Nina Ny" in inbox(world, world.actor(Role.DEPUTY, world.school))


def test_the_inbox_costs_the_same_with_many_rows(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    costs = []
    for more in (2, 38):
        for _n in range(more):
            task = a_task(world, due_on=today(), user_id=world.coordinator.user.pk)
            tell_about(world, task, leader)
        costs.append([statements(world.client(who)) for who in (leader, world.coordinator)])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 20


def test_the_menu_counts_what_waits(world: World) -> None:
    a_task(world)
    a_task(world)
    assert '<span class="ds-sr-only">(2)</span>' in inbox(world, world.coordinator)


# Giving a task to someone else


def test_what_waits_elsewhere_is_not_in_this_membership(world: World) -> None:
    """A person with two memberships meets the tasks of the one they act in."""
    here = world.coordinator
    task = a_task(world, user_id=here.user.pk)
    there = Membership.objects.create(
        user=here.user,
        service=world.school,
        community=world.community,
        role=Role.COORDINATOR,
        valid_from=today(),
        approved_at=timezone.now(),
        approved_by=world.teacher.user,
    )
    assert task not in tasks_for(Actor(user=here.user, membership=there))
    assert task in tasks_for(here)


def test_a_closed_case_waits_for_nobody(world: World) -> None:
    from cases.actions.closing import close_case

    case = a_case(world, level=1)
    a_task(world, case=case)
    close_case(case=fresh(case), code="goal_reached", reason="Løst.", by=world.coordinator)
    assert not tasks_for(world.coordinator).filter(case=case).exists()


def test_opening_twice_is_one_task(world: World) -> None:
    case, now = a_case(world), timezone.now()
    close_tasks(case, now=now)
    given = {"by": world.coordinator, "now": now, "service": world.school, "subject": case, "case": case}
    first = open_task(SOMEWHERE, **given)
    assert open_task(SOMEWHERE, **given, due_on=today()) == first
    assert close_tasks(case, now=now) == 1
    assert open_task(SOMEWHERE, **given) != first
