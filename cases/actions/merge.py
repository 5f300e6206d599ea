"""Merging two records of one child: one case lives on, the other is sealed with a link to it.

Nothing is moved between them: what a service was given access to in one case it does not get in the other, since
participants and consents were agreed case by case. Both references still lead somewhere, and reopening undoes the
merge.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import viewer_of
from cases.actions.child import STRICTNESS
from cases.actions.closing import MERGED, seal
from cases.casework import case_work
from cases.inbox import close_tasks, tell
from cases.models import Case, Child
from cases.national_number import FIELDS, put, reveal
from portal import audit
from portal.access import Stranger
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, lock


def merge_cases(*, keep: Case, close: Case, reason: str, by: Actor, now: dt.datetime | None = None) -> Case:
    """Seals ``close`` as merged into ``keep``, and returns ``keep``.

    Only the coordinating unit, with access to both. The stricter address protection holds for the child that lives on,
    and a national number it lacked is taken over. Raises ``MovedOn`` when either is closed, when something still runs
    in the one to be sealed, or when it is hidden from the family and the other is not.
    """
    now = now or timezone.now()
    check(by, "case.merge", keep)
    if close.merged_into_id == keep.pk and by.user and close.closed_by_id == by.user.pk:
        return keep
    for case in (keep, close):
        check(by, "case.merge", case)
        if not viewer_of(by, case, now).has_case:
            raise Stranger()
    if keep.pk == close.pk:
        raise MovedOn(_("Dette er samme sak."))
    with transaction.atomic():
        # Always in the same order, so that two merges of the same pair take turns.
        first, second = sorted((keep, close), key=lambda case: case.pk)
        with (
            case_work(first, by=by, now=now, closed_too=True) as one,
            case_work(second, by=by, now=now, closed_too=True) as two,
        ):
            keep, close = (one, two) if one.pk == keep.pk else (two, one)
            if close.merged_into_id == keep.pk:
                return keep
            if Case.State.CLOSED in (keep.state, close.state):
                raise MovedOn(_("Begge sakene må være åpne for å slås sammen."))
            if close.hidden_from_family and not keep.hidden_from_family:
                raise MovedOn(_("Den ene saken er skjult for familien, den andre ikke. Avklar det før de slås sammen."))
            seal(close, code=MERGED, reason=reason, by=by, now=now, merged_into=keep)
            close.refresh_from_db()
            _join_children(keep, close, by=by, now=now)
            # The warning between these two alone: one that either gave in a third case still waits for an answer there.
            close_tasks(close, "duplicate.look", now=now, case=keep)
            close_tasks(keep, "duplicate.look", now=now, case=close)
            _record(keep, close, by=by, now=now)
    return keep


def _join_children(keep: Case, close: Case, *, by: Actor, now: dt.datetime) -> None:
    if keep.child_id == close.child_id:
        return
    lives_on: Child = lock(keep.child)
    other: Child = lock(close.child)
    if STRICTNESS.index(other.address_protection) > STRICTNESS.index(lives_on.address_protection):
        lives_on.address_protection = other.address_protection
    if not lives_on.number_hash and other.number_hash:
        put(lives_on, reveal(other))
    lives_on.save(update_fields=["address_protection", *FIELDS])
    other.merged_into, other.merged_at, other.merged_by = lives_on, now, by.user
    other.save(update_fields=["merged_into", "merged_at", "merged_by"])


def _record(keep: Case, close: Case, *, by: Actor, now: dt.datetime) -> None:
    for case, verb, other in ((keep, "case.merged_from", close), (close, "case.merged_into", keep)):
        audit.record(
            by, verb, case, case_id=case.pk, child_id=case.child_id, now=now, detail={"other": other.reference}
        )
        # Each holder is led to their own case: the other's they may have no place in.
        tell(
            "case.merged", by=by, now=now, subject=close, case=case, url_name="cases:case", url_id=case.pk,
            users=(case.holder.user_id,),
        )  # fmt: skip
