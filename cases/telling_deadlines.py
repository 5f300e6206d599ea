"""Deadlines whose very existence is health information: «rett» gives dates that nobody else's outcome has."""

import uuid

from django.db.models import Q

from cases.access import Viewer
from cases.models import Category
from portal.context import Actor

_RULES: set[str] = set()


def add_telling_rules(*rules: str) -> None:
    """Registers rules whose running deadline says what a hospital came to; called from ``register.py``."""
    _RULES.update(rules)


def shown_to(viewer: Viewer, rule: str, service_id: uuid.UUID) -> bool:
    """Whether a deadline stands on the case's pages: one that tells stands there for the holder's side, for the service
    whose date it is, and for whom consent lets see the child's health."""
    return rule not in _RULES or viewer.reads() or viewer.sees(service_id, Category.HEALTH)


def listed_for(actor: Actor) -> Q:
    """The deadlines that count in a list of many cases: one that tells counts in the holder's service, and in the
    service whose date it is."""
    own = actor.service_id
    return ~Q(rule__in=sorted(_RULES)) | Q(service_id=own) | Q(case__holder__service_id=own)
