"""What is known and has been tried: measures, the child's own words, documents."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.consent import Category
from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair


class Measure(Correctable):
    """A measure (tiltak) tried, with evaluation of its effect; it feeds the referral."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planlagt")
        ONGOING = "ongoing", _("Pågår")
        EVALUATED = "evaluated", _("Evaluert")
        STOPPED = "stopped", _("Stoppet")

    class Effect(models.TextChoices):
        NONE = "", _("Ikke evaluert")
        GOOD = "good", _("God effekt")
        SOME = "some", _("Noe effekt")
        NO_EFFECT = "no_effect", _("Ingen effekt")
        WORSE = "worse", _("Ble verre")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="measures")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("ansvarlig tjeneste"))
    # The service that wrote it: what others see of a measure follows from its author, not from who does it.
    recorded_in = models.ForeignKey(Service, models.PROTECT, related_name="+", editable=False)
    title = models.CharField(_("tiltak"), max_length=160)
    description = models.TextField(_("hva som gjøres"), blank=True)
    started_on = models.DateField(_("fra"), null=True, blank=True)
    ended_on = models.DateField(_("til"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ONGOING)
    effect = models.CharField(_("effekt"), max_length=10, choices=Effect, blank=True, default="")
    effect_text = models.TextField(_("om effekten"), blank=True)
    stop_reason = models.TextField(_("hvorfor tiltaket ble stoppet"), blank=True)
    evaluated_at = models.DateTimeField(null=True, editable=False)
    evaluated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("tiltak")
        ordering = ("started_on", "recorded_at", "id")
        constraints = [
            one_of("measure", "state", ["planned", "ongoing", "evaluated", "stopped"]),
            one_of("measure", "effect", ["", "good", "some", "no_effect", "worse"]),
            pair("measure", "evaluated"),
            pair("measure", "error"),
            models.CheckConstraint(
                name="measure_period",
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
                violation_error_message="Sluttdatoen kan ikke være før startdatoen.",
            ),
            models.CheckConstraint(
                name="measure_evaluated_with_effect",
                condition=~Q(state="evaluated") | (~Q(effect="") & Q(evaluated_at__isnull=False)),
                violation_error_message="Velg hvilken effekt tiltaket hadde.",
            ),
            models.CheckConstraint(
                name="measure_stopped_reasoned",
                condition=~Q(state="stopped") | ~Q(stop_reason=""),
                violation_error_message="Skriv hvorfor tiltaket ble stoppet.",
            ),
        ]

    def __str__(self) -> str:
        return f"tiltak {self.pk}"


class ChildVoice(Correctable):
    """The child's own words, printed verbatim, with how they were obtained; or a reasoned «not obtained»."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="voices")
    # The phase of the guideline it belongs to: participation is asked for in every phase.
    phase = models.CharField(max_length=5, default="6.1")
    speaker = models.CharField(
        max_length=10, choices=[("child", _("Barnet")), ("family", _("Familien"))], default="child"
    )
    words = models.TextField(_("med egne ord"), blank=True)
    how_obtained = models.CharField(_("hvordan det kom fram"), max_length=300, blank=True)
    obtained_on = models.DateField(_("dato"), null=True, blank=True)
    not_obtained_reason = models.TextField(_("hvorfor ikke innhentet"), blank=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("barnets stemme")
        ordering = ("recorded_at", "id")
        constraints = [
            one_of("childvoice", "speaker", ["child", "family"]),
            pair("childvoice", "error"),
            models.CheckConstraint(
                name="childvoice_words_or_reason",
                condition=(~Q(words="") & ~Q(how_obtained="") & Q(not_obtained_reason=""))
                | (Q(words="") & ~Q(not_obtained_reason="")),
                violation_error_message="Skriv barnets ord og hvordan de kom fram, eller hvorfor de ikke er innhentet.",
            ),
        ]

    def __str__(self) -> str:
        return f"stemme {self.pk}"


class Document(Correctable):
    """A document (PDF or image) stored privately and served through the access check."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category)
    title = models.CharField(_("tittel"), max_length=160)
    file_name = models.CharField(max_length=160)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200, unique=True)
    # Sealed: seen by its author and the referrer, the holder seeing only that it came.
    sealed = models.BooleanField(default=False)
    # The picture told where it was taken; that was removed before it was stored.
    place_removed = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("dokument")
        ordering = ("recorded_at", "id")
        constraints = [one_of("document", "category", Category.values), pair("document", "error")]

    def __str__(self) -> str:
        return f"dokument {self.pk}"
