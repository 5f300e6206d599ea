"""The GP's assessment, the emergency question, and consultation before referral."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair
from referrals.models.referral import Referral


class GpAssessment(Correctable):
    """The GP's assessment: written here, or received outside the portal and registered with source and date."""

    class Source(models.TextChoices):
        PORTAL = "portal", _("Skrevet i portalen")
        EXTERNAL = "external", _("Mottatt utenfor portalen")

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="gp_assessments")
    source = models.CharField(max_length=10, choices=Source, default=Source.PORTAL)
    # Section key of the edition → text.
    sections = models.JSONField(default=dict)
    external_from = models.CharField(_("mottatt fra"), max_length=160, blank=True)
    external_how = models.CharField(_("hvordan"), max_length=160, blank=True)
    assessed_on = models.DateField(_("vurdert dato"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The open page that saved last: a page whose own autosave raised the version is not in conflict with itself.
    written_in = models.UUIDField(null=True, editable=False)
    # Set when the GP says it is complete; a draft saves itself before that.
    completed_at = models.DateTimeField(null=True, editable=False)
    completed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("vurdering fra fastlege")
        ordering = ("recorded_at", "id")
        constraints = [
            one_of("gpassessment", "source", ["portal", "external"]),
            pair("gpassessment", "completed"),
            pair("gpassessment", "error"),
            models.CheckConstraint(
                name="gpassessment_external_sourced",
                condition=~Q(source="external") | (~Q(external_from="") & Q(assessed_on__isnull=False)),
                violation_error_message="Skriv hvem vurderingen kom fra, og datoen.",
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(error_at__isnull=True),
                name="gpassessment_once",
                violation_error_message="Henvisningen har allerede en vurdering fra fastlege.",
            ),
        ]

    def __str__(self) -> str:
        return f"vurdering {self.pk}"

    def in_order(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """What is written, key and text, in the order of the form's keys: the database keeps an order of its own."""
        place = {key: number for number, key in enumerate(keys)}
        texts = sorted(self.sections.items(), key=lambda item: (place.get(item[0], len(place)), item[0]))
        return [(key, text) for key, text in texts if text.strip()]


class EmergencyAssessment(Correctable):
    """Is it an emergency? If yes: who was called, whom, when. Emergencies never wait in a queue of the portal."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="emergencies")
    is_emergency = models.BooleanField(_("øyeblikkelig hjelp"))
    note = models.TextField(_("merknad"), blank=True)
    called_service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    called_phone = models.CharField(max_length=30, blank=True)
    spoke_with = models.CharField(_("snakket med"), max_length=120, blank=True)
    called_on = models.DateTimeField(_("ringt"), null=True, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(editable=False)
    assessed_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("vurdering av øyeblikkelig hjelp")
        ordering = ("assessed_at", "id")
        constraints = [
            pair("emergencyassessment", "error"),
            models.CheckConstraint(
                name="emergency_called_when_called",
                condition=Q(called_on__isnull=True, called_service__isnull=True, called_phone="")
                | (
                    Q(called_on__isnull=False, is_emergency=True)
                    # The national numbers (113, 116 117) belong to no service of ours.
                    & (Q(called_service__isnull=False) | ~Q(called_phone=""))
                ),
                violation_error_message="Oppgi hvem som ble ringt, og når.",
            ),
        ]

    def __str__(self) -> str:
        return f"øyeblikkelig hjelp {self.is_emergency}"

    def holds_for(self, referral: Referral) -> bool:
        """Whether it answers for a referral: given in it, or in the case after the referral was started."""
        given_in = referral.pk == self.referral_id
        return self.error_at is None and (
            given_in or (self.referral_id is None and self.assessed_at >= referral.started_at)
        )

    @property
    def called_name(self) -> str:
        """Who was called: the service, or the national number; empty before the call."""
        if self.called_on is None:
            return ""
        return self.called_service.name if self.called_service else self.called_phone


class Consultation(Correctable):
    """Discussing with the department before referring, nameless if wished; attached to a referral later as it is."""

    # Whether place and service can be shown to the department, and the place; set where it is fetched
    # (``referrals.consult_access``).
    located, place = True, ""

    class State(models.TextChoices):
        ASKED = "asked", _("Spurt")
        ANSWERED = "answered", _("Besvart")

    class Answer(models.TextChoices):
        NONE = "", _("Ikke besvart")
        REFER = "refer", _("Henvis")
        MUNICIPAL_SUFFICES = "municipal_measures_suffice", _("Kommunale tiltak er tilstrekkelig")
        OTHER_UNIT = "other_unit", _("Annen enhet")
        MORE_NEEDED = "more_needed", _("Mer må avklares først")

    class Held(models.TextChoices):
        PORTAL = "portal", _("I portalen")
        PHONE = "phone", _("Telefon")
        MESSAGE = "message", _("Elektronisk melding")
        MEETING = "meeting", _("Møte med familien")

    id = id_field()
    # A nameless consultation still belongs to a case in the municipality; the department never sees which.
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="consultations")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="consultations")
    nameless = models.BooleanField(_("uten navn"), default=True)
    asked_in = models.ForeignKey(Service, models.PROTECT, related_name="+")
    department = models.ForeignKey(Service, models.PROTECT, related_name="consultations")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    held = models.CharField(_("form"), max_length=10, choices=Held, default=Held.PORTAL)
    question = models.TextField(_("spørsmål"))
    age_group = models.CharField(_("alder"), max_length=40, blank=True)
    due_on = models.DateField(_("svarfrist"))
    answer = models.CharField(_("svar"), max_length=30, choices=Answer, blank=True, default="")
    answer_text = models.TextField(_("begrunnelse og råd"), blank=True)
    other_unit = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    answered_by_name = models.CharField(_("hvem svarte"), max_length=120, blank=True)
    held_on = models.DateField(_("dato"), null=True, blank=True)
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    attached_at = models.DateTimeField(null=True, editable=False)
    attached_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("drøfting før henvisning")
        ordering = ("asked_at", "id")
        constraints = [
            one_of("consultation", "state", ["asked", "answered"]),
            one_of("consultation", "answer", ["", "refer", "municipal_measures_suffice", "other_unit", "more_needed"]),
            one_of("consultation", "held", ["portal", "phone", "message", "meeting"]),
            pair("consultation", "answered"),
            pair("consultation", "attached"),
            pair("consultation", "error"),
            models.CheckConstraint(
                name="consultation_answered_whole",
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                violation_error_message="Velg et svar.",
            ),
            models.CheckConstraint(
                name="consultation_other_unit_named",
                condition=~Q(answer="other_unit") | Q(other_unit__isnull=False) | ~Q(answer_text=""),
                violation_error_message="Oppgi hvilken enhet.",
            ),
        ]

    def __str__(self) -> str:
        return f"drøfting {self.pk}"
