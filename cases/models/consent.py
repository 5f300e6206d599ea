"""Consent (samtykke): to services, for categories and a period, by the right people; never a checkbox."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.child import Guardian
from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair


class Category(models.TextChoices):
    """What an item is about; the author's service decides it (edition)."""

    HEALTH = "health", _("Helse")
    SCHOOL = "school", _("Skole og barnehage")
    CHILD_PROTECTION = "child_protection", _("Barnevern")
    SOCIAL = "social", _("Økonomi og bolig")
    FAMILY = "family", _("Familie")


class Consent(Correctable):
    """A decision to share or not: by whom, to which services, for which categories, until when, how it was given."""

    class Decision(models.TextChoices):
        GIVEN = "given", _("Gitt")
        REFUSED = "refused", _("Nektet")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="consents")
    decision = models.CharField(_("beslutning"), max_length=10, choices=Decision)
    categories: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20))
    # A code of the edition's list «consent_given_how»; an oral consent is as good as a written one.
    how = models.SlugField(_("hvordan"), max_length=60, db_index=False)
    purpose = models.CharField(_("formål"), max_length=300)
    given_on = models.DateField(_("dato"))
    valid_from = models.DateTimeField(editable=False)
    valid_until = models.DateField(_("gjelder til og med"), null=True, blank=True)
    one_guardian_reason = models.TextField(_("hvorfor bare én foresatt har samtykket"), blank=True)
    note = models.TextField(_("merknad"), blank=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    withdrawal_note = models.TextField(_("om tilbaketrekkingen"), blank=True)

    class Meta:
        verbose_name = _("samtykke")
        ordering = ("valid_from", "id")
        constraints = [
            one_of("consent", "decision", ["given", "refused"]),
            pair("consent", "withdrawn"),
            pair("consent", "error"),
            models.CheckConstraint(
                name="consent_period",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("given_on")),
                violation_error_message="Samtykket kan ikke gå ut før det er gitt.",
            ),
            models.CheckConstraint(
                name="consent_categories_known",
                condition=Q(categories__contained_by=Category.values) & Q(categories__len__gt=0),
                violation_error_message="Velg minst én gyldig kategori.",
            ),
        ]

    def __str__(self) -> str:
        return f"samtykke {self.pk}"


class ConsentParty(models.Model):
    """Someone who gave or refused: a guardian, the youth, barnevernet, a verge or next of kin."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", _("Foresatt")
        YOUTH = "youth", _("Ungdommen selv")
        CHILD_PROTECTION = "child_protection", _("Barnevernet")
        LEGAL_GUARDIAN = "legal_guardian", _("Verge")
        NEXT_OF_KIN = "next_of_kin", _("Nærmeste pårørende")

    id = id_field()
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=20, choices=Kind)
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("navn"), max_length=120, blank=True)

    class Meta:
        constraints = [
            one_of("consentparty", "kind", ["guardian", "youth", "child_protection", "legal_guardian", "next_of_kin"]),
            models.CheckConstraint(
                name="consentparty_guardian_named",
                condition=Q(kind__in=["youth", "child_protection"], guardian__isnull=True)
                | Q(kind__in=["guardian", "legal_guardian", "next_of_kin"], guardian__isnull=False),
                violation_error_message="Velg hvem det gjelder blant de foresatte, vergen og de pårørende.",
            ),
            models.UniqueConstraint(
                fields=["consent", "kind", "guardian"],
                nulls_distinct=False,
                name="consentparty_once",
                violation_error_message="Samme person kan bare stå én gang i et samtykke.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}"


class ConsentService(models.Model):
    """A service a consent covers; one service can be withdrawn while the rest stands."""

    id = id_field()
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="covered")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "service"], name="consentservice_once"),
            pair("consentservice", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}"


class ConsentWithdrawal(models.Model):
    """One category of a consent taken back for one service while the rest stands; without a service, for all it
    covers. What is taken back for a whole service stands in ``ConsentService``."""

    id = id_field()
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="parts_withdrawn")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=20, choices=Category)
    withdrawn_at = models.DateTimeField(editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        constraints = [
            one_of("consentwithdrawal", "category", Category.values),
            models.UniqueConstraint(
                fields=["consent", "service", "category"], nulls_distinct=False, name="consentwithdrawal_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.service_id}"


class SignedForm(Correctable):
    """The signed paper of a consent, scanned: stored privately, for those who read the reasons of the consent."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="signed_forms")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="signed_forms")
    file_name = models.CharField(max_length=160)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200, unique=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("underskrevet skjema")
        ordering = ("recorded_at", "id")
        constraints = [pair("signedform", "error")]

    def __str__(self) -> str:
        return f"skjema {self.pk}"


class StatutoryBasis(Correctable):
    """Another basis than consent, named explicitly (edition), for one service, given categories and a period."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="statutory_bases")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    code = models.SlugField(_("grunnlag"), max_length=60)
    legal_reference = models.CharField(_("lovhjemmel"), max_length=160)
    categories: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20))
    reason = models.TextField(_("begrunnelse"))
    valid_from = models.DateTimeField(editable=False)
    valid_until = models.DateField(_("gjelder til og med"), null=True, blank=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("annet grunnlag enn samtykke")
        ordering = ("valid_from", "id")
        constraints = [
            pair("statutorybasis", "error"),
            models.CheckConstraint(
                name="statutorybasis_reasoned",
                condition=~Q(reason="") & ~Q(code=""),
                violation_error_message="Skriv begrunnelsen for grunnlaget.",
            ),
            models.CheckConstraint(
                name="statutorybasis_lawful",
                condition=~Q(legal_reference=""),
                violation_error_message="Grunnlaget må ha en lovhjemmel.",
            ),
            models.CheckConstraint(
                name="statutorybasis_categories_known",
                condition=Q(categories__contained_by=Category.values) & Q(categories__len__gt=0),
                violation_error_message="Velg minst én gyldig kategori.",
            ),
            models.CheckConstraint(
                name="statutorybasis_period",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=TruncDate("valid_from")),
                violation_error_message="Sluttdatoen kan ikke være før startdatoen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.service_id}"
