"""The coordinated referral (guideline 6.1): one per thread from draft to decision, frozen in snapshots when sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import Membership, Service, User
from portal.models.constraints import one_of, pair


class Referral(models.Model):
    """A referral from draft to decision. The hospital's own system is master: the portal records its decision."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Utkast")
        COLLECTING = "collecting", _("Henter bidrag")
        FOR_ASSESSMENT = "for_assessment", _("Til vurdering")
        SENT = "sent", _("Sendt")
        RECEIVED = "received", _("Mottatt")
        DECIDED = "decided", _("Avgjort")
        WITHDRAWN = "withdrawn", _("Trukket")

    class Urgency(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinær")
        URGENT = "urgent", _("Haster")

    class Channel(models.TextChoices):
        NONE = "", _("Ikke sendt")
        PORTAL = "portal", _("Samhandlingsportalen")
        EPJ = "epj", _("Elektronisk melding fra journalsystemet")
        PAPER = "paper", _("Papir")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    # A resubmission keeps the thread.
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="resubmissions")
    started_in = models.ForeignKey(Service, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Service, models.PROTECT, related_name="referrals", verbose_name=_("mottaker"))
    state = models.CharField(_("status"), max_length=20, choices=State, default=State.DRAFT)
    urgency = models.CharField(_("hastegrad"), max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    urgency_reason = models.TextField(_("hvorfor det haster"), blank=True)
    questions = models.TextField(_("spørsmål til mottakeren"), blank=True)
    worry = models.TextField(_("hva bekymringen gjelder"), blank=True)
    why_specialist = models.TextField(_("hvorfor kommunale tiltak ikke er nok"), blank=True)
    text_version = models.PositiveIntegerField(default=1)
    # The open page that saved last, as for the sections of a contribution.
    text_written_in = models.UUIDField(null=True, editable=False)
    # The person entitled to refer who was asked to assess and finalise.
    referrer = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    overall_assessment = models.TextField(_("samlet vurdering"), blank=True)
    assessment_version = models.PositiveIntegerField(default=1)
    overall_written_at = models.DateTimeField(null=True, editable=False)
    overall_written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    # The open page that saved last: a page whose own autosave raised the version is not in conflict with itself.
    overall_written_in = models.UUIDField(null=True, editable=False)
    missing_gp_code = models.SlugField(max_length=60, blank=True)
    missing_gp_reason = models.TextField(_("hvorfor vurdering fra fastlege mangler"), blank=True)
    missing_consent_code = models.SlugField(max_length=60, blank=True)
    # The edition's statutory basis that one relies on instead; printed on the referral.
    missing_consent_basis = models.SlugField(max_length=60, blank=True)
    missing_consent_reason = models.TextField(_("hvorfor samtykke mangler"), blank=True)
    started_at = models.DateTimeField(editable=False)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    handed_over_at = models.DateTimeField(null=True, editable=False)
    handed_over_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    sent_as = models.CharField(max_length=30, blank=True)
    channel = models.CharField(_("sendt gjennom"), max_length=10, choices=Channel, blank=True, default="")
    # The date the hospital registered it, and the first of all receipts: the legal clock runs from the first.
    received_on = models.DateField(_("mottatt"), null=True)
    first_received_on = models.DateField(_("først mottatt"), null=True)
    reviewer = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    # A code of the edition's list «withdrawn».
    withdraw_code = models.SlugField(max_length=60, blank=True)
    withdraw_reason = models.TextField(_("hvorfor trukket"), blank=True)

    class Meta:
        verbose_name = _("henvisning")
        ordering = ("-started_at", "-id")
        indexes = [
            models.Index(
                fields=["receiver", "first_received_on"],
                name="referral_intake",
                condition=Q(state__in=["sent", "received"]),
            )
        ]
        constraints = [
            one_of(
                "referral",
                "state",
                ["draft", "collecting", "for_assessment", "sent", "received", "decided", "withdrawn"],
            ),
            one_of("referral", "urgency", ["ordinary", "urgent"]),
            one_of("referral", "channel", ["", "portal", "epj", "paper"]),
            pair("referral", "handed_over"),
            pair("referral", "sent"),
            pair("referral", "withdrawn"),
            pair("referral", "overall_written"),
            models.CheckConstraint(
                name="referral_sent_whole",
                condition=Q(state__in=["draft", "collecting", "for_assessment", "withdrawn"])
                | (Q(sent_at__isnull=False) & ~Q(channel="") & ~Q(overall_assessment="")),
                violation_error_message="En sendt henvisning har samlet vurdering, avsender og kanal.",
            ),
            models.CheckConstraint(
                name="referral_received_dated",
                condition=~Q(state__in=["received", "decided"])
                | (Q(received_on__isnull=False) & Q(first_received_on__isnull=False)),
                violation_error_message="En mottatt henvisning har mottaksdato.",
            ),
            models.CheckConstraint(
                name="referral_first_received_first",
                condition=Q(received_on__isnull=True) | Q(first_received_on__lte=models.F("received_on")),
                violation_error_message="Første mottaksdato kan ikke være etter mottaksdatoen.",
            ),
            models.CheckConstraint(
                # Once the hospital has it, the urgency may be the hospital's own: its reason stands in UrgencyChange.
                name="referral_urgent_reasoned",
                condition=~Q(urgency="urgent")
                | ~Q(urgency_reason="")
                | Q(state__in=["sent", "received", "decided", "withdrawn"]),
                violation_error_message="Skriv hvorfor det haster.",
            ),
            models.CheckConstraint(
                name="referral_missing_consent_whole",
                condition=Q(missing_consent_code="", missing_consent_basis="", missing_consent_reason="")
                | (~Q(missing_consent_code="") & ~Q(missing_consent_basis="") & ~Q(missing_consent_reason="")),
                violation_error_message="Skriv hvorfor samtykke mangler, og hvilket grunnlag dere bruker i stedet.",
            ),
            models.UniqueConstraint(
                fields=["case", "receiver"],
                condition=~Q(state__in=["decided", "withdrawn"]),
                name="referral_one_open_per_receiver",
                violation_error_message="Det finnes allerede en åpen henvisning til denne avdelingen.",
            ),
        ]

    def __str__(self) -> str:
        return f"henvisning {self.pk}"

    @property
    def texts_mark(self) -> str:
        """What changes whenever its own texts or the overall assessment do: for a page opened before another saved."""
        return f"{self.text_version}.{self.assessment_version}"


class Snapshot(models.Model):
    """The referral as sent: a frozen, itemised version (append-only). The PDF follows from the snapshot alone."""

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    edition_sha = models.CharField(max_length=64)
    change_reason = models.TextField(_("hva er endret"), blank=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=["referral", "version"], name="snapshot_once")]

    def __str__(self) -> str:
        return f"versjon {self.version}"


