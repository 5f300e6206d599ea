"""Hand-over of the «stafettpinne»: offered, then accepted or declined. The holder keeps it until someone has
accepted."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.candidates import possible_holders
from cases.casework import case_work
from cases.holder_leaving import take_seat
from cases.holder_tasks import move_to
from cases.inbox import close_tasks, open_task, tell
from cases.models import Case, CaseHolder
from cases.states import HOLDER
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Membership
from portal.rights import check
from portal.states import MovedOn, lock, move, said_already


def offer_holder(
    *, case: Case, to: Membership, by: Actor, message: str = "", now: dt.datetime | None = None
) -> CaseHolder:
    """Offers the case to a person in one of their memberships. One offer at a time; the same offer twice is one.

    ``message`` must hold no person's data: it is read before the receiver has access. Raises ``Invalid`` for someone
    who cannot hold the case, ``MovedOn`` when it is offered to another already.
    """
    now = now or timezone.now()
    check(by, "case.offer_holder", case)
    assert by.user is not None
    with case_work(case, by=by, now=now) as case:
        standing = CaseHolder.objects.filter(case=case, state=CaseHolder.State.OFFERED).first()
        if standing is not None:
            if said_already(standing, {"membership_id": to.pk, "offered_by": by.user, "message": message}):
                return standing
            raise MovedOn(_("Saken er allerede tilbudt en annen. Trekk det tilbudet først."))
        with as_job():
            fits = possible_holders(case, now).filter(pk=to.pk).exists()
        if not fits:
            raise Invalid(to=_("Denne personen kan ikke være stafettholder i saken."))
        offer = CaseHolder.objects.create(
            case=case,
            membership=to,
            state=CaseHolder.State.OFFERED,
            message=message,
            offered_at=now,
            offered_by=by.user,
        )
        states.begin(offer, HOLDER, by=by, now=now, case_id=case.pk)
        open_task(
            "holder.answer",
            by=by,
            now=now,
            service=to.service_id,
            subject=offer,
            case=case,
            user_id=to.user_id,
            url_id=offer.pk,
        )
        audit.record(by, "holder.offered", offer, case_id=case.pk, child_id=case.child_id, now=now)
    return offer


def accept_offer(*, offer: CaseHolder, by: Actor, now: dt.datetime | None = None) -> CaseHolder:
    """Takes over the case: from this instant the new service has the holder's access and the holder's tasks.

    Only the person it was offered to. Raises ``MovedOn`` when the offer was withdrawn or answered by then, or when
    their own access in the service has ended.
    """
    now = now or timezone.now()
    check(by, "case.answer_offer", offer)
    with case_work(offer.case_id, by=by, now=now, outside=True) as case:
        offer = lock(offer)
        old, seat = case.holder, take_seat(offer.membership_id, now)
        if not move(
            offer,
            HOLDER,
            CaseHolder.State.ACCEPTED,
            by=by,
            now=now,
            case_id=case.pk,
            answered_at=now,
            answered_by=by.user,
        ):
            return offer
        case.holder = seat
        case.save(update_fields=["holder"])
        close_tasks(offer, "holder.answer", now=now)
        close_tasks(case, "holder.gone", now=now)
        move_to(case, old=old, by=by, now=now)
        _answered("holder.accepted", offer, case, old, by=by, now=now)
    return offer


def take_over(case: Case, *, by: Actor, now: dt.datetime) -> None:
    """Gives a case whose holder has left to the one who takes it up again; call under the case's lock."""
    old, case.holder = case.holder, take_seat(by.seat.pk, now)
    case.save(update_fields=["holder"])
    row = CaseHolder.objects.create(
        case=case,
        membership=case.holder,
        state=CaseHolder.State.ACCEPTED,
        offered_at=now,
        offered_by=by.person,
        answered_at=now,
        answered_by=by.person,
    )
    states.begin(row, HOLDER, by=by, now=now, case_id=case.pk)
    audit.record(by, "holder.accepted", row, case_id=case.pk, child_id=case.child_id, now=now)
    close_tasks(case, "holder.gone", now=now)
    move_to(case, old=old, by=by, now=now)


def decline_offer(*, offer: CaseHolder, reason: str, by: Actor, now: dt.datetime | None = None) -> CaseHolder:
    """Declines the offer with a reason; the holder keeps the case. Raises ``MovedOn`` when it was withdrawn by then."""
    now = now or timezone.now()
    check(by, "case.answer_offer", offer)
    with case_work(offer.case_id, by=by, now=now, outside=True) as case:
        offer = lock(offer)
        if move(
            offer,
            HOLDER,
            CaseHolder.State.DECLINED,
            by=by,
            now=now,
            reason=reason,
            case_id=case.pk,
            answered_at=now,
            answered_by=by.user,
        ):
            close_tasks(offer, "holder.answer", now=now)
            _answered("holder.declined", offer, case, case.holder, by=by, now=now)
    return offer


def withdraw_offer(*, offer: CaseHolder, by: Actor, now: dt.datetime | None = None) -> CaseHolder:
    """Takes the offer back before it is answered. Raises ``MovedOn`` when it has been answered by then."""
    now = now or timezone.now()
    check(by, "case.offer_holder", offer.case)
    with case_work(offer.case_id, by=by, now=now) as case:
        offer = lock(offer)
        if move(
            offer,
            HOLDER,
            CaseHolder.State.WITHDRAWN,
            by=by,
            now=now,
            case_id=case.pk,
            answered_at=now,
            answered_by=by.user,
        ):
            close_tasks(offer, "holder.answer", now=now, reason="cancelled")
    return offer


def _answered(kind: str, offer: CaseHolder, case: Case, old: Membership, *, by: Actor, now: dt.datetime) -> None:
    """Tells the one who offered and the one who held the case. They may have lost access: the link is to their
    inbox."""
    tell(
        kind,
        by=by,
        now=now,
        subject=offer,
        case=case,
        url_name="cases:holder_answer",
        url_id=offer.pk,
        users=tuple({old.user_id, offer.offered_by_id}),
    )
