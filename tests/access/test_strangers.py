"""Every address, tried by those who must not get in, and by those who may: what is told, written and logged.

The walk follows the URLconf, so a new page is tried without anybody remembering to.
"""

import logging
import re
import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.context import Actor
from portal.logs import SafeFormatter
from portal.models import AuditEvent, Role, User
from tests.access.pages import DOORS, OWN_ONLY, PUBLIC, Page, every_pattern, pages
from tests.access.rich import CHILD, NUMBER, TYPED, Rich

pytestmark = pytest.mark.django_db
SECRETS = (CHILD, "Hemmelighaug", "Bo Nordli", "Mia Vik", "Skjult Barn", NUMBER, TYPED)
# A guideline key says nothing of anybody.
OPEN_ARGUMENTS = {"guideline:obligation"}
# Tables that a page may write: the access event, and the session's own clock.
MAY_BE_WRITTEN = {"portal_auditevent", "portal_session"}
# Statements of one page, savepoints and context included (design § 9).
BUDGET = 20
# Pages without «Hva er denne siden?»: downloads aside, these explain themselves in their first sentence.
WITHOUT_HELP = {"portal:about", "portal:privacy", "portal:accessibility", "cases:bell"}


def asked(client: Client, page: Page) -> Iterator[tuple[str, HttpResponse]]:
    """A page, got and posted to."""
    yield "GET", client.get(page.url)
    yield "POST", client.post(page.url, {})


def told(answer: HttpResponse) -> set[str]:
    """Which secrets an answer tells."""
    if is_file(answer):
        return {"a file"}
    text = answer.content.decode(errors="replace")
    return {secret for secret in SECRETS if secret in text}


def is_file(answer: HttpResponse) -> bool:
    """Whether something is being handed out: it may hold anything, so nobody who may not have it gets to here."""
    return answer.streaming or answer.headers.get("Content-Disposition", "").startswith("attachment")


