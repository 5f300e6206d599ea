"""The inbox: what each role meets, in which order, what it costs, and what it never tells."""

import datetime as dt
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.holder import offer_holder
from cases.actions.inbox import read_notifications, reassign_task
from cases.actions.participants import end_participation
from cases.inbox import KINDS, LEADING, NEVER_IN_CASES, close_tasks, does, open_task, tasks_for, tell
from cases.models import Consent, Deadline, Notification, Task
from portal.access import Denied
from portal.actions.memberships import end, invite
from portal.answering import Invalid
from portal.context import Actor
from portal.models import AuditEvent, Membership, Role, Service
from portal.states import MovedOn
from portal.timeframe import today
from referrals.actions.ask import ask_contribution
from tests.referral_stories import a_contribution
from tests.stories import a_case, fresh
from tests.world import World

SOMEWHERE = "level0.decide"


def a_task(world: World, service: Service | None = None, *, kind: str = SOMEWHERE, **given: object) -> Task:
    """An open task of the coordinating unit, in a case of its own unless one is given."""
    case = given.pop("case", None) or a_case(world)
    close_tasks(case, now=timezone.now())
    return open_task(
        kind,
        by=world.coordinator,
        now=timezone.now(),
        service=service or world.coordinating_unit,
        subject=case,
        case=case,
        **given,
    )


def inbox(world: World, actor: Actor) -> str:
    answer = world.client(actor).get("/innboks/")
    assert answer.status_code == 200
    return answer.content.decode()


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


def statements(client: Client) -> int:
    client.get("/innboks/")
    with CaptureQueriesContext(connection) as caught:
        assert client.get("/innboks/").status_code == 200
    return len(caught)


def tell_about(world: World, task: Task, *to: Actor) -> None:
    tell(
        "level.changed",
        by=world.coordinator,
        now=timezone.now(),
        subject=task,
        case=task.case,
        users=tuple(actor.user.pk for actor in to),
        url_name="cases:case",
        url_id=task.case_id,
    )


def test_the_menu_counts_what_waits(world: World) -> None:
    a_task(world)
    a_task(world)
    assert '<span class="ds-sr-only">(2)</span>' in inbox(world, world.coordinator)


# Giving a task to someone else


