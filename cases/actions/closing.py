"""Closing and reopening a case: it is sealed with a reason, and everything awaited in it falls away."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.holder import take_over
from cases.actions.open import start_level0
from cases.casework import case_work
from cases.closing_blocks import blocks_of
from cases.inbox import close_case_tasks, close_tasks, end_deadlines
from cases.models import Case, CaseHolder
from cases.renewals import keep_renewals
from cases.states import CASE, HOLDER
from guideline.editions import current_edition
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Membership
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today

NO_CONCERN = "no_concern"
MERGED = "merged"


def close_case(*, case: Case, code: str, reason: str, by: Actor, now: dt.datetime | None = None) -> Case:
    """Closes and seals the case with a code of the edition and a reason; open tasks and deadlines are cancelled.

    From level 0 this is the answer «no reason for concern». Raises ``Invalid`` for an unknown code, ``MovedOn`` with
    what must be ended first (a referral that has been sent) or when another person closed it.
    """
    now = now or timezone.now()
    check(by, "case.close", case)
    if code not in dict(current_edition(case.community).choices("case_closed")):
        raise Invalid(code=_("Velg en av grunnene i listen."))
    return seal(case, code=code, reason=reason, by=by, now=now)


def seal(case: Case, *, code: str, reason: str, by: Actor, now: dt.datetime, merged_into: Case | None = None) -> Case:
    """The closing itself, after the right has been checked; a merge closes the case that does not live on."""
    with case_work(case, by=by, now=now, closed_too=True) as case:
        standing = blocks_of(case) if case.state != Case.State.CLOSED else []
        if standing:
            raise MovedOn(
                _("Saken kan ikke avsluttes ennå. Dette må avklares først: %(what)s")
                % {"what": "; ".join(str(block.text) for block in standing)}
            )
        if not move(
            case,
            CASE,
            Case.State.CLOSED,
            by=by,
            now=now,
            reason=reason,
            case_id=case.pk,
            closed_at=now,
            closed_by=by.user,
            close_code=code,
            close_reason=reason,
            merged_into=merged_into,
        ):
            return case
        for offer in CaseHolder.objects.filter(case=case, state=CaseHolder.State.OFFERED):
            move(
                offer, HOLDER, CaseHolder.State.WITHDRAWN, by=by, now=now, case_id=case.pk, answered_at=now,
                answered_by=by.user,
            )  # fmt: skip
            close_tasks(offer, now=now, reason="cancelled")
        if code == NO_CONCERN and case.level == 0:
            # That is what level 0 asked: answered, not cancelled.
            close_tasks(case, "level0.decide", now=now)
            end_deadlines(case, "level0_decision", on=today(now))
        close_case_tasks(case, now=now)
    return case


def reopen_case(*, case: Case, reason: str, by: Actor, now: dt.datetime | None = None) -> Case:
    """Opens a closed case again, with a reason; the earlier closing stays in the history. Undoes a merge.

    On level 0 the question whether there is reason for concern is asked anew, with a new deadline. When the holder has
    left meanwhile, the one who reopens holds the case. Raises ``MovedOn`` when it is open already.
    """
    now = now or timezone.now()
    check(by, "case.close", case)
    with case_work(case, by=by, now=now, closed_too=True) as case:
        if not move(
            case,
            CASE,
            Case.State.OPEN,
            by=by,
            now=now,
            reason=reason,
            case_id=case.pk,
            closed_at=None,
            closed_by=None,
            close_code="",
            close_reason="",
            merged_into=None,
        ):
            return case
        child = case.child
        if child.merged_into_id is not None:
            child.merged_into, child.merged_at, child.merged_by = None, None, None
            child.save(update_fields=["merged_into", "merged_at", "merged_by"])
        if not Membership.objects.current(today(now)).filter(pk=case.holder_id).exists():
            take_over(case, by=by, now=now)
        if case.level == 0:
            start_level0(case, by=by, now=now)
        keep_renewals(case, by=by, now=now)
    return case