class RenderedDocument(models.Model):
    """The finished PDF of a snapshot: immutable bytes (append-only) and their SHA-256, always served from here."""

    id = id_field()
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    rendered_on = models.DateTimeField()

    def __str__(self) -> str:
        return f"dokument {self.pk}"


class Receipt(Correctable):
    """One stay at a department: received, and perhaps redirected onwards with a reason. The first date never
    changes."""

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="receipts")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    received_on = models.DateField()
    received_at = models.DateTimeField(editable=False)
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    redirected_to = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    redirect_reason = models.TextField(blank=True)
    redirected_at = models.DateTimeField(null=True, editable=False)
    redirected_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("received_at", "id")
        constraints = [
            pair("receipt", "redirected"),
            pair("receipt", "error"),
            models.CheckConstraint(
                name="receipt_redirect_reasoned",
                condition=Q(redirected_to__isnull=True) | ~Q(redirect_reason=""),
                violation_error_message="Skriv hvorfor henvisningen sendes videre.",
            ),
        ]

    def __str__(self) -> str:
        return f"mottak {self.received_on}"


class IntakeDecision(Correctable):
    """The hospital's decision: right with date, no right, or not assessable; advice and the family's own message."""

    class Outcome(models.TextChoices):
        RIGHT = "right", _("Rett til helsehjelp")
        NO_RIGHT = "no_right", _("Ikke rett til helsehjelp")
        NOT_ASSESSABLE = "not_assessable", _("Kan ikke vurderes")

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="decisions")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    outcome = models.CharField(_("utfall"), max_length=20, choices=Outcome)
    code = models.SlugField(_("kode"), max_length=40)
    treatment_deadline = models.DateField(_("frist for start"), null=True, blank=True)
    reason = models.TextField(_("begrunnelse"))
    advice = models.TextField(_("råd til kommunen"), blank=True)
    family_message = models.TextField(_("melding til familien"), blank=True)
    complaint_text = models.TextField(_("slik klager dere"), blank=True)
    # Made in the hospital's own system; recorded here so that nobody decides twice.
    made_elsewhere = models.BooleanField(_("avgjort i sykehusets eget system"), default=False)
    decided_on = models.DateField(_("vurdert"))
    decided_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("decided_at", "id")
        constraints = [
            one_of("intakedecision", "outcome", ["right", "no_right", "not_assessable"]),
            pair("intakedecision", "error"),
            models.CheckConstraint(
                name="intakedecision_right_dated",
                condition=~Q(outcome="right") | Q(treatment_deadline__isnull=False),
                violation_error_message="Rett til helsehjelp har en frist for start.",
            ),
            models.CheckConstraint(
                name="intakedecision_reasoned",
                condition=~Q(reason=""),
                violation_error_message="Skriv begrunnelsen.",
            ),
            models.CheckConstraint(
                name="intakedecision_no_right_complaint",
                condition=~Q(outcome="no_right") | ~Q(complaint_text=""),
                violation_error_message="Fortell hvordan avgjørelsen kan klages på.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}"


class UrgencyChange(models.Model):
    """Intake changed the urgency, with a reason."""

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="urgency_changes")
    from_urgency = models.CharField(max_length=10)
    to_urgency = models.CharField(max_length=10)
    reason = models.TextField()
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("changed_at", "id")

    def __str__(self) -> str:
        return f"{self.from_urgency} → {self.to_urgency}"
