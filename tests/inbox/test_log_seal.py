"""The newest seal on the log page, for those who read the log."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import AuditSeal
from portal.seals.chain import hash_of
from tests.stories import a_case
from tests.world import World


def sealed(world: World, number: int, at: dt.datetime) -> AuditSeal:
    """A seal of the world's community; what a test has written is never sealed, since it is not committed."""
    seal = AuditSeal(
        community_id=world.community.pk, epoch=1, number=number, form=1, lo=0, hi=number, from_id=0, top_id=0, n=0,
        root="0" * 64, prev="1" * 64 if number > 1 else "", sealed_at=at, cluster="1/1",
    )  # fmt: skip
    seal.hash = hash_of(seal)
    seal.save()
    return seal


def test_the_log_says_how_far_it_is_sealed(world: World) -> None:
    """Given two seals of the case's community, then the newest stands below the log, with its time and number."""
    case = a_case(world, level=1)
    now = timezone.localtime().replace(hour=0, minute=5)
    sealed(world, 1, now - dt.timedelta(days=2))
    newest = sealed(world, 2, now)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/").content.decode()
    assert f"Loggen er forseglet fram til i dag kl. 00.05. Segl nr. 2, {newest.hash[:8]}…." in page


def test_before_the_first_seal_it_says_so(world: World) -> None:
    case = a_case(world, level=1)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/").content.decode()
    assert "Loggen er ikke forseglet ennå" in page


def test_the_seal_costs_the_page_one_statement(world: World) -> None:
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    client.get(f"/saker/{case.pk}/logg/")
    with CaptureQueriesContext(connection) as caught:
        client.get(f"/saker/{case.pk}/logg/")
    assert len([query for query in caught if "portal_auditseal" in query["sql"]]) == 1
    assert len(caught) <= 20
