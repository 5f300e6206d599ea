"""Whoever is shown something of a child stands in the log, and it costs one statement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.context import Actor
from portal.models import AuditEvent
from tests.access.pages import Page, pages
from tests.access.rich import CHILD, TYPED, Rich

pytestmark = pytest.mark.django_db
NAMES = (CHILD, "Bo Nordli", "Mia Vik", "Skjult Barn", TYPED)
# Polled, and told by the page around it; and a person's own words, kept for them alone.
WITHOUT = {"cases:bell", "portal:kept"}


def readers(rich: Rich) -> dict[str, Actor]:
    """People who between them open nearly every page."""
    world = rich.world
    return {
        "koordinator": world.coordinator,
        "lærer": world.teacher,
        "lege": world.doctor,
        "inntak": world.intake,
    }


@pytest.mark.parametrize("who", ["koordinator", "lærer", "lege", "inntak"])
def test_every_page_that_tells_of_a_child_writes_one_statement_in_the_log(rich: Rich, who: str) -> None:
    """Given each address, got by someone who may; when it tells of a child or hands out a file; then one INSERT says
    so, with the child; and no page has more than one."""
    client = rich.world.client(readers(rich)[who])
    client.get(reverse("cases:inbox"))
    silent: list[object] = []
    told = 0
    for page in pages(rich):
        before = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(page.url)
        inserts = [query["sql"] for query in caught if 'INSERT INTO "portal_auditevent"' in query["sql"]]
        # Who is turned away leaves a refusal instead: what was read is rolled back with the request.
        if answer.status_code == 200 and len(inserts) > 1:
            silent.append((page.name, len(inserts)))
        if answer.status_code == 200 and tells(answer, page):
            told += 1
            events = AuditEvent.objects.filter(id__gt=before, kind__in=["read", "export"])
            if not events.filter(child_id__isnull=False).exists():
                silent.append((page.name, "ingen hendelse"))
    assert not silent
    assert told > 5


def tells(answer: object, page: Page) -> bool:
    """Whether an answer names a child, says what was typed of one, or is a file."""
    if page.name in WITHOUT:
        return False
    headers = answer.headers  # type: ignore[attr-defined]
    if headers.get("Content-Disposition"):
        return True
    text = answer.content.decode(errors="replace")  # type: ignore[attr-defined]
    return any(name in text for name in NAMES)
