"""The help that a right to health care gave: when it began at the department."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import pair
from referrals.models.referral import Referral


class TreatmentStart(Correctable):
    """The day treatment began after a decision of a right (pbrl § 2-1 b): what its deadlines waited for."""

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="treatment_starts")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    started_on = models.DateField(_("behandlingen startet"))
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = [
            pair("treatmentstart", "error"),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(error_at__isnull=True),
                name="treatmentstart_one_standing",
                violation_error_message="Det er allerede registrert at behandlingen har startet.",
            ),
        ]

    def __str__(self) -> str:
        return f"behandling startet {self.started_on}"
