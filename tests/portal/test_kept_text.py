"""A session that ends while someone writes: the text survives, belongs to its writer alone, and is shown again."""

import datetime as dt
import re
import time
import uuid

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
    assert ">Tekst 2</label>" in page


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
    assert f'href="{URL}?hent={KeptText.objects.get().pk}"' in page
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


def keep_in_form(world: World, settings: LazySettings) -> tuple[Client, str, KeptText]:
    """Someone writes a new case, chooses something and stays away until the session has ended."""
    client = world.client(world.teacher)
    url = "/saker/ny/"
    client.get(url)
    let_time_pass(client, settings.PORTAL_IDLE_SECONDS + 5)
    posted = {"name": "Ada", "seen_and_heard": TEXT, "urgency": "urgent", "how": "written", "create_anyway": "on"}
    client.post(url, posted, headers={"referer": f"http://testserver{url}"})
    return client, url, KeptText.objects.get()


def test_the_login_page_says_why_and_that_the_text_is_safe(world: World, settings: LazySettings) -> None:
    """Given a session that ended while one wrote, then the login page says so, until one has logged in."""
    client, _url, _text = keep_in_form(world, settings)
    page = client.get("/konto/login/").content.decode()
    assert "Du ble logget ut fordi" in page
    assert "Det du skrev, er tatt vare på." in page
    log_in(client, world)
    assert "ended" not in client.session
    assert "Du ble logget ut" not in Client().get("/konto/login/").content.decode()


def test_only_what_one_wrote_is_kept(world: World, settings: LazySettings) -> None:
    """Given a form with choices, then their codes are not kept with the text."""
    _client, _url, text = keep_in_form(world, settings)
    assert set(text.fields.values()) == {"Ada", TEXT}


def test_kept_text_is_put_back_in_the_form(world: World, settings: LazySettings) -> None:
    """Given kept text, when its writer asks for it, then the form has it, also without JavaScript; for nobody else."""
    client, url, text = keep_in_form(world, settings)
    log_in(client, world)
    assert f"{url}?hent={text.pk}" in client.get(url).content.decode()
    page = client.get(f"{url}?hent={text.pk}").content.decode()
    assert 'name="seen_and_heard"' in page
    assert written_in(page, "seen_and_heard") == TEXT
    assert written_in(client.get(url).content.decode(), "seen_and_heard") == ""
    other = world.client(world.doctor)
    assert "Barnet har vært" not in other.get(f"{url}?hent={text.pk}").content.decode()


def test_text_that_was_put_back_waits_until_it_is_saved(world: World, settings: LazySettings) -> None:
    """Given kept text, when the form it was put back in is saved, then it waits no longer; until then it does."""
    client, url, text = keep_in_form(world, settings)
    log_in(client, world)
    back = {"referer": f"http://testserver{url}?hent={text.pk}"}
    assert client.post(url, {"name": "Ada", "seen_and_heard": TEXT}, headers=back).status_code == 422
    assert KeptText.objects.exists()
    whole = {
        "name": "Ada", "seen_and_heard": TEXT, "how_long": "lenge", "shared_with": "ingen", "birth_date": "01.02.2016",
        "born": "yes", "address_protection": "none", "case_id": str(uuid.uuid4()),
    }  # fmt: skip
    assert client.post(url, whole, headers=back).status_code == 303
    assert not KeptText.objects.exists()


def written_in(page: str, name: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1].strip()
