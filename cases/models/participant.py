"""Services that know the child, and the one table that answers who may be in a case now."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair, period
from portal.timeframe import end_of


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Named reads of participants."""

    def taking_part(self, on: dt.date) -> "ParticipantQuerySet":
        """Those not ended, and whose period is not out on a day; it may begin later."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), ended_at__isnull=True)


class Participant(models.Model):
    """A service that takes part in a case, why, and for how long."""

    class Knows(models.TextChoices):
        CHILD = "child", _("Barnet")
        FAMILY = "family", _("Familien")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="participants")
    service = models.ForeignKey(Service, models.PROTECT, related_name="participations")
    purpose = models.CharField(_("formål"), max_length=300)
    knows = models.CharField(_("kjenner"), max_length=10, choices=Knows, default=Knows.CHILD)
    valid_from = models.DateField(_("fra"))
    valid_until = models.DateField(_("til"), null=True, blank=True)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    # Who set the last day, when it was set or moved after the service was added; empty: the one who added it.
    period_set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    end_reason = models.CharField(_("hvorfor avsluttet"), max_length=300, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("deltaker")
        ordering = ("added_at", "id")
        constraints = [
            one_of("participant", "knows", ["child", "family"]),
            period("participant"),
            pair("participant", "ended"),
            models.UniqueConstraint(
                fields=["case", "service"],
                condition=Q(ended_at__isnull=True),
                name="participant_once",
                violation_error_message="Tjenesten deltar allerede i saken.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} i {self.case_id}"

    def over(self, on: dt.date) -> bool:
        """Whether its period is out on a day."""
        return self.valid_until is not None and self.valid_until < on

    def run_out(self) -> None:
        """Ends it with its last day, in the name of who set that day."""
        assert self.valid_until is not None
        self.ended_at, self.end_reason = end_of(self.valid_until), str(_("Perioden gikk ut."))
        self.ended_by_id = self.period_set_by_id or self.added_by_id
        self.save(update_fields=["ended_at", "ended_by", "end_reason"])


class Scope(models.TextChoices):
    """How much of a case a basis opens."""

    CASE = "case", _("Saken")
    CONTRIBUTION = "contribution", _("Eget bidrag")
    REFERRAL = "referral", _("Henvisningen slik den er sendt")
    CONSULTATION = "consultation", _("Drøftingen")
    # What the service wrote itself, in a case that is closed.
    OWN = "own", _("Det tjenesten selv har skrevet")
    # Items of a category that others wrote: opened by consent or a named statutory basis, never by taking part alone.
    ITEMS_HEALTH = "items_health", _("Opplysninger om helse")
    ITEMS_SCHOOL = "items_school", _("Opplysninger om skole og barnehage")
    ITEMS_CHILD_PROTECTION = "items_child_protection", _("Opplysninger om barnevern")
    ITEMS_SOCIAL = "items_social", _("Opplysninger om økonomi og bolig")
    ITEMS_FAMILY = "items_family", _("Opplysninger om familien")


class CaseAccessQuerySet(models.QuerySet["CaseAccess"]):
    """Named reads of the access table."""

    def in_force(self, now: dt.datetime) -> "CaseAccessQuerySet":
        """Rows that open the case at an instant; ``until`` is exclusive, so a withdrawal works the same second."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), valid_from__lte=now)


class CaseAccess(models.Model):
    """Who may be in a case now. Kept by actions alone; every list starts from it (design: access)."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Tjeneste")
        USER = "user", _("Person")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="access")
    principal_kind = models.CharField(max_length=10, choices=Kind, default=Kind.SERVICE)
    principal_id = models.UUIDField()
    # «holder», «opened», «author», «participant», «consent», «statutory», «contribution», «referrer», «receiver»,
    # «consultation», followed by «:» and the id of the thing where there can be several.
    basis = models.CharField(max_length=60)
    scope = models.CharField(max_length=30, choices=Scope)
    valid_from = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = CaseAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("tilgang til sak")
        ordering = ("id",)
        indexes = [
            models.Index(fields=["principal_id", "scope", "case"], name="caseaccess_principal"),
        ]
        constraints = [
            one_of("caseaccess", "principal_kind", ["service", "user"]),
            one_of("caseaccess", "scope", Scope.values),
            period("caseaccess", end="until"),
            models.UniqueConstraint(
                fields=["case", "principal_id", "basis", "scope", "valid_from"],
                name="caseaccess_once",
                include=["until"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} {self.scope} {self.basis}"
