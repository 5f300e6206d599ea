"""Notifications and the bell: what is told, what counts as read, and what polling never does."""

import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actions.inbox import read_notifications
from cases.models import Notification
from portal.models import AuditEvent
from tests.inbox.waiting import a_task, tell_about
from tests.world import World


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
    session["last_seen"] = int(time.time()) - settings.PORTAL_IDLE_SECONDS + 5
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
