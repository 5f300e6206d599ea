"""Measures (tiltak) tried, with the effect they had: what the referral builds on (guideline 6.1)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, Measure
from cases.repeats import just_recorded
from cases.service_choices import in_case
from cases.states import MEASURE
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, begin, move, said_already
from portal.timeframe import today


def add_measure(
    *,
    case: Case,
    service: Service,
    title: str,
    description: str = "",
    state: str = Measure.State.ONGOING,
    started_on: dt.date | None = None,
    by: Actor,
    now: dt.datetime | None = None,
) -> Measure:
    """Records a measure planned or going on, and the service responsible for it: the actor's own, or one in the case.

    Others see it as what the actor's service has written. Raises ``Denied``, ``Invalid``.
    """
    now = now or timezone.now()
    check(by, "case.record_measure", case)
    assert by.user is not None
    assert by.service is not None
    if not title.strip():
        raise Invalid(title=_("Skriv hva tiltaket er."))
    if state not in {Measure.State.PLANNED, Measure.State.ONGOING}:
        raise Invalid(state=_("Et nytt tiltak er planlagt eller i gang."))
    if state == Measure.State.ONGOING and (started_on is None or started_on > today(now)):
        raise Invalid(started_on=_("Skriv datoen tiltaket begynte. Begynner det senere, er det planlagt."))
    with case_work(case, by=by, now=now, access=False) as case:
        if service not in [by.service, *in_case(case)]:
            raise Invalid(service=_("Velg en tjeneste som er med i saken."))
        columns = {
            "service": service,
            "recorded_in": by.service,
            "title": title,
            "description": description,
            "state": state,
            "started_on": started_on,
        }
        again = just_recorded(Measure, by=by, now=now, case=case, **columns)
        if again:
            return again
        measure = Measure.objects.create(case=case, recorded_at=now, recorded_by=by.user, **columns)
        begin(measure, MEASURE, by=by, now=now, case_id=case.pk)
        detail = {"state": state, "service": str(service.pk)}
        audit.record(by, "measure.recorded", measure, case_id=case.pk, child_id=case.child_id, now=now, detail=detail)
    return measure


def start_measure(*, measure: Measure, started_on: dt.date, by: Actor, now: dt.datetime | None = None) -> Measure:
    """A planned measure has begun. Raises ``Denied``, ``Invalid``, ``MovedOn``."""
    now = now or timezone.now()
    check(by, "case.evaluate_measure", measure)
    if started_on > today(now):
        raise Invalid(started_on=_("Datoen kan ikke være fram i tid."))
    _move(measure, Measure.State.ONGOING, by, now, started_on=started_on)
    return measure


def evaluate_measure(
    *,
    measure: Measure,
    effect: str,
    effect_text: str,
    ended_on: dt.date | None = None,
    version: str = "",
    by: Actor,
    now: dt.datetime | None = None,
) -> Measure:
    """Says what effect a measure had; no ``ended_on`` while it goes on, and then it can be evaluated again: the newest
    evaluation stands in the measure, the earlier ones in its history. Raises ``Denied``, ``Invalid``, and ``MovedOn``
    when it has ended, or was evaluated by someone since ``version`` (empty: none had been written).
    """
    now = now or timezone.now()
    check(by, "case.evaluate_measure", measure)
    if effect not in set(Measure.Effect.values) - {""}:
        raise Invalid(effect=_("Velg hvilken effekt tiltaket hadde."))
    _check_end(measure, ended_on, now)
    _move(
        measure,
        Measure.State.EVALUATED,
        by,
        now,
        _("%(effect)s. %(text)s") % {"effect": Measure.Effect(effect).label, "text": effect_text},
        effect=effect,
        effect_text=effect_text,
        ended_on=ended_on,
        evaluated_at=now,
        evaluated_by=by.user,
        version=version,
    )
    return measure


def version_of(measure: Measure) -> str:
    """A mark of the evaluation that stands, for the form: a newer one must not be written over unseen."""
    return measure.evaluated_at.isoformat() if measure.evaluated_at else ""


def stop_measure(
    *, measure: Measure, reason: str, ended_on: dt.date | None = None, by: Actor, now: dt.datetime | None = None
) -> Measure:
    """Stops a measure that is planned or goes on, evaluated or not, with the reason. Raises ``Denied``, ``Invalid``,
    ``MovedOn``."""
    now = now or timezone.now()
    check(by, "case.evaluate_measure", measure)
    if not reason.strip():
        raise Invalid(reason=_("Skriv hvorfor tiltaket ble stoppet."))
    _check_end(measure, ended_on, now)
    _move(measure, Measure.State.STOPPED, by, now, reason, stop_reason=reason, ended_on=ended_on)
    return measure


def _check_end(measure: Measure, ended_on: dt.date | None, now: dt.datetime) -> None:
    if ended_on and ended_on > today(now):
        raise Invalid(ended_on=_("Datoen kan ikke være fram i tid."))
    if ended_on and measure.started_on and ended_on < measure.started_on:
        raise Invalid(ended_on=_("Sluttdatoen kan ikke være før startdatoen."))


def _move(
    measure: Measure,
    to: str,
    by: Actor,
    now: dt.datetime,
    reason: str = "",
    *,
    version: str | None = None,
    **updates: Any,
) -> None:
    with case_work(measure.case_id, by=by, now=now, access=False) as case:
        measure.refresh_from_db()
        if measure.in_error:
            raise MovedOn(_("Tiltaket er feilregistrert og kan ikke endres."))
        if measure.state == Measure.State.EVALUATED:
            if to == measure.state and said_already(measure, updates):
                return
            if measure.ended_on is not None:
                raise MovedOn(_("Tiltaket er avsluttet og evaluert."))
            if version not in {None, version_of(measure)}:
                raise MovedOn(_("Tiltaket ble evaluert mens du skrev. Se over og lagre på nytt."))
        move(measure, MEASURE, to, by=by, now=now, reason=reason, case_id=case.pk, **updates)
