"""A participant whose period is out has left the case, as if someone had ended its part that day."""

import datetime as dt
import uuid

from django.utils import timezone

from cases.actions.participants import record_part
from cases.casework import case_work
from cases.departures import has_left
from cases.models import Case, Participant
from cases.rounds import Batch, visit
from portal.context import Actor
from portal.timeframe import today


def end_lapsed(*, by: Actor, after: uuid.UUID | None = None, now: dt.datetime | None = None) -> Batch:
    """Ends the participations whose last day has passed, with what was still awaited from the services. Access ended
    by itself when the day did.

    Who set the last day is who ended it, and the clock only carries it out: what falls away by it is the clock's doing,
    and everyone is told. Safe to run twice; a closed case waits until it is opened again. Counts how many were ended.
    """
    now = now or timezone.now()
    out = Participant.objects.filter(ended_at__isnull=True, valid_until__lt=today(now))
    return visit(
        out.exclude(case__state=Case.State.CLOSED), lambda case_id: _end(case_id, by=by, now=now), by=by, after=after
    )


def _end(case_id: uuid.UUID, *, by: Actor, now: dt.datetime) -> int:
    with case_work(case_id, by=by, now=now) as case:
        out = Participant.objects.filter(case=case, ended_at__isnull=True, valid_until__lt=today(now))
        lapsed = list(out.select_for_update(of=("self",), no_key=True).order_by("pk"))
        for participant in lapsed:
            participant.run_out()
            record_part(participant, case, "participant.ended", by=by, now=now, period=True)
            has_left(case, participant.service_id, by=by, now=now)
    return len(lapsed)