def is_html(answer: HttpResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def strangers(rich: Rich) -> dict[str, Actor]:
    """Nobody here has anything to do with any of the cases."""
    world = rich.world
    return {
        "koordinator i annen kommune": world.actor(Role.COORDINATOR, world.other_school),
        "leder i annen kommune": world.actor(Role.SERVICE_LEADER, world.other_school),
        "lege i annen kommune": world.actor(Role.GP, world.other_school),
        "inntak i annen avdeling": world.actor(Role.INTAKE, world.habu),
    }


@pytest.mark.parametrize("who", ["koordinator", "leder", "lege", "inntak"])
def test_strangers_meet_404_and_learn_nothing(rich: Rich, who: str) -> None:
    actor = next(actor for name, actor in strangers(rich).items() if name.startswith(who))
    client, wrong = rich.world.client(actor), []
    for page in pages(rich):
        for method, answer in asked(client, page):
            closed = bool(page.arguments) and page.name not in OPEN_ARGUMENTS
            # 405: the method is refused before anything is fetched. 403: a role that administers nobody.
            expected = {404, 405} | ({403} if page.name.startswith("portal:") else set())
            expected |= {303} if page.name in OWN_ONLY else set()
            fine = answer.status_code in expected if closed else answer.status_code < 500
            if not fine or told(answer):
                wrong.append((method, page.name, answer.status_code, told(answer)))
    assert not wrong


def test_each_refusal_in_a_case_is_in_its_log(rich: Rich) -> None:
    client = rich.world.client(strangers(rich)["koordinator i annen kommune"])
    silent = []
    for page in pages(rich):
        if str(rich.case.pk) not in page.url:
            continue
        before = AuditEvent.objects.filter(kind="refused", case_id=rich.case.pk).count()
        if client.get(page.url).status_code == 404:
            after = AuditEvent.objects.filter(kind="refused", case_id=rich.case.pk).count()
            if after != before + 1:
                silent.append(page.name)
    assert not silent


def test_a_refusal_outlives_the_request_that_was_rolled_back(rich: Rich, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written in a transaction of its own, after the request's has ended."""
    depth: list[int] = []
    original = AuditEvent.save

    def noted(self: AuditEvent, *args: object, **kwargs: object) -> None:
        if self.kind == AuditEvent.Kind.REFUSED:
            depth.append(len(connection.atomic_blocks))
        original(self, *args, **kwargs)

    monkeypatch.setattr(AuditEvent, "save", noted)
    outside = len(connection.atomic_blocks)
    client = rich.world.client(strangers(rich)["koordinator i annen kommune"])
    assert client.get(reverse("cases:case", args=[rich.case.pk])).status_code == 404
    assert depth == [outside + 1]


def test_anonymous_people_are_sent_to_the_login(rich: Rich) -> None:
    wrong = []
    for page in pages(rich):
        for method, answer in asked(Client(), page):
            door = answer.status_code in {302, 303} and answer["Location"].startswith(reverse("account_login"))
            # The front page only shows the way in; posting to it is refused before that.
            fine = answer.status_code in {200, 405} if page.name in PUBLIC else door
            fine = fine or (page.name == "portal:home" and answer.status_code == 405)
            if not fine or told(answer):
                wrong.append((method, page.name, answer.status_code, answer.headers.get("Location")))
    assert not wrong


def arguments_of_a_door(name: str) -> dict[str, str]:
    """Arguments that lead nowhere, for the doors that have any."""
    if name == "account_reset_password_from_key":
        return {"uidb36": "1", "key": "a-b"}
    if name.startswith("eid_"):
        return {"provider": "helseid"}
    if name == "mfa_remove_webauthn":
        return {"pk": "1"}
    return {"handle": str(uuid.uuid4())} if name == "account_session_end" else {}


def test_the_doors_of_an_account_are_those_and_no_others(rich: Rich) -> None:
    """Given allauth; when its addresses are walked; then only the doors exist, and none of them tells or breaks."""
    names = {name for name, _arguments in every_pattern() if name.startswith(("account_", "eid_", "mfa_"))}
    assert names == DOORS
    teacher = rich.world.client(rich.world.teacher)
    for name in sorted(DOORS):
        given = arguments_of_a_door(name)
        for client in (Client(), teacher):
            # Sessions end with a logout: each address is tried by somebody who is in.
            out = name in {"account_logout", "account_sessions_end_all"}
            client = rich.world.client(rich.world.doctor) if out else client
            for answer in (client.get(reverse(name, kwargs=given)), client.post(reverse(name, kwargs=given), {})):
                assert answer.status_code < 500, name
                assert not told(answer), name
    for gone in ("/konto/email/", "/konto/signup/", "/konto/confirm-email/", "/konto/login/code/"):
        assert teacher.get(gone).status_code == 404, gone


def test_a_person_without_membership_reads_why_and_the_guideline_and_nothing_else(rich: Rich) -> None:
    user = User.objects.create_user("uten@eksempel.invalid", name="Uten Tilgang")
    client, wrong = Client(), []
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in pages(rich):
        for method, answer in asked(client, page):
            if page.name.startswith("guideline:"):
                continue
            inside = page.name not in PUBLIC and answer.status_code == 200 and "tilgang" not in answer.content.decode()
            if answer.status_code >= 500 or inside or told(answer):
                wrong.append((method, page.name, answer.status_code, told(answer)))
    assert not wrong


@pytest.mark.parametrize("role", [Role.MUNICIPALITY_LEADER, Role.SECRETARIAT, Role.USER_ADMINISTRATOR])
@pytest.mark.parametrize("service", ["coordinating_unit", "school", "bup"])
def test_roles_that_meet_no_children_see_none_in_any_service(rich: Rich, role: str, service: str) -> None:
    """The service may hold the case, contribute to it or receive it: the role opens nothing of it."""
    client, wrong = rich.world.client(rich.world.actor(role, getattr(rich.world, service))), []
    for page in pages(rich):
        answer = client.get(page.url)
        if answer.status_code >= 500 or told(answer):
            wrong.append((page.name, answer.status_code, told(answer)))
    assert not wrong


def test_intake_never_opens_a_page_of_the_case(rich: Rich) -> None:
    client, wrong = rich.world.client(rich.world.intake), []
    for page in pages(rich):
        # Attachments of what was sent may be opened; the notice of a withdrawn consent tells nothing of the child.
        allowed = page.name in {"cases:document", "cases:consent_notice"}
        if page.name.startswith("cases:") and page.arguments and not allowed:
            answer = client.get(page.url)
            if answer.status_code not in {403, 404, 405} or told(answer):
                wrong.append((page.name, answer.status_code))
    assert not wrong


# Those who may: what a page writes, logs and explains


def insiders(rich: Rich) -> list[Actor]:
    """People with access, who between them open nearly every page."""
    world = rich.world
    return [
        world.coordinator,
        world.teacher,
        world.doctor,
        world.intake,
        world.actor(Role.COORDINATOR, world.school),
        world.actor(Role.USER_ADMINISTRATOR, world.administration),
        world.actor(Role.SERVICE_LEADER, world.school),
    ]


def written() -> dict[str, int]:
    """Rows written in this transaction, per table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def test_pages_write_nothing_but_the_access_event_and_log_no_person(
    rich: Rich, caplog: pytest.LogCaptureFixture
) -> None:
    """All that can be opened, opened by those who may: no write, no name in a log line, a word of help, and no
    page that asks the database more than it may."""
    wrong, opened = [], set()
    # As the portal runs: below warnings, templates write out whole contexts (portal.logs); here that costs minutes.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.WARNING, logger="django.template"):
        for actor in insiders(rich):
            client = rich.world.client(actor)
            client.get("/innboks/")
            for page in pages(rich):
                before = written()
                with CaptureQueriesContext(connection) as asked_of_it:
                    answer = client.get(page.url)
                after = written()
                if len(asked_of_it) > BUDGET:
                    wrong.append((page.name, f"{len(asked_of_it)} setninger"))
                changed = {name for name in after if after[name] != before.get(name, 0)} - MAY_BE_WRITTEN
                if changed or answer.status_code >= 500:
                    wrong.append((page.name, answer.status_code, changed))
                if answer.status_code == 200 and is_html(answer) and not is_file(answer):
                    opened.add(page.name)
                    text = answer.content.decode()
                    # In an emergency the assessing page shows the phone, and nothing beside it.
                    stopped = page.name == "referrals:assess" and "emergency__phone" in text
                    if page.name not in WITHOUT_HELP and not stopped and 'class="help"' not in text:
                        wrong.append((page.name, "ingen hjelp"))
    assert not sorted(set(map(str, wrong)))
    assert len(opened) > 50
    assert_no_person_in(caplog)


def test_an_error_of_ours_tells_no_person(
    rich: Rich, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception quotes what it stumbled over; neither the log nor the error page may."""

    def stumbles(*args: object) -> None:
        raise ValueError(f"{CHILD} {NUMBER} {TYPED}")

    monkeypatch.setattr("cases.views.case.frame", stumbles)
    client = rich.world.client(rich.world.coordinator)
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = client.get(reverse("cases:case", args=[rich.case.pk]))
    assert answer.status_code == 500
    assert not told(answer)
    assert any(record.exc_info for record in caplog.records)
    assert_no_person_in(caplog)


def assert_no_person_in(caplog: pytest.LogCaptureFixture) -> None:
    """What the portal's formatter lets out of the records. Statements are logged above debug only (portal.logs)."""
    formatter = SafeFormatter()
    lines = [formatter.format(record) for record in caplog.records if not record.name.startswith("django.db")]
    assert lines
    assert not [line for line in lines if any(secret in line for secret in SECRETS)]


def test_no_name_or_number_in_the_text_of_any_row(rich: Rich) -> None:
    """``__str__`` ends in logs, error reports and e-mails: it names no child, no guardian, no number, no typed text."""
    persons = (*SECRETS, "Mor Fjord", "Far Fjord", "99 99 99 99")
    wrong = set()
    for model in apps.get_models():
        if model._meta.app_label in {"portal", "guideline", "cases", "referrals", "network"}:
            for row in model._default_manager.all()[:20]:
                text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", str(row))
                if any(person in text for person in persons) or re.search(r"\d{11}", text):
                    wrong.add(model.__name__)
    assert not wrong
