"""Unusual access: what the family has said about somebody who works in a service, and what leaders have looked at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair


class Acquaintance(models.Model):
    """The family has said that somebody who works in a service knows the child, or is its colleague's child.

    Recorded by the holder's side on the family's behalf. Without a ``person`` it is anybody in the service.
    """

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="acquaintances")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("merknad"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("kjennskap i en tjeneste")
        ordering = ("recorded_at", "id")
        constraints = [
            pair("acquaintance", "ended"),
            models.UniqueConstraint(
                fields=["case", "service", "person"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="acquaintance_once",
                violation_error_message="Dette er allerede registrert.",
            ),
        ]
        indexes = [
            models.Index(fields=["service"], condition=Q(ended_at__isnull=True), name="acquaintance_service"),
        ]

    def __str__(self) -> str:
        return f"kjennskap {self.pk}"


class LookedAt(models.Model):
    """A leader has looked at one unusual access of the own service, with a note; append-only.

    It holds for what had happened then: what the same person does later the same day comes back (``last_event``).
    """

    class Kind(models.TextChoices):
        MANY = "many", _("Mange saker på kort tid")
        HOURS = "hours", _("Utenom vanlig arbeidstid")
        KNOWN = "known", _("Kjenner barnet eller familien")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    user_id = models.UUIDField()
    user_name = models.CharField(max_length=120)
    day = models.DateField()
    case_id = models.UUIDField(null=True)
    last_event = models.BigIntegerField()
    note = models.CharField(_("merknad"), max_length=500)
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("gjennomgått oppslag")
        ordering = ("-id",)
        constraints = [one_of("lookedat", "kind", ["many", "hours", "known"])]
        indexes = [models.Index(fields=["service", "-day"], name="lookedat_service_day")]

    def __str__(self) -> str:
        return f"gjennomgått oppslag {self.pk}"
