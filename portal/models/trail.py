"""What happened: audit events and state changes, append-only, and text kept for a person whose save did not go
through."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.ids import id_field
from portal.models.constraints import one_of
from portal.models.people import User
from portal.models.transaction_id import TransactionIdField


class AuditEvent(models.Model):
    """One read, write, search, export or refusal. No foreign keys: the trail outlives what it tells about.

    The columns follow the national trust attributes (portal.trust): who, HPR, authorisation, organisation, service,
    role, purpose, basis, patient. Append-only (portal.append_only), and sealed (portal.seals): a new column goes into
    the newest form of what is sealed.
    """

    class Kind(models.TextChoices):
        READ = "read", _("Leste")
        WRITE = "write", _("Endret")
        SEARCH = "search", _("Søkte")
        EXPORT = "export", _("Hentet ut")
        REFUSED = "refused", _("Ble avvist")
        LOGIN = "login", _("Innlogging")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("tidspunkt"), db_index=True)
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    verb = models.CharField(_("handling"), max_length=60)
    user_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=120, blank=True)
    hpr_number = models.CharField(max_length=9, blank=True)
    # Profession as the portal knows it when it happens; empty for those without one that the log must state.
    profession = models.CharField(max_length=20, blank=True, default="", db_default="")
    community_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    organisation_number = models.CharField(max_length=9, blank=True, default="", db_default="")
    service_id = models.UUIDField(null=True)
    service_name = models.CharField(max_length=120, blank=True)
    service_kind = models.CharField(max_length=30, blank=True, default="", db_default="")
    role = models.CharField(max_length=30, blank=True)
    purpose = models.CharField(_("formål"), max_length=60, blank=True)
    # HL7's code of the purpose of use: what the words of ``purpose`` mean to other systems.
    purpose_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    basis = models.CharField(_("grunnlag"), max_length=60, blank=True)
    # What the basis rests on, where it has a row of its own: «consent:<id>». Codes and ids only.
    decision_ref = models.CharField(max_length=120, blank=True, default="", db_default="")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    child_id = models.UUIDField(null=True)
    # Codes and counts only: never free text, names or national numbers.
    detail = models.JSONField(default=dict, blank=True)
    xid = TransactionIdField()

    class Meta:
        verbose_name = _("hendelse i loggen")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["case_id", "-id"], name="auditevent_case", condition=models.Q(case_id__isnull=False)),
            models.Index(fields=["user_id", "-id"], name="auditevent_user"),
            # What a service's people have opened lately, for its leader.
            models.Index(
                fields=["service_id", "at"],
                name="auditevent_service_reads",
                condition=models.Q(kind="read", case_id__isnull=False),
            ),
            # What is sealed and checked: one community's events in the order of their transactions.
            models.Index(fields=["community_id", "xid"], name="auditevent_seal"),
        ]
        constraints = [one_of("auditevent", "kind", ["read", "write", "search", "export", "refused", "login"])]

    def __str__(self) -> str:
        return f"hendelse {self.pk}"


class StateChange(models.Model):
    """One move of a process from a state to the next (portal.states)."""

    id = models.BigAutoField(primary_key=True)
    process = models.CharField(max_length=30)
    subject_id = models.UUIDField(db_index=True)
    case_id = models.UUIDField(null=True, db_index=True)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=120, blank=True)
    service_id = models.UUIDField(null=True)
    service_name = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("tilstandsendring")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.process} {self.from_state} → {self.to_state}"


class KeptText(models.Model):
    """Text that could not be saved (ended session, someone else was first), kept on the server for its writer alone."""

    id = id_field()
    owner = models.ForeignKey(User, models.CASCADE, related_name="kept_texts")
    path = models.CharField(max_length=300)
    label = models.CharField(max_length=120, blank=True)
    fields = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("tekst som er tatt vare på")
        ordering = ("-at",)
        indexes = [models.Index(fields=["owner", "path"], name="kepttext_owner_path")]

    def __str__(self) -> str:
        return f"tekst {self.pk}"
