"""Contributions (bidrag): asked of each service with its own date, written section by section, submitted or
declined."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Category, Document, StatutoryBasis
from portal.ids import id_field
from portal.models import Service, User
from portal.models.constraints import one_of, pair
from referrals.models.referral import Referral


class Contribution(models.Model):
    """What one service is asked to write for the referral; the writer sees what they need and no more of the case."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Bedt om")
        STARTED = "started", _("Påbegynt")
        SUBMITTED = "submitted", _("Levert")
        DECLINED = "declined", _("Avslått")
        CANCELLED = "cancelled", _("Trukket tilbake")

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="contributions")
    service = models.ForeignKey(Service, models.PROTECT, related_name="contributions")
    # Which template of the edition it is written after.
    template = models.SlugField(max_length=40)
    category = models.CharField(max_length=20, choices=Category)
    state = models.CharField(_("status"), max_length=12, choices=State, default=State.REQUESTED)
    request_text = models.TextField(_("hva det bes om"), blank=True)
    due_on = models.DateField(_("frist"))
    # Without consent a contribution can be asked for only on a named statutory basis.
    statutory_basis = models.ForeignKey(StatutoryBasis, models.PROTECT, null=True, blank=True, related_name="+")
    # Sealed to the referrer: the holder sees only that it came.
    sealed = models.BooleanField(_("bare til henviser"), default=False)
    requested_at = models.DateTimeField(editable=False)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    nudged_on = models.DateField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    # What was delivered before it was opened again stands, and goes along, until it is delivered anew.
    delivered_at = models.DateTimeField(null=True, editable=False)
    delivered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    declined_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    decline_code = models.SlugField(max_length=40, blank=True)
    decline_note = models.TextField(_("merknad"), blank=True)
    # Received outside the portal and registered by the holder's service: who wrote it, how it came, and its date.
    # The database fills in the texts itself: processes from before they came still write rows while we deploy.
    external_from = models.CharField(_("mottatt fra"), max_length=160, blank=True, default="", db_default="")
    external_how = models.CharField(_("hvordan"), max_length=160, blank=True, default="", db_default="")
    external_on = models.DateField(_("dato på bidraget"), null=True, blank=True)

    # What the reader's service may see of the case; set by ``referrals.access.open_contribution``.
    scopes: frozenset[str] = frozenset()

    class Meta:
        verbose_name = _("bidrag")
        ordering = ("requested_at", "id")
        constraints = [
            one_of("contribution", "state", ["requested", "started", "submitted", "declined", "cancelled"]),
            one_of("contribution", "category", Category.values),
            pair("contribution", "submitted"),
            pair("contribution", "delivered"),
            pair("contribution", "declined"),
            models.CheckConstraint(
                name="contribution_declined_reasoned",
                condition=~Q(state="declined") | ~Q(decline_code=""),
                violation_error_message="Velg hvorfor dere ikke bidrar.",
            ),
            models.CheckConstraint(
                name="contribution_external_sourced",
                condition=Q(external_from="", external_on__isnull=True)
                | (~Q(external_from="") & Q(external_on__isnull=False)),
                violation_error_message="Skriv hvem bidraget kom fra, og datoen på det.",
            ),
            models.UniqueConstraint(
                fields=["referral", "service"],
                condition=~Q(state="cancelled"),
                name="contribution_once",
                violation_error_message="Tjenesten er allerede bedt om bidrag.",
            ),
        ]

    def __str__(self) -> str:
        return f"bidrag {self.pk}"

    @property
    def opened_again(self) -> bool:
        """Whether it was delivered and is being written on again: what was delivered goes along meanwhile."""
        return self.state == self.State.STARTED and self.delivered_at is not None

    @property
    def stands(self) -> bool:
        """Whether there is something that goes along with the referral now."""
        return self.state == self.State.SUBMITTED or self.opened_again


class ContributionSection(models.Model):
    """One section of a contribution, saved by itself with a version: two who write at once both keep their text."""

    id = id_field()
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="sections")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    # As it was when the contribution was opened again; see ``Contribution.delivered_at``.
    delivered_text = models.TextField(blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1)
    # The open page that saved last: a page whose own autosave raised the version is not in conflict with itself.
    written_in = models.UUIDField(null=True, editable=False)
    # Reopened by an information request after submission.
    reopened = models.BooleanField(default=False)
    written_at = models.DateTimeField(null=True, editable=False)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["contribution", "key"], name="contributionsection_once"),
            pair("contributionsection", "written"),
        ]

    def __str__(self) -> str:
        return self.key


def standing(prefix: str = "") -> Q:
    """Contributions that go along: those submitted, and those opened again after they were. See ``stands``."""
    again = {f"{prefix}state": Contribution.State.STARTED, f"{prefix}delivered_at__isnull": False}
    return Q(**{f"{prefix}state": Contribution.State.SUBMITTED}) | Q(**again)


def goes_along() -> Q:
    """Attachments that go along: the referral's own, and those of what was delivered. A draft's wait for it."""
    delivered = Q(contribution__state=Contribution.State.SUBMITTED)
    before = Q(attached_at__lte=models.F("contribution__delivered_at"))
    return Q(contribution__isnull=True) | (standing("contribution__") & (delivered | before))


class Attachment(models.Model):
    """A document that goes with a contribution or directly with the referral."""

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="attachments")
    contribution = models.ForeignKey(Contribution, models.PROTECT, null=True, blank=True, related_name="attachments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments")
    kind = models.SlugField(_("type"), max_length=40, blank=True)
    attached_at = models.DateTimeField(editable=False)
    attached_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    # Taken out again before sending; the row stays as history.
    detached_at = models.DateTimeField(null=True, editable=False)
    detached_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("attached_at", "id")
        constraints = [
            pair("attachment", "detached"),
            models.UniqueConstraint(
                fields=["referral", "document"],
                condition=Q(detached_at__isnull=True),
                name="attachment_once",
                violation_error_message="Dokumentet er allerede lagt ved.",
            ),
        ]

    def __str__(self) -> str:
        return f"vedlegg {self.pk}"


class InformationRequest(models.Model):
    """Intake asks the exact contributor for the exact section. The legal clock goes on."""

    id = id_field()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="information_requests")
    contribution = models.ForeignKey(Contribution, models.PROTECT, null=True, blank=True, related_name="requests")
    # Without a contribution the referrer or the case holder is asked.
    asked_service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    section_key = models.SlugField(max_length=60, blank=True)
    question = models.TextField(_("spørsmål"))
    due_on = models.DateField(_("frist"))
    asked_in = models.ForeignKey(Service, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    answer = models.TextField(_("svar"), blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = [
            pair("informationrequest", "answered"),
            # The clock may have ended the part of the service that was asked: then nobody in particular cancelled it.
            models.CheckConstraint(
                name="informationrequest_cancelled_when",
                condition=Q(cancelled_by__isnull=True) | Q(cancelled_at__isnull=False),
                violation_error_message="Tidspunktet må registreres sammen med personen.",
            ),
            models.CheckConstraint(
                name="informationrequest_answer_whole",
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                violation_error_message="Skriv svaret.",
            ),
        ]

    def __str__(self) -> str:
        return f"spørsmål {self.pk}"
