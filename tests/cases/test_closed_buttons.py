"""No page of a closed case offers what its action refuses because the case is closed; what may be done still is.

The walk starts at the case and follows every link of the page itself, so a new page or button is tried by itself.
"""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from cases.actions.closing import close_case
from cases.models import Case, Consent
from portal.models import Role
from tests.cases_content.family import a_measure, a_voice, an_upload
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db

# Forms whose actions work in a closed case. Every other form found on the way is a button too many.
STILL_DONE = {"cases:reopen", "cases:mark_error", "cases:consent_withdraw", "referrals:emergency_wrong"}


def inside(html: str) -> str:
    """The page without the header and the footer, which are the same everywhere."""
    return html[html.index("<main") : html.index("</main>")]


def links(html: str) -> Iterator[tuple[str, str]]:
    """Each link within the case: its route and its address."""
    for href in re.findall(r'href="(/[^"#?]*)', inside(html)):
        try:
            match = resolve(href)
        except Resolver404:
            continue
        if match.namespace in {"cases", "referrals"} and match.kwargs:
            yield match.view_name, href


def walk(client: Client, case: Case) -> dict[str, str]:
    """Every page that can be reached from the case, by route."""
    waiting = [("cases:case", reverse("cases:case", args=[case.pk]))]
    seen: dict[str, str] = {}
    tried = set()
    while waiting:
        name, url = waiting.pop()
        if url in tried:
            continue
        tried.add(url)
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        if not answer["Content-Type"].startswith("text/html"):
            continue
        seen[name] = answer.content.decode()
        waiting.extend(links(seen[name]))
    return seen


def a_full_case(world: World) -> Case:
    """A case with one of each thing that has buttons."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    consent(case, [world.school, world.coordinating_unit])
    consent(case, [], decision=Consent.Decision.REFUSED, categories=["health"])
    a_measure(case, world.coordinator, title="Pågår")
    a_measure(case, world.coordinator, title="Ikke begynt", state="planned", started_on=None)
    a_voice(case, world.coordinator)
    an_upload(case, world.coordinator)
    return fresh(case)


def test_a_closed_case_offers_nothing_that_is_refused(world: World) -> None:
    """Given a case full of things; when it is closed; then the holder finds no form but those that work there."""
    case = a_full_case(world)
    client = world.client(world.coordinator)
    before = walk(client, case)
    close_case(case=case, code="goal_reached", reason="Bra nå", by=world.coordinator)
    after = walk(client, case)
    forms = {name for name, html in after.items() if 'method="post"' in inside(html)}
    assert forms - STILL_DONE == set()
    # The walk did find the forms while the case was open, and reads on when it is closed.
    assert {"cases:measure_new", "cases:document_new", "cases:voice_new", "cases:guardian_edit"} <= set(before)
    assert {"cases:measures", "cases:participants", "cases:consents", "referrals:section"} <= set(after)


def test_what_may_be_done_in_a_closed_case_is_still_offered(world: World) -> None:
    """Given the same case closed; then it can be opened again, a consent taken back, and what is wrong marked."""
    case = a_full_case(world)
    close_case(case=case, code="goal_reached", reason="Bra nå", by=world.coordinator)
    assert {"cases:reopen", "cases:mark_error", "cases:consent_withdraw"} <= set(
        walk(world.client(world.coordinator), case)
    )


def test_a_leader_of_the_holders_service_is_offered_nothing_to_write(world: World) -> None:
    """Given a closed case; when the leader of the holder's service looks; then no form is offered."""
    case = a_full_case(world)
    close_case(case=case, code="goal_reached", reason="Bra nå", by=world.coordinator)
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    found = walk(world.client(leader), case)
    assert {name for name, html in found.items() if 'method="post"' in inside(html)} == set()
