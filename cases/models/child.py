"""The child (barnet) and its guardians. Age always comes from the birth date, never from a national number."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Organisation, User
from portal.models.constraints import one_of, pair


class AddressProtection(models.TextChoices):
    """Address protection; anything but the first hides all that locates (Normen: geolocating data)."""

    NONE = "none", _("Ingen")
    CLIENT_ADDRESS = "client_address", _("Klientadresse")
    CONFIDENTIAL = "confidential", _("Fortrolig adresse (kode 7)")
    STRICTLY_CONFIDENTIAL = "strictly_confidential", _("Strengt fortrolig adresse (kode 6)")


class NumberKind(models.TextChoices):
    """Kinds of national number."""

    NONE = "", _("Ikke registrert")
    FNR = "fnr", _("Fødselsnummer")
    D_NUMBER = "d_number", _("D-nummer")


class Child(models.Model):
    """A child, possibly unborn. The national number is encrypted; a keyed hash serves exact look-up."""

    id = id_field()
    name = models.CharField(_("navn"), max_length=120)
    sort_key = models.CharField(max_length=240, blank=True, editable=False)
    birth_date = models.DateField(_("fødselsdato"), null=True, blank=True)
    due_date = models.DateField(_("termin"), null=True, blank=True)
    number_kind = models.CharField(max_length=10, choices=NumberKind, blank=True, default="")
    number_encrypted = models.BinaryField(null=True, editable=False)
    number_hash = models.CharField(max_length=120, blank=True, editable=False, db_index=True)
    address_protection = models.CharField(
        _("adressebeskyttelse"), max_length=30, choices=AddressProtection, default=AddressProtection.NONE
    )
    interpreter_language = models.CharField(_("tolkespråk"), max_length=60, blank=True)
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("kommune"))
    lacks_capacity_reason = models.TextField(_("hvorfor barnet mangler samtykkekompetanse"), blank=True)
    lacks_capacity_assessed_by = models.CharField(_("vurdert av"), max_length=160, blank=True)
    lacks_capacity_on = models.DateField(_("vurdert dato"), null=True, blank=True)
    # What the assessment is about; without categories it is everything.
    lacks_capacity_categories: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=20), default=list, db_default=models.Value("{}"), blank=True
    )
    # Set when barnevernet has taken over care (omsorgsovertakelse): barnevernet then consents.
    care_taken_over_on = models.DateField(_("omsorgen overtatt fra"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    merged_at = models.DateTimeField(null=True, editable=False)
    merged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("barn")
        ordering = ("sort_key", "id")
        indexes = [
            models.Index(fields=["birth_date", "sort_key"], name="child_born_name"),
            models.Index(fields=["due_date"], name="child_due", condition=Q(due_date__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="child_born_or_due",
                condition=Q(birth_date__isnull=False) | Q(due_date__isnull=False),
                violation_error_message="Oppgi fødselsdato, eller termin når barnet ikke er født.",
            ),
            one_of("child", "address_protection", AddressProtection.values),
            one_of("child", "number_kind", NumberKind.values),
            pair("child", "merged"),
            models.CheckConstraint(
                name="child_capacity_whole",
                condition=Q(lacks_capacity_on__isnull=True, lacks_capacity_assessed_by="", lacks_capacity_reason="")
                | (
                    Q(lacks_capacity_on__isnull=False)
                    & ~Q(lacks_capacity_assessed_by="")
                    & ~Q(lacks_capacity_reason="")
                ),
                violation_error_message="Skriv hvem som har vurdert samtykkekompetansen, når og hvorfor.",
            ),
            models.CheckConstraint(
                name="child_number_whole",
                condition=Q(number_kind="", number_hash="", number_encrypted__isnull=True)
                | (~Q(number_kind="") & ~Q(number_hash="") & Q(number_encrypted__isnull=False)),
                violation_error_message="Nummeret må lagres kryptert og med oppslagsnøkkel.",
            ),
        ]

    def __str__(self) -> str:
        return f"barn {self.pk}"

    def age_on(self, day: dt.date) -> int | None:
        """Whole years on a day; None while unborn. A child born 29 February has its birthday on 1 March in other
        years."""
        if self.birth_date is None:
            return None
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def protected(self) -> bool:
        """Whether what locates the child must be hidden."""
        return self.address_protection != AddressProtection.NONE


class Guardian(Correctable):
    """A guardian (foresatt): parental responsibility and daily care are separate facts."""

    class Relation(models.TextChoices):
        MOTHER = "mother", _("Mor")
        FATHER = "father", _("Far")
        CO_MOTHER = "co_mother", _("Medmor")
        FOSTER = "foster", _("Fosterforelder")
        RELATIVE = "relative", _("Slektning")
        LEGAL_GUARDIAN = "legal_guardian", _("Verge")
        CHILD_PROTECTION = "child_protection", _("Barnevernet har omsorgen")
        OTHER = "other", _("Annen")

    id = id_field()
    child = models.ForeignKey(Child, models.PROTECT, related_name="guardians")
    name = models.CharField(_("navn"), max_length=120)
    relation = models.CharField(_("relasjon"), max_length=20, choices=Relation)
    parental_responsibility = models.BooleanField(_("har foreldreansvar"), default=True)
    daily_care = models.BooleanField(_("har daglig omsorg"), default=True)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    email = models.EmailField(_("e-post"), blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    interpreter_language = models.CharField(_("tolkespråk"), max_length=60, blank=True)
    contact_hidden = models.BooleanField(
        _("kontaktopplysninger skal ikke vises til den andre forelderen"), default=False
    )
    # A protection marker: this person must see nothing and cannot decide.
    blocked = models.BooleanField(_("skal ikke ha innsyn"), default=False)
    # The mandate of a verge or next of kin: no categories means the whole mandate.
    mandate_categories: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=20), default=list, blank=True
    )
    mandate_from = models.DateField(_("mandatet gjelder fra"), null=True, blank=True)
    mandate_until = models.DateField(_("mandatet gjelder til og med"), null=True, blank=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("foresatt")
        ordering = ("recorded_at", "id")
        constraints = [
            one_of(
                "guardian",
                "relation",
                ["mother", "father", "co_mother", "foster", "relative", "legal_guardian", "child_protection", "other"],
            ),
            pair("guardian", "error"),
            models.CheckConstraint(
                name="guardian_responsibility_of_parents",
                condition=~Q(relation__in=["legal_guardian", "child_protection"]) | Q(parental_responsibility=False),
                violation_error_message=(
                    "En verge har et mandat, og barnevernet har omsorg; foreldreansvar har de ikke."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"foresatt {self.pk}"
