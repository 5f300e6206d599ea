"""Services that take part in a case: added with a purpose and a period, changed, ended (guideline § 5, 6.1.1)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.candidates import possible_participants
from cases.casework import case_work
from cases.departures import has_left
from cases.models import Case, Participant
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, lock, said_already
from portal.timeframe import today


def add_participant(
    *,
    case: Case,
    service: Service,
    purpose: str,
    by: Actor,
    knows: str = Participant.Knows.CHILD,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    now: dt.datetime | None = None,
) -> Participant:
    """Adds a service that knows the child or the family. It sees nothing until a consent or a named basis covers it,
    and is told when one does.

    Raises ``MovedOn`` while the case must stay in its service (level 0, guardians not informed), ``Invalid`` for a
    service that does not serve the municipality or a period that ends before it starts. The same said twice is one;
    of a service that is in already with another purpose or period, ``MovedOn``. One whose period is out comes in anew.
    """
    now = now or timezone.now()
    check(by, "case.manage_participants", case)
    assert by.user is not None
    start = valid_from or today(now)
    if valid_until is not None and valid_until < start:
        raise Invalid(valid_until=_("Sluttdatoen kan ikke være før startdatoen."))
    with case_work(case, by=by, now=now) as case:
        if not case.may_be_shared:
            raise MovedOn(
                _(
                    "Saken er fortsatt bare i tjenesten. Informer foresatte, eller skriv hvorfor ikke, "
                    "før andre blir med."
                )
            )
        said = {"purpose": purpose, "knows": knows, "valid_from": start, "valid_until": valid_until}
        standing = Participant.objects.filter(case=case, service=service, ended_at__isnull=True).first()
        if standing is not None and standing.over(today(now)):
            standing.run_out()
        elif standing is not None:
            if said_already(standing, said):
                return standing
            raise MovedOn(_("Tjenesten er allerede med i saken."))
        if not possible_participants(case, now).filter(pk=service.pk).exists():
            raise Invalid(service=_("Denne tjenesten har ikke ansvar for kommunen barnet bor i."))
        participant = Participant.objects.create(case=case, service=service, added_at=now, added_by=by.user, **said)
        record_part(participant, case, "participant.added", by=by, now=now, knows=knows)
    return participant


def change_participation(
    *,
    participant: Participant,
    purpose: str,
    knows: str,
    valid_until: dt.date | None,
    by: Actor,
    now: dt.datetime | None = None,
) -> Participant:
    """Changes what a service takes part for, whom it knows, and until when; its access follows the same second.

    Raises ``Invalid`` for a last day that has passed or is before the first (ending it is another thing), ``MovedOn``
    when its part has ended. The log says which fields.
    """
    now = now or timezone.now()
    check(by, "case.manage_participants", participant.case)
    with case_work(participant.case_id, by=by, now=now) as case:
        participant = lock(participant)
        if participant.ended_at is not None or participant.over(today(now)):
            raise MovedOn(_("Deltakelsen er avsluttet. Legg tjenesten til på nytt."))
        if valid_until is not None and valid_until < max(participant.valid_from, today(now)):
            raise Invalid(valid_until=_("Sluttdatoen må være i dag eller senere, og ikke før startdatoen."))
        wanted = {"purpose": purpose, "knows": knows, "valid_until": valid_until}
        changed = sorted(name for name, value in wanted.items() if getattr(participant, name) != value)
        if not changed:
            return participant
        for name in changed:
            setattr(participant, name, wanted[name])
        if "valid_until" in changed:
            participant.period_set_by = by.person
        participant.save(update_fields=[*changed, "period_set_by"])
        record_part(participant, case, "participant.changed", by=by, now=now, fields=changed)
    return participant


def end_participation(
    *, participant: Participant, reason: str, by: Actor, now: dt.datetime | None = None
) -> Participant:
    """Ends a service's part in the case; its access ends the same second, and so does what was awaited from it. What
    it has submitted stays.

    Raises ``MovedOn`` when another person has ended it already; a repeat of the same words by the same person changes
    nothing.
    """
    now = now or timezone.now()
    check(by, "case.manage_participants", participant.case)
    with case_work(participant.case_id, by=by, now=now) as case:
        participant = lock(participant)
        if participant.ended_at is not None:
            if by.user is not None and said_already(participant, {"ended_by": by.user, "end_reason": reason}):
                return participant
            raise MovedOn(_("Deltakelsen er allerede avsluttet."))
        participant.ended_at, participant.ended_by, participant.end_reason = now, by.user, reason
        participant.save(update_fields=["ended_at", "ended_by", "end_reason"])
        record_part(participant, case, "participant.ended", by=by, now=now)
        has_left(case, participant.service_id, by=by, now=now)
    return participant


def record_part(participant: Participant, case: Case, verb: str, *, by: Actor, now: dt.datetime, **detail: Any) -> None:
    """Records what became of a service's part in the case."""
    audit.record(
        by,
        verb,
        participant,
        case_id=case.pk,
        child_id=case.child_id,
        now=now,
        detail={"service": str(participant.service_id), **detail},
    )
