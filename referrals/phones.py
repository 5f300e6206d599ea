"""Whom to ring in an emergency (6.1.5): the numbers a page shows, right now, whatever else it shows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.models import Case
from portal.directory.lookup import Route, on_call_now, on_call_of, receivers_for, services_for
from portal.models import Service, ServiceKind
from portal.timeframe import today


@dataclass(frozen=True)
class Phone:
    """One number to ring: for whom, what it is called, and whether the directory still wants it confirmed."""

    title: str
    number: str
    label: str
    to_be_confirmed: bool = False
    # The service that answers; None for a national number.
    service: Service | None = None
    national: bool = False

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` link wants it."""
        digits = "".join(sign for sign in self.number if sign.isdigit() or sign == "+")
        return f"+47{digits}" if len(digits) == 8 else digits


def phone_of(service: Service, now: dt.datetime) -> Phone:
    """The on-call number of a department at this hour, with its fallback. Never without a number."""
    return _phone(service, on_call_now(service, now))


def _phone(service: Service, route: Route) -> Phone:
    return Phone(
        service.name, spaced(route.phone), route.label, route.to_be_confirmed, route.answered_by, route.national
    )


def phones_for(case: Case, now: dt.datetime) -> list[Phone]:
    """The on-call numbers of the departments that take children of this age and municipality, each number once.

    A department without a number of its own is left to the national one, which the page shows in any case.
    """
    departments = list(receivers_for(case.municipality, case.child.age_on(today(now)), today(now)))
    found: dict[str, Phone] = {}
    for phone in map(_phone, departments, on_call_of(departments, now)):
        if not phone.national:
            found.setdefault(phone.number, phone)
    return list(found.values())


def callable_services(case: Case, now: dt.datetime, *first: Service | None) -> list[Service]:
    """Who can have been called: those given, the departments, and the emergency clinics of the child's municipality."""
    local = services_for(case.municipality, on=today(now)).filter(
        Q(receives_referrals=True) | Q(kind=ServiceKind.EMERGENCY_CLINIC)
    )
    return _once([service for service in first if service is not None], local)


def _once(*groups: Iterable[Service]) -> list[Service]:
    found: dict[object, Service] = {}
    for group in groups:
        for service in group:
            found.setdefault(service.pk, service)
    return list(found.values())


def spaced(number: str) -> str:
    """An eight-digit Norwegian number in pairs; 116117 as 116 117; anything else as it is."""
    digits = number.replace(" ", "")
    if digits.isdigit() and len(digits) == 8:
        return " ".join(digits[i : i + 2] for i in range(0, 8, 2))
    if digits.isdigit() and len(digits) == 6:
        return f"{digits[:3]} {digits[3:]}"
    return number or _("ikke oppgitt")
