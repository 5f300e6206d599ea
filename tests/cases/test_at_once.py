"""Two at once, in transactions of their own: two openings, and an offer answered while it is withdrawn."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from cases.actions.holder import accept_offer, offer_holder, withdraw_offer
from cases.actions.open import open_case
from cases.models import Case, CaseHolder
from portal.context import Actor
from portal.ids import uuid7
from portal.states import MovedOn
from tests.cases.test_open import WORDS
from tests.stories import BORN, a_case
from tests.world import World


def test_two_openings_at_once_get_different_references(lasting: World) -> None:
    world = lasting
    teacher, coordinator = world.teacher, world.coordinator

    def make(by: Actor) -> str:
        try:
            return open_case(case_id=uuid7(), child_name="Bo", birth_date=BORN, by=by, **WORDS).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        references = list(pool.map(make, [teacher, coordinator]))
    assert len(set(references)) == 2


def test_accepting_while_the_offer_is_withdrawn_ends_in_one_of_the_two(lasting: World) -> None:
    world = lasting
    case = a_case(world)
    teacher, coordinator = world.teacher, world.coordinator
    offer = offer_holder(case=case, to=teacher.membership, by=coordinator)

    def run(action: object, by: object) -> str:
        try:
            with transaction.atomic():
                action(offer=CaseHolder.objects.select_related("case__holder", "membership").get(pk=offer.pk), by=by)
        except MovedOn:
            return "late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, [accept_offer, withdraw_offer], [teacher, coordinator]))
    assert sorted(results) in (["done", "late"],)
    offer.refresh_from_db()
    holder = Case.objects.get(pk=case.pk).holder_id
    assert holder == (teacher if offer.state == "accepted" else coordinator).membership.pk
