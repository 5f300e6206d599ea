"""A participant whose period is out has left the case, as if someone had ended its part that day."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.departures import has_left
from cases.models import Case, Participant
from portal import audit
from portal.context import Actor, as_job
from portal.states import lock
from portal.timeframe import end_of, today

AT_ONCE = 200


def end_lapsed(*, by: Actor, now: dt.datetime | None = None) -> int:
    """Ends the participations whose last day has passed, with what was still awaited from the services. Access ended
    by itself when the day did.

    Who set the last day is who ended it: the clock only carries it out. Safe to run twice; a closed case waits until it
    is opened again. Returns how many were ended.
    """
    now = now or timezone.now()
    with as_job():
        out = Participant.objects.filter(ended_at__isnull=True, valid_until__lt=today(now))
        found = list(out.exclude(case__state=Case.State.CLOSED).order_by("case_id", "pk")[:AT_ONCE])
    return sum(_end(participant, by=by, now=now) for participant in found)


def _end(participant: Participant, *, by: Actor, now: dt.datetime) -> bool:
    with case_work(participant.case_id, by=by, now=now, closed_too=True) as case:
        participant = lock(participant)
        if case.state == Case.State.CLOSED or participant.ended_at is not None or not participant.over(today(now)):
            return False
        assert participant.valid_until is not None
        setter = Actor(user=participant.added_by, membership=None)
        participant.ended_at, participant.ended_by = end_of(participant.valid_until), setter.person
        participant.end_reason = _("Perioden gikk ut.")
        participant.save(update_fields=["ended_at", "ended_by", "end_reason"])
        audit.record(
            by,
            "participant.ended",
            participant,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={"service": str(participant.service_id), "period": True},
        )
        has_left(case, participant.service_id, by=setter, now=now)
    return True
