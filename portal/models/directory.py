"""The directory: health communities, organisations and services, loaded from readable files and never hard-wired."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.ids import id_field
from portal.models.constraints import one_of, period


class HealthCommunity(models.Model):
    """A helsefellesskap: a hospital trust and the municipalities that have agreed with it."""

    id = id_field()
    slug = models.SlugField(_("nøkkel"), unique=True)
    name = models.CharField(_("navn"), max_length=120, unique=True)
    prefix = models.CharField(_("prefiks i referanser"), max_length=4, unique=True)
    portal_name = models.CharField(_("navn på portalen"), max_length=60, default="Samhandlingsportalen")
    edition_key = models.SlugField(_("utgave av retningslinjen"), max_length=80, blank=True)
    to_be_confirmed = models.BooleanField(_("må bekreftes"), default=False)

    class Meta:
        verbose_name = _("helsefellesskap")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A municipality, a hospital trust, or someone who is involved without being a party."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Kommune")
        HOSPITAL_TRUST = "hospital_trust", _("Helseforetak")
        EXTERNAL = "external", _("Annen virksomhet")

    id = id_field()
    key = models.SlugField(_("nøkkel"), unique=True, max_length=80)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    name = models.CharField(_("navn"), max_length=120)
    sort_key = models.CharField(max_length=240, blank=True, editable=False)
    org_number = models.CharField(_("organisasjonsnummer"), max_length=9, blank=True)
    municipality_number = models.CharField(_("kommunenummer"), max_length=4, null=True, blank=True, unique=True)
    county = models.CharField(_("fylke"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    to_be_confirmed = models.BooleanField(_("må bekreftes"), default=False)
    communities: "models.ManyToManyField[HealthCommunity, CommunityMembership]" = models.ManyToManyField(
        HealthCommunity, through="CommunityMembership", related_name="organisations"
    )

    class Meta:
        verbose_name = _("virksomhet")
        ordering = ("sort_key", "name")
        constraints = [one_of("organisation", "kind", ["municipality", "hospital_trust", "external"])]

    def __str__(self) -> str:
        return self.name


class CommunityMembership(models.Model):
    """An organisation's membership in a health community, dated, since municipalities can change or have two."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="community_memberships")
    community = models.ForeignKey(HealthCommunity, models.PROTECT, related_name="memberships")
    valid_from = models.DateField(_("fra"))
    valid_until = models.DateField(_("til"), null=True, blank=True)
    to_be_confirmed = models.BooleanField(_("må bekreftes"), default=False)

    class Meta:
        verbose_name = _("medlemskap i helsefellesskap")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "community", "valid_from"], name="communitymembership_once"
            ),
            period("communitymembership"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} i {self.community_id}"


class ServiceKind(models.TextChoices):
    """The services of the guideline; the edition maps each to a category of information and a set of sections."""

    SCHOOL = "school", _("Skole")
    KINDERGARTEN = "kindergarten", _("Barnehage")
    PPT = "ppt", _("PPT")
    HEALTH_VISITOR = "health_visitor", _("Helsestasjon og skolehelsetjeneste")
    GP_OFFICE = "gp_office", _("Fastlegekontor")
    MUNICIPAL_PSYCHOLOGIST = "municipal_psychologist", _("Kommunepsykolog")
    COORDINATING_UNIT = "coordinating_unit", _("Koordinerende enhet")
    CHILD_PROTECTION = "child_protection", _("Barnevernstjeneste")
    NAV_SOCIAL = "nav_social", _("NAV sosialtjeneste")
    EMERGENCY_CLINIC = "emergency_clinic", _("Legevakt")
    HEALTH_AND_CARE = "health_and_care", _("Helse- og omsorgstjeneste")
    BUP = "bup", _("BUP")
    HABU = "habu", _("HABU")
    CHILDRENS_WARD = "childrens_ward", _("Barneavdeling")
    ADULT_DEPARTMENT = "adult_department", _("Avdeling for voksne")
    SECRETARIAT = "secretariat", _("Nettverkets sekretariat")
    PORTAL_ADMINISTRATION = "portal_administration", _("Portaladministrasjon")
    EXTERNAL = "external", _("Ekstern tjeneste")


class Service(models.Model):
    """A service (tjeneste or enhet) that can know a child, receive a referral, or administer the network."""

    id = id_field()
    key = models.SlugField(_("nøkkel"), unique=True, max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    kind = models.CharField(_("type"), max_length=30, choices=ServiceKind)
    name = models.CharField(_("navn"), max_length=120)
    sort_key = models.CharField(max_length=240, blank=True, editable=False)
    age_from = models.PositiveSmallIntegerField(_("fra alder"), default=0)
    age_until = models.PositiveSmallIntegerField(_("til alder"), default=25)
    receives_referrals = models.BooleanField(_("tar imot henvisninger"), default=False)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    public_text = models.TextField(_("offentlig omtale"), blank=True)
    active = models.BooleanField(_("i drift"), default=True)
    to_be_confirmed = models.BooleanField(_("må bekreftes"), default=False)
    areas: "models.ManyToManyField[Organisation, ServiceArea]" = models.ManyToManyField(
        Organisation, through="ServiceArea", related_name="served_by"
    )

    class Meta:
        verbose_name = _("tjeneste")
        ordering = ("sort_key", "name")
        constraints = [
            one_of("service", "kind", ServiceKind.values),
            models.CheckConstraint(
                name="service_ages",
                condition=models.Q(age_until__gte=models.F("age_from")),
                violation_error_message="Aldersgrensene er i feil rekkefølge.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """A municipality that a service serves: PPT, barnevern and legevakt are often intermunicipal, BUP has a
    catchment."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="service_areas")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="service_areas")
    valid_from = models.DateField(_("fra"))
    valid_until = models.DateField(_("til"), null=True, blank=True)
    to_be_confirmed = models.BooleanField(_("må bekreftes"), default=False)

    class Meta:
        verbose_name = _("område for tjeneste")
        constraints = [
            models.UniqueConstraint(fields=["service", "municipality", "valid_from"], name="servicearea_once"),
            period("servicearea"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} → {self.municipality_id}"


class OnCallRoute(models.Model):
    """Whom to ring in an emergency, by weekday and hour; after hours one hospital may cover for the other."""

    id = id_field()
    service = models.ForeignKey(Service, models.PROTECT, related_name="on_call_routes")
    # ISO weekdays, 1 = Monday; a public holiday counts as Sunday.
    weekdays: "ArrayField[list[int], list[int]]" = ArrayField(models.PositiveSmallIntegerField())
    starts = models.TimeField(_("fra klokken"))
    # Exclusive; 00:00 means until midnight.
    ends = models.TimeField(_("til klokken"))
    # Empty: ring whom ``answered_by`` has at that hour.
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    label = models.CharField(_("vises som"), max_length=120)
    answered_by = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers_on_call_for",
        verbose_name=_("besvares av"),
    )
    to_be_confirmed = models.BooleanField(_("må bekreftes"), default=False)
    # The last day of a route that is no longer in the directory: numbers are ended, never deleted.
    valid_until = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        verbose_name = _("vakttelefon")
        ordering = ("service", "starts")
        constraints = [
            models.UniqueConstraint(fields=["service", "weekdays", "starts"], name="oncallroute_once"),
            models.CheckConstraint(
                name="oncallroute_leads_somewhere",
                condition=~models.Q(phone="") | models.Q(answered_by__isnull=False),
                violation_error_message="En vakt må ha et telefonnummer eller en tjeneste som svarer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}"
