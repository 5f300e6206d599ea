"""A session that ends while someone writes: the text survives, belongs to its writer alone, and is shown again."""

import datetime as dt
import time

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.actions.kept_texts import forget_old
from portal.models import KeptText
from tests.world import World

PASSWORD = "et-langt-passord-1"
URL = "/rolle/"
TEXT = "Barnet har vært stille i tre uker.\nVi har snakket med foreldrene."


@pytest.fixture
def writer(world: World) -> Client:
    client = world.client(world.teacher)
    client.get(URL)
    return client


def let_time_pass(client: Client, seconds: int, key: str = "last_seen") -> None:
    session = client.session
    session[key] = int(time.time()) - seconds
    session.save()


def log_in(client: Client, world: World) -> None:
    assert world.teacher.user is not None
    response = client.post("/konto/login/", {"login": world.teacher.user.email, "password": PASSWORD})
    assert response.status_code == 302


def test_the_text_comes_back_on_the_same_page(world: World, writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    response = writer.post(URL, {"what": TEXT, "csrfmiddlewaretoken": "x", "empty": " "})
    assert response.headers["Location"] == "/konto/login/?next=/rolle/"
    assert "_auth_user_id" not in writer.session
    kept = KeptText.objects.get()
    assert (kept.owner, kept.path, kept.fields) == (world.teacher.user, URL, {"what": TEXT})
    log_in(writer, world)
    page = writer.get(URL).content.decode()
    assert "Du har tekst som ikke ble lagret" in page
    assert "Barnet har vært stille i tre uker." in page
    elsewhere = writer.get("/om/").content.decode()
    assert "1 tekst som ikke ble lagret, fra en annen side" in elsewhere
    assert "Barnet har vært" not in elsewhere


def test_neither_numbers_nor_searches_are_kept(world: World, writer: Client, settings: LazySettings) -> None:
    """Given a form with a number, a search and two texts; when the session has ended; then the texts alone are kept,
    under what their fields are called."""
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    digits = "41 85 17 12 345"
    posted = {"number": "x", "q": "Ada Fjord", "other": digits, "reason": TEXT, "unknown_field": "Noe"}
    writer.post(URL, posted)
    assert KeptText.objects.get().fields == {"reason": TEXT, "unknown_field": "Noe"}
    log_in(writer, world)
    page = writer.get("/tekster/").content.decode()
    assert ">Begrunnelse</label>" in page
    assert ">Felt 2</label>" in page


def test_the_page_is_the_one_the_person_stood_on(writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    response = writer.post(URL, {"what": TEXT}, headers={"referer": "http://testserver/om/?a=b"})
    assert response.headers["Location"] == "/konto/login/?next=/om/"
    assert KeptText.objects.get().path == "/om/"


def test_a_foreign_referer_counts_for_nothing(writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    writer.post(URL, {"what": TEXT}, headers={"referer": "https://ond.example/om/"})
    assert KeptText.objects.get().path == URL


def test_in_the_middle_of_an_htmx_call(writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    response = writer.post(
        URL, {"what": TEXT}, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/tekster/?a=1"}
    )
    assert response.status_code == 200
    assert response.headers["HX-Redirect"].startswith("/konto/login/?next=%2Ftekster%2F")
    assert KeptText.objects.get().path == "/tekster/"


def test_a_working_day_is_the_longest(writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_SESSION_SECONDS + 5, "began")
    writer.post(URL, {"what": TEXT})
    assert KeptText.objects.count() == 1
    assert "_auth_user_id" not in writer.session


def test_a_stale_token_keeps_the_text(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    user = world.teacher.user
    assert user is not None
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(URL)
    response = client.post(URL, {"what": TEXT})
    assert response.status_code == 403
    assert "teksten din er tatt vare på" in response.content.decode()
    assert "Barnet har vært stille" in client.get(URL).content.decode()


def test_another_person_on_the_same_computer_sees_nothing(world: World, writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    writer.post(URL, {"what": TEXT})
    assert world.doctor.user is not None
    writer.post("/konto/login/", {"login": world.doctor.user.email, "password": PASSWORD})
    assert "tekst som ikke ble lagret" not in writer.get(URL).content.decode()
    assert "Barnet" not in writer.get("/tekster/").content.decode()
    writer.post(f"/tekster/{KeptText.objects.get().pk}/slett/")
    assert KeptText.objects.count() == 1


def test_the_list_and_discarding(world: World, writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    writer.post(URL, {"what": TEXT})
    log_in(writer, world)
    page = writer.get("/tekster/").content.decode()
    assert "Barnet har vært stille" in page
    assert f'href="{URL}"' in page
    writer.post(f"/tekster/{KeptText.objects.get().pk}/slett/")
    assert not KeptText.objects.exists()
    assert "tekst som ikke ble lagret" not in writer.get(URL).content.decode()
    assert "kept_waiting" not in writer.session


def test_passwords_are_never_kept(writer: Client, settings: LazySettings) -> None:
    let_time_pass(writer, settings.PORTAL_IDLE_SECONDS + 5)
    writer.post("/konto/login/", {"login": "a@b.no", "password": "hemmelig"})
    assert not KeptText.objects.exists()


def test_ordinary_pages_ask_nothing(writer: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        writer.get(URL)
    assert not [query for query in queries if "kepttext" in query["sql"]]


def test_it_is_forgotten_after_the_promised_days(world: World) -> None:
    assert world.teacher.user is not None
    now = timezone.now()
    for days in (29, 31):
        KeptText.objects.create(owner=world.teacher.user, path=URL, fields={"a": "b"}, at=now - dt.timedelta(days=days))
    assert [forget_old(now=now), forget_old(now=now)] == [1, 0]
    assert KeptText.objects.get().at == now - dt.timedelta(days=29)
