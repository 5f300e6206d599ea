"""Closed choices an edition may use, with the words people read."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Basis(StrEnum):
    """What a deadline rests on. Only law and adopted rules can make an obligation late."""

    LAW = "law"
    ADOPTED = "adopted"
    SUGGESTED = "suggested"

    @property
    def binding(self) -> bool:
        """Whether passing the date is a breach; a suggested rule only reminds."""
        return self is not Basis.SUGGESTED

    @property
    def label(self) -> Promise:
        """The word shown on tags."""
        return {Basis.LAW: _("Lovfestet"), Basis.ADOPTED: _("Vedtatt"), Basis.SUGGESTED: _("Forslag")}[self]

    @property
    def colour(self) -> str:
        """The design system's colour of its tag."""
        return {Basis.LAW: "accent", Basis.ADOPTED: "info", Basis.SUGGESTED: "neutral"}[self]


class Unit(StrEnum):
    """How a deadline rule counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    YEARS = "years"
    PER_ITEM = "per_item"
    DATE = "date"

    @property
    def counted(self) -> bool:
        """Whether the rule has an amount; otherwise a person sets the date."""
        return self not in {Unit.PER_ITEM, Unit.DATE}


class Direction(StrEnum):
    """Whether the date lies after or before the anchor."""

    AFTER = "after"
    BEFORE = "before"


class When(StrEnum):
    """Where a ladder step lies relative to the due date."""

    BEFORE = "before"
    ON = "on"
    AFTER = "after"


class Recipient(StrEnum):
    """Who a ladder step reminds."""

    RESPONSIBLE = "responsible"
    DEPUTY = "deputy"
    LEADER = "leader"
    COORDINATING_UNIT = "koordinerende_enhet"

    @property
    def label(self) -> Promise:
        """Who it is, in Norwegian."""
        return {
            Recipient.RESPONSIBLE: _("den ansvarlige"),
            Recipient.DEPUTY: _("stedfortrederen"),
            Recipient.LEADER: _("lederen for tjenesten"),
            Recipient.COORDINATING_UNIT: _("koordinerende enhet"),
        }[self]


class Party(StrEnum):
    """The two parties to the guideline."""

    MUNICIPALITY = "municipality"
    HOSPITAL = "hospital"

    @property
    def label(self) -> Promise:
        """The party's name."""
        return {Party.MUNICIPALITY: _("Kommunen"), Party.HOSPITAL: _("Helseforetaket")}[self]


class Mark(StrEnum):
    """Whether a step of a level is asked by law or is good practice."""

    LAW = "law"
    PRACTICE = "practice"

    @property
    def label(self) -> Promise:
        """The word shown on tags."""
        return {Mark.LAW: _("Lov"), Mark.PRACTICE: _("God praksis")}[self]

    @property
    def colour(self) -> str:
        """The design system's colour of its tag."""
        return {Mark.LAW: "accent", Mark.PRACTICE: "neutral"}[self]


class Status(StrEnum):
    """Whether an edition has been adopted."""

    IN_FORCE = "in_force"
    DRAFT = "draft"

    @property
    def label(self) -> Promise:
        """The word shown on tags."""
        return {Status.IN_FORCE: _("Gjeldende"), Status.DRAFT: _("Utkast")}[self]
