"""Fetching hand-over offers: by the person asked, and by those who asked."""

import uuid

from django.db.models import QuerySet

from cases.models import Case, CaseHolder
from cases.turned_away import turned_away
from portal import audit
from portal.access import Refusal, Stranger
from portal.context import Actor, as_job
from portal.models import Role

LEADERS = (Role.SERVICE_LEADER, Role.DEPUTY)


def open_offer(actor: Actor, holder_id: uuid.UUID) -> CaseHolder:
    """An offer for those it concerns: the person asked, their leader, the one who asked, the holder's service.
    Others meet 404.

    The person asked sees the reference, the level and the message; nothing of the child before the case is theirs.
    """
    offer = (
        CaseHolder.objects.select_related("membership__user", "membership__service", "offered_by")
        .filter(pk=holder_id)
        .first()
    )
    if offer is None:
        raise turned_away(actor, "holder.read", CaseHolder, holder_id)
    with as_job():
        # What the offer tells of a case that is not theirs yet: its reference and level, and who holds it.
        offer.case = Case.objects.select_related(
            "community", "municipality", "child", "holder__user", "holder__service"
        ).get(pk=offer.case_id)
    person = actor.user.pk if actor.user else None
    asked = offer.membership.user_id == person and offer.membership.service_id == actor.service_id
    leading = actor.has_role(*LEADERS) and offer.membership.service_id == actor.service_id
    asking = offer.offered_by_id == person or offer.case.holder.service_id == actor.service_id
    if not (asked or asking or leading):
        raise Stranger(Refusal("holder.read", "cases.caseholder", holder_id, offer.case_id))
    basis = "holder" if asking and not asked else "offer"
    audit.record_read(actor, "holder.offer", offer, case_id=offer.case_id, child_id=offer.case.child_id, basis=basis)
    return offer


def earlier(case: Case) -> "QuerySet[CaseHolder]":
    """Every hand-over offered in a case, newest first. One statement."""
    return (
        CaseHolder.objects.filter(case=case)
        .select_related("membership__user", "membership__service", "offered_by", "answered_by")
        .order_by("-offered_at", "-id")[:100]
    )