def test_a_leader_gives_a_task_to_someone_and_takes_it_back(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    task = a_task(world)
    client = world.client(leader)
    assert 'class="inbox__assign"' in client.get("/innboks/").content.decode()
    answer = client.post(f"/innboks/oppgave/{task.pk}/", {"to": world.coordinator.user.pk}, follow=True)
    assert "Oppgaven er flyttet." in answer.content.decode()
    task.refresh_from_db()
    assert task.user_id == world.coordinator.user.pk
    assert f"gitt til {world.coordinator.name}" in answer.content.decode()
    client.post(f"/innboks/oppgave/{task.pk}/", {"to": ""})
    task.refresh_from_db()
    assert task.user_id is None
    assert AuditEvent.objects.filter(verb="task.reassigned", case_id=task.case_id).count() == 2


def test_only_people_who_can_do_it_can_be_given_a_task(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    task = a_task(world, kind="holder.gone")
    contributor = world.actor(Role.CONTRIBUTOR, world.coordinating_unit)
    answer = world.client(leader).post(f"/innboks/oppgave/{task.pk}/", {"to": contributor.user.pk}, follow=True)
    assert "som kan gjøre oppgaven" in answer.content.decode()
    for wrong in (contributor, world.teacher):
        with pytest.raises(Invalid):
            reassign_task(task=task, to=wrong.membership, by=leader)
    task.refresh_from_db()
    assert task.user_id is None


def test_others_than_the_leader_cannot_and_strangers_meet_404(world: World) -> None:
    task = a_task(world)
    url = f"/innboks/oppgave/{task.pk}/"
    assert world.client(world.coordinator).post(url, {"to": ""}).status_code == 403
    assert "inbox__assign" not in inbox(world, world.coordinator)
    assert world.client(world.actor(Role.SERVICE_LEADER, world.school)).post(url, {"to": ""}).status_code == 404
    with pytest.raises(Denied):
        reassign_task(task=task, to=None, by=world.actor(Role.SERVICE_LEADER, world.school))


def test_a_task_that_was_done_meanwhile_is_told_kindly(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    task = a_task(world)
    close_tasks(task.subject_id, now=timezone.now())
    answer = world.client(leader).post(f"/innboks/oppgave/{task.pk}/", {"to": ""}, follow=True)
    assert "Oppgaven er allerede gjort." in answer.content.decode()
    with pytest.raises(MovedOn):
        reassign_task(task=task, to=None, by=leader)


# Notifications and the bell


def test_a_notification_is_counted_opened_and_then_read(world: World) -> None:
    task = a_task(world)
    tell_about(world, task, world.teacher)
    client = world.client(world.teacher)
    assert "1 ulest" in client.get("/innboks/").content.decode()
    page = client.get("/varsler/").content.decode()
    assert "BTI-nivået er endret" in page
    assert task.case.reference in page
    assert "Ada" not in page
    notice = Notification.objects.get(user=world.teacher.user)
    answer = client.post(f"/varsler/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/saker/{task.case_id}/")
    assert "ulest" not in client.get("/innboks/").content.decode()


def test_one_or_all_are_marked_as_read(world: World) -> None:
    for _n in range(3):
        tell_about(world, a_task(world), world.teacher, world.doctor)
    client = world.client(world.teacher)
    first = Notification.objects.filter(user=world.teacher.user).first()
    assert client.post(f"/varsler/{first.pk}/", {"bli": "1"})["Location"] == "/varsler/"
    assert "2 uleste" in client.get("/varsler/").content.decode()
    client.post("/varsler/")
    assert "Merk alle som lest" not in client.get("/varsler/").content.decode()
    assert Notification.objects.filter(user=world.doctor.user, read_on__isnull=True).count() == 3
    assert read_notifications(by=world.teacher) == 0


def test_another_persons_notification_does_not_exist_for_me(world: World) -> None:
    tell_about(world, a_task(world), world.teacher)
    notice = Notification.objects.get(user=world.teacher.user)
    assert world.client(world.doctor).post(f"/varsler/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_on is None


def test_notifications_cost_the_same_with_many_rows(world: World) -> None:
    task = a_task(world)
    client, costs = world.client(world.teacher), []
    for more in (2, 38):
        for _n in range(more):
            tell_about(world, task, world.teacher)
        client.get("/varsler/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/varsler/")
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 20


POLL = {"HTTP_X_POLLING": "1", "HTTP_HX_REQUEST": "true"}


def test_the_bell_polls_itself_and_leaves_no_trace(world: World) -> None:
    tell_about(world, a_task(world), world.teacher)
    client = world.client(world.teacher)
    page = client.get("/innboks/").content.decode()
    assert 'hx-get="/innboks/bjelle/"' in page
    before = AuditEvent.objects.count()
    answer = client.get("/innboks/bjelle/", **POLL)
    text = answer.content.decode().strip()
    assert text.startswith('<a id="bell"')
    assert "1 ulest" in text
    assert 'hx-trigger="poll from:body"' in text
    assert AuditEvent.objects.count() == before


def test_polling_keeps_no_idle_session_alive_and_takes_nothing_from_the_page(world: World, settings: object) -> None:
    client = world.client(world.teacher)
    client.get("/innboks/")
    session = client.session
    session["last_seen"] = int(time.time()) - settings.PORTAL_IDLE_SECONDS + 5  # type: ignore[attr-defined]
    session.save()
    seen = client.session["last_seen"]
    assert client.get("/innboks/bjelle/", **POLL).status_code == 200
    assert client.session["last_seen"] == seen
    session["last_seen"] = seen - 60
    session.save()
    idle = client.get("/innboks/bjelle/", **POLL)
    assert (idle.status_code, idle.headers.get("HX-Redirect")) == (204, None)
    # The person's own click ends it, and we still know whose text it was.
    assert client.get("/innboks/").status_code == 302
    gone = Client().get("/innboks/bjelle/", **POLL)
    assert (gone.status_code, gone.headers.get("HX-Redirect")) == (204, None)


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
