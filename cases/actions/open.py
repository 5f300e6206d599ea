"""Opening a case from a concern (undring): BTI level 0, inside the service that recorded it (guideline § 5)."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.duplicates import tell_holders
from cases.holder_leaving import take_seat
from cases.inbox import open_task, start_deadline
from cases.models import AddressProtection, Case, Child, Concern, LevelChange
from cases.national_number import put
from cases.references import lock_counter, next_reference
from cases.states import CASE
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.identity.fnr import NationalNumber
from portal.identity.sortkey import sort_key
from portal.models import Organisation
from portal.rights import check
from portal.timeframe import today


def open_case(
    *,
    case_id: uuid.UUID,
    child_name: str,
    seen_and_heard: str,
    how_long: str,
    shared_with: str,
    by: Actor,
    birth_date: dt.date | None = None,
    due_date: dt.date | None = None,
    number: NationalNumber | None = None,
    earlier_concern: str = "",
    address_protection: str = AddressProtection.NONE,
    interpreter_language: str = "",
    municipality: Organisation | None = None,
    now: dt.datetime | None = None,
) -> Case:
    """Opens a case on level 0, held by the person who recorded the concern; a decision is due within the edition's
    days.

    ``case_id`` comes from the form, so that a double click finds the case already made and returns it. ``birth_date``
    is left out, and ``due_date`` given, for an unborn child. The opener learns nothing of cases they have no access to.
    Raises ``Invalid`` for dates that cannot be, ``Denied`` for roles that open no cases, ``MovedOn`` when the opener's
    access in the service has just ended.
    """
    now = now or timezone.now()
    check(by, "case.open")
    assert by.user is not None
    assert by.membership is not None
    assert by.community is not None
    where = municipality or home_municipality(by)
    _check_dates(birth_date, due_date, now)
    # As the job role: until its access is worked out, nobody is in the case, and no policy lets it be written.
    with transaction.atomic(), as_job():
        counter = lock_counter(by.community, now)
        existing = Case.objects.select_related("child").filter(pk=case_id).first()
        if existing is not None:
            if existing.opened_by_id == by.user.pk:
                return existing
            raise Invalid(case_id=_("Skjemaet er brukt før. Åpne «Ny undring» på nytt."))
        seat = take_seat(by.membership.pk, now)
        child = Child(
            name=child_name,
            sort_key=sort_key(child_name),
            birth_date=birth_date,
            due_date=due_date,
            address_protection=address_protection,
            interpreter_language=interpreter_language,
            municipality=where,
            recorded_at=now,
            recorded_by=by.user,
        )
        put(child, number)
        child.save(force_insert=True)
        case = Case(
            pk=case_id,
            reference=next_reference(counter, by.community),
            community=by.community,
            municipality=where,
            child=child,
            opened_in=by.membership.service,
            holder=seat,
            opened_at=now,
            opened_by=by.user,
            changed_at=now,
            changed_by=by.user,
        )
        case.save(force_insert=True)
        Concern.objects.create(
            case=case,
            service=by.membership.service,
            seen_and_heard=seen_and_heard,
            how_long=how_long,
            shared_with=shared_with,
            earlier_concern=earlier_concern,
            recorded_at=now,
            recorded_by=by.user,
        )
        LevelChange.objects.create(
            case=case,
            from_level=None,
            to_level=0,
            reason=_("Undring registrert"),
            changed_at=now,
            changed_by=by.user,
            service=by.membership.service,
        )
        states.begin(case, CASE, by=by, now=now, case_id=case.pk)
        audit.record(
            by,
            "case.opened",
            case,
            case_id=case.pk,
            child_id=child.pk,
            now=now,
            detail={"unborn": birth_date is None, "number": child.number_kind},
        )
        with case_work(case, by=by, now=now) as locked:
            start_level0(locked, by=by, now=now)
            tell_holders(locked, by=by, now=now)
    return case


def start_level0(case: Case, *, by: Actor, now: dt.datetime) -> None:
    """Opens the task of deciding whether there is reason for concern, with the edition's deadline."""
    day = today(now)
    deadline = start_deadline("level0_decision", case=case, subject=case, service=case.holder.service_id, anchor_on=day)
    task = open_task(
        "level0.decide",
        by=by,
        now=now,
        service=case.holder.service_id,
        subject=case,
        case=case,
        due_on=deadline.due_on,
    )
    deadline.task = task
    deadline.save(update_fields=["task"])


def home_municipality(by: Actor) -> Organisation:
    """The municipality a case opened by this person belongs to when none was chosen: their organisation's, or the only
    one their service serves. Raises ``Invalid`` when there are several and one must be chosen."""
    assert by.membership is not None
    found = municipalities_of(by)
    if len(found) == 1:
        return found[0]
    raise Invalid(municipality=_("Velg hvilken kommune barnet bor i."))


def municipalities_of(by: Actor) -> list[Organisation]:
    """The municipalities a person can open a case in: their own municipality, else all that their service serves."""
    organisation = by.organisation
    if organisation is not None and organisation.kind == Organisation.Kind.MUNICIPALITY:
        return [organisation]
    return list(Organisation.objects.filter(service_areas__service_id=by.service_id).distinct().order_by("sort_key"))


def _check_dates(birth_date: dt.date | None, due_date: dt.date | None, now: dt.datetime) -> None:
    day = today(now)
    if birth_date is None and due_date is None:
        raise Invalid(birth_date=_("Oppgi fødselsdato, eller termin når barnet ikke er født."))
    if birth_date is not None and birth_date > day:
        raise Invalid(birth_date=_("Fødselsdatoen er fram i tid. Er barnet ikke født, oppgir du termin i stedet."))
