"""The frame of every write in a case: lock the case first, do the work, then bring access and obligations into line."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from cases.admission import refresh_access
from cases.following import follow_access
from cases.inbox import tell
from cases.models import Case, Participant
from cases.obligations import recompute
from portal.context import Actor, as_job
from portal.states import MovedOn

LET_IN = "participant.added"


@contextlib.contextmanager
def case_work(
    case: Case | uuid.UUID,
    *,
    by: Actor,
    now: dt.datetime,
    closed_too: bool = False,
    access: bool = True,
    outside: bool = False,
) -> Iterator[Case]:
    """A transaction that holds the case's lock (FOR NO KEY UPDATE); yields the case as it is now.

    At the end access rows, what follows from them, and obligations are recomputed under the same lock, and the case is
    marked as changed. A closed case is sealed: writing raises ``MovedOn`` unless ``closed_too``. Actions lock the case
    before their own rows, so two actions in one case take turns and never deadlock. Who rightly acts from ``outside``
    the case (asked to take it over, or for advice without a name) is shown nothing of it, so the work is the job's.
    """
    case_id = case if isinstance(case, uuid.UUID) else case.pk
    with transaction.atomic(), as_job() if outside else contextlib.nullcontext():
        # First the lock on the row alone: joined in the same statement, a holder that changed while we waited would
        # make PostgreSQL find no row at all.
        held = Case.objects.select_for_update(of=("self",), no_key=True).only("pk").filter(pk=case_id).first()
        joined = Case.objects.select_related(
            "child", "community", "municipality", "opened_in", "holder__user", "holder__service"
        )
        locked = joined.filter(pk=case_id).first()
        # Shown to whoever opened the page, and shut since, or while we waited for the lock.
        if held is None or locked is None:
            raise MovedOn(_("Tjenesten din har ikke lenger tilgang til saken."))
        if locked.state == Case.State.CLOSED and not closed_too:
            raise MovedOn(_("Saken er avsluttet og forseglet. Gjenåpne den før du endrer noe."))
        yield locked
        # Who acted may have lost their own place by it, and what follows must not depend on what they see.
        with as_job():
            if access:
                tell_those_let_in(locked, refresh_access(locked, now), by=by, now=now)
                follow_access(locked, by, now)
            recompute(locked, now)
            if by.user:
                locked.changed_at, locked.changed_by = now, by.user
                locked.save(update_fields=["changed_at", "changed_by"])


def tell_those_let_in(case: Case, participants: list[uuid.UUID], *, by: Actor, now: dt.datetime) -> None:
    """A service learns that it is in a case when it can open it: when it is added, when consent comes later, or on
    the first day of either (``cases.actions.let_in``)."""
    for participant in Participant.objects.filter(pk__in=participants):
        tell(LET_IN, by=by, now=now, subject=participant, case=case, service=participant.service_id,
             url_name="cases:case", url_id=case.pk)  # fmt: skip
