"""The people of the demo story, found by what they do and where."""

import datetime as dt
from functools import cached_property

from django.utils import timezone

from portal.context import Actor
from portal.demo.people import DOMAIN
from portal.models import Membership, Role, Service
from portal.timeframe import start_of

OPENING = dt.timedelta(hours=8)


class Crew:
    """Actors of one municipality in the story and of the hospital, looked up once."""

    def __init__(self, place: str = "namsos") -> None:
        self.place = place
        rows = (
            Membership.objects.current(timezone.localdate())
            .filter(user__email__endswith=f"@{DOMAIN}")
            .select_related("user", "service__organisation", "community")
            .order_by("user__email")
        )
        self._all = [Actor(user=row.user, membership=row) for row in rows]

    @property
    def everyone(self) -> tuple[Actor, ...]:
        """All the demo people, once for each of their memberships."""
        return tuple(self._all)

    def actor(self, role: str, service_key: str) -> Actor:
        """The person with a role in a service; KeyError when the demo has none."""
        for actor in self._all:
            if actor.role == role and actor.unit.key == service_key:
                return actor
        raise KeyError(f"Demoen har ingen {role} i {service_key}.")

    @cached_property
    def coordinator(self) -> Actor:
        """The one who holds the cases."""
        return self.actor(Role.COORDINATOR, f"{self.place}-koordinerende-enhet")

    @cached_property
    def teacher(self) -> Actor:
        """A contact teacher."""
        return self.actor(Role.CONTRIBUTOR, f"{self.place}-barneskole")

    @cached_property
    def upper_secondary(self) -> Actor:
        """An adviser at the upper secondary school, which the county runs."""
        return self.actor(Role.CONTRIBUTOR, "videregaende-midtre-namdal")

    @cached_property
    def coordinating_unit(self) -> Actor:
        """The leader of the coordinating unit, who merges two cases of the same child."""
        return self.actor(Role.COORDINATING_UNIT, f"{self.place}-koordinerende-enhet")

    @cached_property
    def kindergarten(self) -> Actor:
        """A leader in the kindergarten."""
        return self.actor(Role.CONTRIBUTOR, f"{self.place}-barnehage")

    @cached_property
    def health_visitor(self) -> Actor:
        """The health visitor."""
        return self.actor(Role.CONTRIBUTOR, f"{self.place}-helsestasjon")

    @cached_property
    def ppt(self) -> Actor:
        """The adviser at PPT."""
        return self.actor(Role.CONTRIBUTOR, "ppt-midtre-namdal")

    @cached_property
    def child_protection(self) -> Actor:
        """A child welfare worker."""
        return self.actor(Role.CONTRIBUTOR, "barnevern-midtre-namdal")

    @cached_property
    def doctor(self) -> Actor:
        """The GP."""
        return self.actor(Role.GP, f"{self.place}-fastlegekontor")

    @cached_property
    def emergency_clinic(self) -> Actor:
        """The doctor at the legevakt."""
        return self.actor(Role.EMERGENCY_CLINIC, "legevakt-midtre-namdal")

    @cached_property
    def psychologist(self) -> Actor:
        """The municipal psychologist, also entitled to refer."""
        return self.actor(Role.PSYCHOLOGIST, f"{self.place}-kommunepsykolog")

    def intake(self, department: Service) -> Actor:
        """The intake of a department."""
        return self.actor(Role.INTAKE, department.key)


class Clock:
    """Time in the story: moves forward from a day in the past, in office hours, and never past now."""

    def __init__(self, days_ago: int) -> None:
        start = timezone.localtime() - dt.timedelta(days=days_ago)
        self._at = start.replace(hour=9, minute=12, second=0, microsecond=0)
        self._latest = timezone.now() - dt.timedelta(minutes=1)
        self.now = self._in_office_hours()

    def on(self, days: float = 0, minutes: int = 17) -> dt.datetime:
        """Moves on by days and minutes and returns the new instant; the end of the story is the present."""
        self._at = min(self._at + dt.timedelta(days=days, minutes=minutes), self._latest)
        self.now = self._in_office_hours()
        return self.now

    def _in_office_hours(self) -> dt.datetime:
        """The day and night as the eight hours people are at work, in the same order."""
        midnight = start_of(timezone.localdate(self._at))
        return min(midnight + OPENING + (self._at - midnight) / 3, self._latest)

    @property
    def today(self) -> dt.date:
        """The day it is in the story."""
        return timezone.localdate(self.now)
