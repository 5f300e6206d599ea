"""Reserving an entry from guardians, and lifting it (pbrl § 3-4)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import consent_rules as rules
from cases.casework import case_work
from cases.models import Case, Withheld
from cases.reserved import CODE, KINDS, in_force
from guideline.editions import current_edition
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, lock, said_already
from portal.timeframe import start_of, today


def reserve(
    *,
    entry: Any,
    ground: str,
    reason: str,
    assessed_by: str,
    assessed_on: dt.date,
    by: Actor,
    now: dt.datetime | None = None,
) -> Withheld:
    """Records that guardians are not to know of an entry, why, and who assessed it.

    At the child's own wish only from the edition's age (12). The same twice is one; raises ``Denied``, ``Invalid``, and
    ``MovedOn`` when it is reserved already with other words, or feilregistrert.
    """
    now = now or timezone.now()
    check(by, "case.reserve", entry)
    assert by.user is not None
    assert by.service is not None
    kind = next(kind for kind, model in KINDS.items() if isinstance(entry, model))
    if ground not in Withheld.Ground.values:
        raise Invalid(ground=_("Velg hvorfor foreldrene ikke skal få vite det."))
    if not reason.strip():
        raise Invalid(reason=_("Skriv begrunnelsen."))
    if not assessed_by.strip():
        raise Invalid(assessed_by=_("Skriv hvem som har vurdert det."))
    if assessed_on > today(now):
        raise Invalid(assessed_on=_("Datoen kan ikke være fram i tid."))
    with case_work(entry.case_id, by=by, now=now, access=False) as case:
        entry.refresh_from_db()
        if entry.in_error:
            raise MovedOn(_("Dette er feilregistrert."))
        if ground == Withheld.Ground.WISH:
            _check_age(case, assessed_on)
        columns = {"ground": ground, "reason": reason, "assessed_by": assessed_by, "assessed_on": assessed_on}
        standing = in_force(case=case, entry_kind=kind, entry_id=entry.pk).first()
        if standing is not None:
            if standing.recorded_by_id == by.user.pk and said_already(standing, columns):
                return standing
            raise MovedOn(_("Dette er allerede reservert fra foreldrene."))
        row = Withheld.objects.create(
            case=case,
            entry_kind=kind,
            entry_id=entry.pk,
            code=CODE,
            service=by.service,
            recorded_at=now,
            recorded_by=by.user,
            **columns,
        )
        detail = {"kind": kind, "ground": ground, "code": current_edition(case.community).code(
            "information_withheld", CODE).national}  # fmt: skip
        audit.record(by, "entry.reserved", row, case_id=case.pk, child_id=case.child_id, now=now, detail=detail)
    return row


def lift(*, reserved: Withheld, reason: str, by: Actor, now: dt.datetime | None = None) -> Withheld:
    """Records that guardians may know of the entry after all, and why; the reservation stays as history.

    A repeat by the same person is harmless; raises ``Denied``, ``Invalid``, ``MovedOn``.
    """
    now = now or timezone.now()
    check(by, "case.reserve", reserved)
    if not reason.strip():
        raise Invalid(reason=_("Skriv hvorfor det ikke gjelder lenger."))
    with case_work(reserved.case_id, by=by, now=now, closed_too=True, access=False) as case:
        row: Withheld = lock(reserved)
        if row.in_error or row.lifted_at is not None:
            if by.user and row.lifted_by_id == by.user.pk:
                return row
            raise MovedOn(_("Dette er ikke lenger reservert."))
        row.lifted_at, row.lifted_by, row.lifted_reason = now, by.user, reason
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
        audit.record(by, "entry.reserve_lifted", row, case_id=case.pk, child_id=case.child_id, now=now)
    return row


def _check_age(case: Case, day: dt.date) -> None:
    born, age = case.child.birth_date, current_edition(case.community).consent.withhold_from
    if born is None or start_of(day) < rules.turns_at(born, age):
        raise Invalid(
            ground=_("Barnets eget ønske gjelder fra %(age)d år. Er det yngre, må tungtveiende hensyn tale mot at "
                     "foreldrene får vite det.") % {"age": age}
        )  # fmt: skip
