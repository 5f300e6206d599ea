"""Whoever refers finds what was sent from the inbox, while the hospital has it; no name stands there."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import Role
from referrals.models import Referral
from tests.referral_stories import consented_case
from tests.referrals_intake.stories import a_sent_referral, small_received_referral
from tests.world import World


def inbox(client: Client) -> tuple[str, int]:
    """The page and its statements, after a first that settles the session."""
    client.get("/innboks/")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = client.get("/innboks/").content.decode()
    return page, len(seen)


def link(referral: Referral) -> str:
    return f'href="{reverse("referrals:document", args=[referral.pk])}"'


def test_the_sender_finds_the_way_back_to_the_document(world: World) -> None:
    referral = a_sent_referral(world)
    client = world.client(world.doctor)
    page, _statements = inbox(client)
    assert "Sendt av tjenesten" in page
    assert link(referral) in page
    box = page[page.index("h-sent-by-us") :]
    assert referral.case.reference in box
    assert "BUP Fjordvik" in box
    assert referral.case.child.name not in page
    assert client.get(reverse("referrals:document", args=[referral.pk])).status_code == 200


def test_only_those_entitled_in_the_service_that_sent_it(world: World) -> None:
    referral = a_sent_referral(world)
    others = (
        world.coordinator,
        world.teacher,
        world.intake,
        world.actor(Role.CONTRIBUTOR, world.gp),
        world.actor(Role.PSYCHOLOGIST, world.health_visitor),
    )
    for actor in others:
        page, _statements = inbox(world.client(actor))
        assert link(referral) not in page
        assert "Sendt av tjenesten" not in page


def test_the_newest_five_at_the_same_price(world: World) -> None:
    made = [small_received_referral(world, f"Barn {number}") for number in range(2)]
    client = world.client(world.doctor)
    _page, few = inbox(client)
    made += [small_received_referral(world, f"Barn {number}") for number in range(2, 6)]
    page, more = inbox(client)
    assert more <= few <= 20
    assert [link(referral) in page for referral in made] == [False, *[True] * 5]


def test_what_is_not_sent_is_not_there(world: World) -> None:
    consented_case(world)
    page, _statements = inbox(world.client(world.doctor))
    assert "Sendt av tjenesten" not in page
