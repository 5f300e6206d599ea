"""Cases for tests, made only through the actions, so that every row is one the portal itself would write."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from cases.actions.consent import record_consent
from cases.actions.guardians import GuardianDetails, add_guardian
from cases.actions.inform import inform_guardians
from cases.actions.level import change_level
from cases.actions.open import open_case
from cases.actions.participants import add_participant
from cases.models import Case, Category, Consent, Guardian, Participant
from portal.context import Actor
from portal.ids import uuid7
from portal.models import Service
from tests.world import World

BORN = dt.date(2017, 5, 14)


def a_case(
    world: World,
    *,
    level: int = 0,
    informed: bool = True,
    by: Actor | None = None,
    name: str = "Ada Fjord",
    birth_date: dt.date | None = BORN,
    now: dt.datetime | None = None,
    **given: Any,
) -> Case:
    """A case opened by ``by`` (the coordinator), guardians informed unless told otherwise, on the level wanted."""
    by, now = by or world.coordinator, now or timezone.now()
    words = {
        "seen_and_heard": "Trekker seg unna i friminuttene og sier lite i timene.",
        "how_long": "siden høstferien",
        "shared_with": "kontaktlærer og rektor",
    }
    case = open_case(
        **{**words, "case_id": uuid7(), "child_name": name, "birth_date": birth_date, **given}, by=by, now=now
    )
    if informed:
        inform_guardians(case=case, on=timezone.localdate(now), how="samtale på skolen", by=by, now=now)
    if level:
        change_level(case=case, to_level=level, reason="Avklart med foreldrene.", by=by, now=now)
    return fresh(case)


def with_participants(case: Case, *services: Service, by: Actor | None = None, **given: Any) -> list[Participant]:
    """Services added to the case by its holder."""
    by = by or holder_actor(case)
    given = {"purpose": "Kjenner barnet godt", **given}
    return [add_participant(case=case, service=service, by=by, **given) for service in services]


def holder_actor(case: Case) -> Actor:
    """The case's holder as an actor."""
    membership = fresh(case).holder
    return Actor(user=membership.user, membership=membership)


def fresh(case: Case) -> Case:
    """The case as it is in the database now, with what pages and actions look at."""
    return Case.objects.select_related(
        "child__municipality", "community", "municipality", "opened_in", "holder__user",
        "holder__service__organisation", "holder__community",
    ).get(pk=case.pk)  # fmt: skip


def guardians(case: Case, *names: str, by: Actor | None = None, **facts: Any) -> list[Guardian]:
    """Guardians with parental responsibility and daily care: mother and father unless names are given."""
    relations = [Guardian.Relation.MOTHER, Guardian.Relation.FATHER, Guardian.Relation.CO_MOTHER]
    details = {"parental_responsibility": True, "daily_care": True, **facts}
    return [
        add_guardian(
            case=case,
            details=GuardianDetails(**{"name": name, "relation": relation, **details}),
            by=by or holder_actor(case),
        )
        for name, relation in zip(names or ("Mor Fjord", "Far Fjord"), relations, strict=False)
    ]


def consent(
    case: Case,
    services: Sequence[Service],
    categories: Sequence[str] = tuple(Category.values),
    *,
    parties: Sequence[str] | None = None,
    by: Actor | None = None,
    now: dt.datetime | None = None,
    **given: Any,
) -> Consent:
    """A yes to the services for the categories, by all who have the responsibility (recorded first when nobody is)."""
    if parties is None:
        said_by = Guardian.objects.filter(child=case.child, parental_responsibility=True, error_at__isnull=True)
        rows = list(said_by) or guardians(case, by=by)
        parties = [f"guardian:{row.pk}" for row in rows]
    now = now or timezone.now()
    words = {
        "decision": Consent.Decision.GIVEN,
        "purpose": "Samordnet hjelp til barnet",
        "given_on": timezone.localdate(now),
        "how": "written",
    }
    return record_consent(
        **{**words, **given},
        case=case,
        parties=parties,
        services=list(services),
        categories=list(categories),
        by=by or holder_actor(case),
        now=now,
    )
