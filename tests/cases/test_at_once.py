"""Two at once, in transactions of their own: two openings, and an offer answered while it is withdrawn."""

from collections.abc import Callable

from django.db import transaction

from cases.actions.holder import accept_offer, offer_holder, withdraw_offer
from cases.actions.open import open_case
from cases.models import Case, CaseHolder
from portal.context import Actor
from portal.ids import uuid7
from tests.at_once import together
from tests.cases.test_open import WORDS
from tests.stories import BORN, a_case
from tests.world import World


def test_two_openings_at_once_get_different_references(lasting: World) -> None:
    world = lasting
    teacher, coordinator = world.teacher, world.coordinator

    def make(by: Actor) -> str:
        return open_case(case_id=uuid7(), child_name="Bo", birth_date=BORN, by=by, **WORDS).reference

    references = together(lambda: make(teacher), lambda: make(coordinator))
    assert all(isinstance(reference, str) for reference in references)
    assert len(set(references)) == 2


def test_accepting_while_the_offer_is_withdrawn_ends_in_one_of_the_two(lasting: World) -> None:
    world = lasting
    case = a_case(world)
    teacher, coordinator = world.teacher, world.coordinator
    offer = offer_holder(case=case, to=teacher.membership, by=coordinator)

    def run(action: Callable[..., object], by: Actor) -> str:
        with transaction.atomic():
            action(offer=CaseHolder.objects.select_related("case__holder", "membership").get(pk=offer.pk), by=by)
        return "done"

    results = together(lambda: run(accept_offer, teacher), lambda: run(withdraw_offer, coordinator))
    assert sorted(type(result).__name__ for result in results) == ["MovedOn", "str"]
    offer.refresh_from_db()
    holder = Case.objects.get(pk=case.pk).holder_id
    assert holder == (teacher if offer.state == "accepted" else coordinator).membership.pk
