"""The inbox as a table: everything awaited is a task; a deadline belongs to a task; a notification is read once."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from portal.ids import id_field
from portal.models import Role, Service, User
from portal.models.constraints import one_of, pair


class Task(models.Model):
    """Something a service, a role in it or a person is waited for to do. Opened and closed by actions alone."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="tasks")
    # A code such as «contribution.write»; cases.inbox.KINDS gives its words and the page where it is done.
    kind = models.CharField(max_length=40)
    service = models.ForeignKey(Service, models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=30, choices=Role, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="tasks")
    subject_id = models.UUIDField()
    url_name = models.CharField(max_length=60)
    url_id = models.UUIDField()
    # Codes and references only (for instance the receiving department's name): no person's data.
    detail = models.CharField(max_length=160, blank=True)
    due_on = models.DateField(null=True, blank=True)
    # What is to be done about a day far ahead stands in no inbox before this day; without one, at once.
    shows_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    close_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("oppgave")
        ordering = (models.F("due_on").asc(nulls_last=True), "opened_at", "id")
        indexes = [
            models.Index(
                fields=["service", "due_on", "opened_at"], name="task_open_service", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["case"], name="task_open_case", condition=Q(closed_at__isnull=True)),
        ]
        constraints = [
            one_of("task", "role", ["", *Role.values]),
            models.UniqueConstraint(
                fields=["kind", "subject_id", "service"],
                condition=Q(closed_at__isnull=True),
                name="task_open_once",
                violation_error_message="Oppgaven er allerede åpen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """Where it is done."""
        return reverse(self.url_name, args=[self.url_id])


class Deadline(models.Model):
    """A date from the edition's rules. The anchor never changes; a new cycle is a new row. Late is derived, not
    stored."""

    class State(models.TextChoices):
        OPEN = "open", _("Løper")
        MET = "met", _("Overholdt")
        CANCELLED = "cancelled", _("Bortfalt")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="deadlines")
    rule = models.CharField(max_length=40)
    basis = models.CharField(
        max_length=10, choices=[("law", _("Lov")), ("adopted", _("Vedtatt")), ("suggested", _("Forslag"))]
    )
    subject_id = models.UUIDField()
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    anchor_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("frist")
        ordering = ("due_on", "id")
        indexes = [models.Index(fields=["due_on"], name="deadline_open_due", condition=Q(state="open"))]
        constraints = [
            one_of("deadline", "state", ["open", "met", "cancelled"]),
            one_of("deadline", "basis", ["law", "adopted", "suggested"]),
            models.UniqueConstraint(fields=["rule", "subject_id", "anchor_on"], name="deadline_once_per_cycle"),
            models.CheckConstraint(
                name="deadline_ended_when_not_open",
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                violation_error_message="En frist som ikke løper, har en dato den sluttet å løpe.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"


class Notification(models.Model):
    """Told to one person in the portal: something happened they should know. No person's data in the text."""

    id = id_field()
    user = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    reference = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=160, blank=True)
    url_name = models.CharField(max_length=60)
    url_id = models.UUIDField()
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    read_on = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("varsel")
        ordering = ("-told_at", "-id")
        indexes = [
            models.Index(fields=["user", "-told_at"], name="notification_user"),
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """Where it leads."""
        return reverse(self.url_name, args=[self.url_id])


class ObligationStatus(models.Model):
    """What the guideline asks in a process, and where it stands; recomputed by actions under the case's lock.

    ``late`` is derived from ``due_on`` and ``met_on`` and the rule's basis, never stored.
    """

    class State(models.TextChoices):
        NOT_RELEVANT = "not_relevant", _("Ikke aktuelt")
        OPEN = "open", _("Gjenstår")
        MET = "met", _("Oppfylt")
        WAIVED = "waived", _("Fravikes")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="obligations")
    # The process instance: the case itself for 6.0 and the emergency question, the referral, or the consultation.
    subject_id = models.UUIDField()
    key = models.CharField(max_length=10)
    state = models.CharField(max_length=15, choices=State)
    due_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    due_basis = models.CharField(max_length=10, blank=True)
    evidence = models.JSONField(default=list)
    gap = models.CharField(max_length=300, blank=True)
    url_name = models.CharField(max_length=60, blank=True)
    url_id = models.UUIDField(null=True)
    edition_sha = models.CharField(max_length=64, blank=True)
    computed_on = models.DateTimeField()

    class Meta:
        verbose_name = _("plikt")
        ordering = ("key", "id")
        indexes = [models.Index(fields=["key", "state"], name="obligation_key_state")]
        constraints = [
            one_of("obligationstatus", "state", ["not_relevant", "open", "met", "waived"]),
            models.UniqueConstraint(fields=["case", "subject_id", "key"], name="obligationstatus_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Waiver(models.Model):
    """An obligation set aside in one process, by a person and with a reason; it can be taken back."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="waivers")
    subject_id = models.UUIDField()
    key = models.CharField(max_length=10)
    reason = models.TextField(_("begrunnelse"))
    waived_at = models.DateTimeField(editable=False)
    waived_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("waived_at", "id")
        constraints = [
            pair("waiver", "reopened"),
            models.CheckConstraint(
                name="waiver_reasoned",
                condition=~Q(reason=""),
                violation_error_message="Skriv hvorfor plikten fravikes.",
            ),
            models.UniqueConstraint(
                fields=["case", "subject_id", "key"], condition=Q(reopened_at__isnull=True), name="waiver_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} fravikes"
