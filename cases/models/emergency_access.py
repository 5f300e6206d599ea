"""Emergency access: somebody in health care let in to a case for some hours, alone and in the open."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import pair


class EmergencyAccess(models.Model):
    """One opening of a case in an emergency (hpl §§ 7 and 45): by whom, why, until when, and who has looked at it
    since."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="emergency_accesses")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    reason = models.TextField(_("hvorfor det haster"))
    until = models.DateTimeField(_("til"))
    opened_at = models.DateTimeField(editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    review_note = models.TextField(_("vurdering"), blank=True)

    class Meta:
        verbose_name = _("nødtilgang")
        ordering = ("-opened_at", "-id")
        constraints = [
            pair("emergencyaccess", "ended"),
            pair("emergencyaccess", "reviewed"),
            models.CheckConstraint(
                name="emergencyaccess_reasoned",
                condition=~Q(reason=""),
                violation_error_message="Skriv hvorfor det haster.",
            ),
            models.CheckConstraint(
                name="emergencyaccess_short",
                condition=Q(until__gt=F("opened_at")) & Q(until__lte=F("opened_at") + dt.timedelta(hours=24)),
                violation_error_message="Nødtilgang varer høyst et døgn.",
            ),
        ]

    def __str__(self) -> str:
        return f"nødtilgang {self.pk}"

    def ends_at(self) -> dt.datetime:
        """When it no longer opens anything."""
        return min(self.until, self.ended_at) if self.ended_at else self.until
