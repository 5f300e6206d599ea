"""What guardians are not to know of: one entry of a case, reserved with its reason (pbrl § 3-4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair


class Withheld(Correctable):
    """That guardians are not to know of an entry: at the child's wish from the edition's age (12), or for weighty
    reasons at any age. Lifted when it no longer holds; marked feilregistrert when it was wrong."""

    class Ground(models.TextChoices):
        WISH = "wish", _("Barnet ønsker ikke at foreldrene får vite det, og grunnen bør respekteres")
        WEIGHTY = "weighty", _("Tungtveiende hensyn til barnet taler mot at foreldrene får vite det")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="withheld")
    # What it is about: the word of ``cases.entries`` and the id of the entry.
    entry_kind = models.CharField(max_length=20)
    entry_id = models.UUIDField()
    # A code of the edition's list «information_withheld», with its national code.
    code = models.SlugField(max_length=60, db_index=False)
    ground = models.CharField(_("grunn"), max_length=10, choices=Ground)
    reason = models.TextField(_("begrunnelse"))
    assessed_by = models.CharField(_("vurdert av"), max_length=160)
    assessed_on = models.DateField(_("vurdert dato"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    lifted_reason = models.CharField(_("hvorfor det ikke gjelder lenger"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reservert opplysning")
        ordering = ("recorded_at", "id")
        indexes = [models.Index(fields=["entry_id"], name="withheld_entry")]
        constraints = [
            one_of("withheld", "ground", ["wish", "weighty"]),
            pair("withheld", "error"),
            pair("withheld", "lifted"),
            models.CheckConstraint(
                name="withheld_reasoned",
                condition=~Q(reason="") & ~Q(assessed_by=""),
                violation_error_message="Skriv begrunnelsen, og hvem som har vurdert det.",
            ),
            models.UniqueConstraint(
                fields=["case", "entry_kind", "entry_id"],
                condition=Q(error_at__isnull=True, lifted_at__isnull=True),
                name="withheld_once",
                violation_error_message="Dette er allerede reservert.",
            ),
        ]

    def __str__(self) -> str:
        return f"reservert {self.entry_kind} {self.entry_id}"
