"""People who log in, and their dated memberships: user × service × role."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.ids import id_field
from portal.models.constraints import one_of, pair, period
from portal.models.directory import HealthCommunity, Service, ServiceKind


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the login name, compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; without a password nobody can log in until one is chosen."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class Profession(models.TextChoices):
    """Professions the portal must know: some may refer, and the log states them."""

    NONE = "", _("Annet")
    DOCTOR = "doctor", _("Lege")
    PSYCHOLOGIST = "psychologist", _("Psykolog")
    NURSE = "nurse", _("Sykepleier")
    HEALTH_VISITOR = "health_visitor", _("Helsesykepleier")
    TEACHER = "teacher", _("Lærer")
    CHILD_WELFARE = "child_welfare", _("Barnevernspedagog")
    SOCIAL_WORKER = "social_worker", _("Sosionom")


class User(AbstractBaseUser):
    """A person with an account. What they may do follows from their memberships alone."""

    id = id_field()
    email = models.EmailField(_("e-post"), unique=True)
    name = models.CharField(_("navn"), max_length=120)
    sort_key = models.CharField(max_length=240, blank=True, editable=False)
    title = models.CharField(_("stilling"), max_length=80, blank=True)
    profession = models.CharField(_("yrke"), max_length=20, choices=Profession, blank=True, default="")
    hpr_number = models.CharField(_("HPR-nummer"), max_length=9, blank=True)
    # A keyed hash of the person's own national number (portal.eid.identity), never the number: it is only compared.
    pid_hash = models.CharField(max_length=90, null=True, unique=True, editable=False)
    language = models.CharField(_("språk"), max_length=5, default="nb")
    is_active = models.BooleanField(_("aktiv"), default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        ordering = ("sort_key", "name")
        constraints = [
            models.CheckConstraint(
                name="user_email_lower",
                condition=Q(email=Lower("email")),
                violation_error_message="E-postadressen lagres med små bokstaver.",
            ),
            one_of("user", "profession", Profession.values),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    def get_full_name(self) -> str:
        """The name as shown to colleagues."""
        return self.name


class Role(models.TextChoices):
    """What a membership lets a person do in a service (docs/access.md has the matrix)."""

    COORDINATOR = "coordinator", _("Koordinator / stafettholder")
    COORDINATING_UNIT = "coordinating_unit", _("Koordinerende enhet")
    EMERGENCY_CLINIC = "emergency_clinic", _("Legevakt")
    CHILD_OFFICER = "child_officer", _("Barneansvarlig")
    MUNICIPALITY_LEADER = "municipality_leader", _("Kommuneleder")
    CONTRIBUTOR = "contributor", _("Bidragsyter")
    GP = "gp", _("Fastlege")
    PSYCHOLOGIST = "psychologist", _("Psykolog")
    CHILD_PROTECTION_LEADER = "child_protection_leader", _("Barnevernsleder")
    INTAKE = "intake", _("Inntak")
    CLINICIAN = "clinician", _("Behandler")
    SERVICE_LEADER = "service_leader", _("Tjenesteleder")
    DEPUTY = "deputy", _("Stedfortreder for leder")
    SECRETARIAT = "secretariat", _("Sekretariat")
    USER_ADMINISTRATOR = "user_administrator", _("Brukeradministrator")


# A GP has a company of one's own, though the office stands under the municipality in the directory.
EMPLOYED_ELSEWHERE = frozenset({ServiceKind.GP_OFFICE, ServiceKind.EXTERNAL})


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Named reads of memberships."""

    def current(self, on: dt.date) -> "MembershipQuerySet":
        """Approved memberships that hold on a day."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            approved_at__isnull=False,
            ended_at__isnull=True,
            valid_from__lte=on,
            user__is_active=True,
        )

    def awaiting_approval(self) -> "MembershipQuerySet":
        """Invited, but not yet approved by the leader of the service or the user administrator."""
        return self.filter(approved_at__isnull=True, ended_at__isnull=True)


class Membership(models.Model):
    """A person's role in a service in a period. Never automatic: invited by one person, approved by another."""

    id = id_field()
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    service = models.ForeignKey(Service, models.PROTECT, related_name="memberships")
    community = models.ForeignKey(HealthCommunity, models.PROTECT, related_name="+")
    role = models.CharField(_("rolle"), max_length=30, choices=Role)
    valid_from = models.DateField(_("fra"))
    valid_until = models.DateField(_("til og med"), null=True, blank=True)
    invited_at = models.DateTimeField(null=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    end_reason = models.CharField(_("hvorfor avsluttet"), max_length=200, blank=True)
    # The membership this one takes over from when it is approved: nobody is without access while they wait.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("medlemskap")
        ordering = ("service__sort_key", "role")
        constraints = [
            one_of("membership", "role", Role.values),
            period("membership"),
            pair("membership", "invited"),
            pair("membership", "approved"),
            pair("membership", "ended"),
            pair("membership", "reviewed"),
            # Two people: nobody approves their own invitation, nor an invitation to themselves. Only the first user
            # administrator of an installation is invited by nobody (the system) and stands as own approver.
            models.CheckConstraint(
                name="membership_two_people",
                condition=Q(approved_by__isnull=True)
                | Q(invited_by__isnull=True)
                | (~Q(approved_by=models.F("invited_by")) & ~Q(approved_by=models.F("user"))),
                violation_error_message="Den som inviterte, kan ikke også godkjenne. En annen må gjøre det.",
            ),
            models.UniqueConstraint(
                fields=["user", "service", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_once",
                violation_error_message="Personen har allerede denne rollen i tjenesten.",
            ),
        ]

    def __str__(self) -> str:
        return f"medlemskap {self.pk}"

    def fits_employers(self, numbers: frozenset[str]) -> bool:
        """Whether someone logged in for these organisations may use the membership in that session.

        Asked only when both are known, and the service's people are employed by its organisation.
        """
        number = self.service.organisation.org_number
        return not numbers or not number or self.service.kind in EMPLOYED_ELSEWHERE or number in numbers

    @property
    def state(self) -> str:
        """``ended``, ``waiting`` (for approval), ``coming`` (starts later), ``over`` (its period is out) or
        ``active``."""
        on = timezone.localdate()
        if self.ended_at is not None:
            return "ended"
        if self.approved_at is None:
            return "waiting"
        if self.valid_until is not None and self.valid_until < on:
            return "over"
        return "coming" if self.valid_from > on else "active"
