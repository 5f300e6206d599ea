"""The case (saken): one per child in need of many services, always with a holder."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.child import Child
from cases.models.correctable import Correctable
from portal.ids import id_field
from portal.models import HealthCommunity, Membership, Organisation, Service, User
from portal.models.constraints import one_of, pair


class ReferenceCounter(models.Model):
    """The running number of references in a community and year; the row is locked while a reference is made."""

    community = models.ForeignKey(HealthCommunity, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "year"], name="referencecounter_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Case(models.Model):
    """A shared case. Level 0 stays inside the service that recorded it until parents are informed or a reason not to
    is recorded; the reason hides the case from them."""

    # Whether whoever looks is here in an emergency, to read; set where the case is fetched (``cases.access``).
    only_to_read = False

    class State(models.TextChoices):
        OPEN = "open", _("Åpen")
        CLOSED = "closed", _("Avsluttet")

    id = id_field()
    reference = models.CharField(_("referanse"), max_length=20, unique=True)
    community = models.ForeignKey(HealthCommunity, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("kommune"))
    child = models.ForeignKey(Child, models.PROTECT, related_name="cases")
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.OPEN)
    level = models.PositiveSmallIntegerField(_("BTI-nivå"), default=0)
    # The service that recorded the concern; alone with the case on level 0.
    opened_in = models.ForeignKey(Service, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Membership, models.PROTECT, related_name="held_cases", verbose_name=_("stafettholder"))
    opened_at = models.DateTimeField(editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    informed_on = models.DateField(_("foresatte informert"), null=True, blank=True)
    informed_how = models.CharField(_("hvordan foresatte ble informert"), max_length=300, blank=True)
    informed_at = models.DateTimeField(null=True, editable=False)
    informed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    # A code of the edition's list «parents_not_informed».
    not_informed_code = models.SlugField(max_length=60, blank=True)
    not_informed_reason = models.TextField(_("hvorfor foresatte ikke er informert"), blank=True)
    not_informed_at = models.DateTimeField(null=True, editable=False)
    not_informed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    # A code of the edition's list «case_closed», or «merged».
    close_code = models.SlugField(max_length=60, blank=True)
    close_reason = models.TextField(_("hvorfor avsluttet"), blank=True)
    # The case that lives on after two records of one child were merged; this one is then closed and keeps its content.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    # Raised by every action in the case: «endret siden sist» and stale forms.
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("sak")
        ordering = ("-opened_at", "-id")
        indexes = [models.Index(fields=["holder", "state"], name="case_holder_state")]
        constraints = [
            one_of("case", "state", ["open", "closed"]),
            one_of("case", "level", [0, 1, 2, 3]),
            pair("case", "informed"),
            pair("case", "not_informed"),
            pair("case", "closed"),
            models.CheckConstraint(
                name="case_not_informed_reasoned",
                condition=Q(not_informed_at__isnull=True) | (~Q(not_informed_code="") & ~Q(not_informed_reason="")),
                violation_error_message="Skriv hvorfor foresatte ikke er informert.",
            ),
            models.CheckConstraint(
                name="case_shared_after_informing",
                condition=Q(level=0) | Q(informed_at__isnull=False) | Q(not_informed_at__isnull=False),
                violation_error_message=(
                    "Foresatte må være informert, eller grunnen til at de ikke er det må være skrevet."
                ),
            ),
            models.CheckConstraint(
                name="case_closed_reasoned",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(close_reason="")),
                violation_error_message="Skriv hvorfor saken avsluttes.",
            ),
            models.CheckConstraint(
                name="case_merged_closed",
                condition=Q(merged_into__isnull=True) | Q(state="closed"),
                violation_error_message="En sak som er slått sammen med en annen, er avsluttet.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def hidden_from_family(self) -> bool:
        """A recorded reason not to inform hides the case from the guardians until they are informed."""
        return self.not_informed_at is not None and self.informed_at is None

    @property
    def may_be_shared(self) -> bool:
        """Whether other services may be brought in: parents informed, or a reason not to recorded."""
        return self.informed_at is not None or self.not_informed_at is not None


class Concern(Correctable):
    """A concern (undring): what was seen and heard, for how long, and with whom it has been shared."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="concerns")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    seen_and_heard = models.TextField(_("hva er sett og hørt"))
    how_long = models.CharField(_("hvor lenge"), max_length=200)
    earlier_concern = models.TextField(_("tidligere bekymring"), blank=True)
    shared_with = models.CharField(_("delt med"), max_length=300)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("undring")
        ordering = ("recorded_at", "id")
        constraints = [
            pair("concern", "error"),
            models.CheckConstraint(
                name="concern_told",
                condition=~Q(seen_and_heard="") & ~Q(how_long="") & ~Q(shared_with=""),
                violation_error_message="Skriv hva som er sett og hørt, hvor lenge, og hvem det er delt med.",
            ),
        ]

    def __str__(self) -> str:
        return f"undring {self.pk}"


class LevelChange(models.Model):
    """A change of BTI level, with reason. The first row of a case goes from no level to 0."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="level_changes")
    from_level = models.PositiveSmallIntegerField(null=True)
    to_level = models.PositiveSmallIntegerField()
    reason = models.TextField(_("begrunnelse"))
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("nivåendring")
        ordering = ("changed_at", "id")
        constraints = [
            one_of("levelchange", "to_level", [0, 1, 2, 3]),
            models.CheckConstraint(
                name="levelchange_reasoned",
                condition=~Q(reason=""),
                violation_error_message="Skriv hvorfor nivået endres.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_level} → {self.to_level}"


class LevelStepDone(models.Model):
    """A step of a level (from the edition) marked as done in a case."""

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="level_steps")
    level = models.PositiveSmallIntegerField()
    step = models.SlugField(max_length=60)
    note = models.CharField(_("merknad"), max_length=300, blank=True)
    done_at = models.DateTimeField(editable=False)
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    # The service it was marked in; unknown of marks older than the field whose event is gone.
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+", editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("done_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "level", "step"], condition=Q(undone_at__isnull=True), name="levelstep_once"
            ),
            pair("levelstep", "undone"),
        ]

    def __str__(self) -> str:
        return f"{self.level}.{self.step}"


class CaseHolder(models.Model):
    """A hand-over of the case: offered, then accepted or declined. The holder keeps it until someone has accepted."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Tilbudt")
        ACCEPTED = "accepted", _("Tatt imot")
        DECLINED = "declined", _("Avslått")
        WITHDRAWN = "withdrawn", _("Trukket")

    id = id_field()
    case = models.ForeignKey(Case, models.PROTECT, related_name="holders")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    message = models.TextField(_("melding"), blank=True)
    offered_at = models.DateTimeField(editable=False)
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("stafettholder")
        ordering = ("offered_at", "id")
        constraints = [
            one_of("caseholder", "state", ["offered", "accepted", "declined", "withdrawn"]),
            pair("caseholder", "answered"),
            models.CheckConstraint(
                name="caseholder_answered",
                condition=Q(state="offered", answered_at__isnull=True)
                | (~Q(state="offered") & Q(answered_at__isnull=False)),
                violation_error_message="Et tilbud som er besvart eller trukket, har et tidspunkt for svaret.",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="offered"),
                name="caseholder_one_offer",
                violation_error_message="Saken er allerede tilbudt en annen. Trekk det tilbudet først.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"
