"""What referrals add to the case: menu, panel, words of events, the holder's tasks, what blocks closing."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.access import Viewer
from cases.closing_blocks import Block, add_block
from cases.event_words import add_words
from cases.holder_tasks import add_holder_kinds, add_shared_kinds
from cases.models import Case
from cases.page import Panel, Section, add_panel, add_section
from cases.rights import may_search
from guideline.sections import LABELS, register_section
from portal.together import Together, attach
from referrals import register  # noqa: F401 - the kinds of task come first
from referrals.models import Consultation, Contribution, Referral
from referrals.states import BEING_MADE, CONTRIBUTION, OPEN, REFERRAL

R, C = Referral.State, Contribution.State
# State → words, colour, icon, for tags.
LOOKS: dict[str, tuple[Any, str, str]] = {
    R.DRAFT: (gettext_lazy("Utkast"), "neutral", "Pencil"),
    R.COLLECTING: (gettext_lazy("Henter bidrag"), "info", "HourglassTopFilled"),
    R.FOR_ASSESSMENT: (gettext_lazy("Til vurdering"), "info", "Stethoscope"),
    R.SENT: (gettext_lazy("Sendt"), "brand1", "Paperplane"),
    R.RECEIVED: (gettext_lazy("Mottatt av sykehuset"), "brand1", "Hospital"),
    R.DECIDED: (gettext_lazy("Avgjort"), "success", "Checkmark"),
    R.WITHDRAWN: (gettext_lazy("Trukket"), "neutral", "ArrowUndo"),
}
ANSWERS: dict[str, tuple[Any, str, str]] = {
    C.REQUESTED: (gettext_lazy("Ikke begynt"), "warning", "Clock"),
    C.STARTED: (gettext_lazy("Skriver"), "info", "Pencil"),
    C.SUBMITTED: (gettext_lazy("Levert"), "success", "Checkmark"),
    C.DECLINED: (gettext_lazy("Bidrar ikke"), "neutral", "MinusCircle"),
    C.CANCELLED: (gettext_lazy("Trukket tilbake"), "neutral", "ArrowUndo"),
}

add_section(Section(20, "referral", LABELS["referral"], "referrals:section"))
register_section("referral", url_name="referrals:section", index="cases:list", index_for=may_search)
add_holder_kinds("referral.assemble", "referral.complete", "referral.collect", "referral.replace")
add_shared_kinds("outcome.read")
add_words(
    REFERRAL.name,
    {
        R.DRAFT: (gettext_lazy("Samordnet henvisning er påbegynt"), "Pencil"),
        R.COLLECTING: (gettext_lazy("Bidrag hentes inn"), "HourglassTopFilled"),
        R.FOR_ASSESSMENT: (gettext_lazy("Henvisningen er til vurdering"), "Stethoscope"),
        R.SENT: (gettext_lazy("Henvisningen er sendt"), "Paperplane"),
        R.RECEIVED: (gettext_lazy("Sykehuset har mottatt henvisningen"), "Hospital"),
        R.DECIDED: (gettext_lazy("Sykehuset har vurdert henvisningen"), "CheckmarkCircle"),
        R.WITHDRAWN: (gettext_lazy("Henvisningen er trukket"), "ArrowUndo"),
    },
    kind="referral",
)
add_words(
    CONTRIBUTION.name,
    {
        C.REQUESTED: (gettext_lazy("En tjeneste er bedt om bidrag"), "EnvelopeClosed"),
        C.SUBMITTED: (gettext_lazy("Et bidrag er levert"), "FileText"),
        C.DECLINED: (gettext_lazy("En tjeneste bidrar ikke"), "MinusCircle"),
        C.CANCELLED: (gettext_lazy("En forespørsel er trukket tilbake"), "ArrowUndo"),
    },
    kind="referral",
)


@dataclass(frozen=True)
class Standing:
    """Where a referral stands for those in the case: who is waited for, and what comes next, in a sentence."""

    referral: Referral
    contributions: list[Contribution]

    @property
    def awaited(self) -> list[Contribution]:
        """Contributions that have not come, soonest due first."""
        return [c for c in self.contributions if c.state in {C.REQUESTED, C.STARTED}]

    @property
    def answered(self) -> int:
        """How many of those asked have submitted or declined."""
        return len(self.contributions) - len(self.awaited)

    @property
    def being_made(self) -> bool:
        """Whether the municipality still has it."""
        return self.referral.state in BEING_MADE

    @property
    def next_step(self) -> str:
        """What has to happen now, and who does it."""
        referral, waiting = self.referral, self.awaited
        match referral.state:
            case R.DRAFT:
                return _("Be tjenestene som kjenner barnet, om bidrag.")
            case R.COLLECTING if waiting:
                names = ", ".join(c.service.name for c in waiting)
                return _("Venter på bidrag fra %(names)s.") % {"names": names}
            case R.COLLECTING:
                return _("Alle bidrag er inne. Gå gjennom og send til den som skal henvise.")
            case R.FOR_ASSESSMENT:
                who = referral.referrer.user.name if referral.referrer else _("henviser")
                return _("Venter på vurdering fra %(who)s.") % {"who": who}
            case R.SENT:
                return _("Venter på at %(receiver)s registrerer mottaket.") % {"receiver": referral.receiver.name}
            case R.RECEIVED:
                return _("Venter på vurdering fra %(receiver)s.") % {"receiver": referral.receiver.name}
            case R.WITHDRAWN:
                return _("Henvisningen er trukket. Den kan startes på nytt.")
        return _("Sykehuset har svart. Les utfallet.")


def standing(referral: Referral) -> Standing:
    """The standing of a referral whose contributions are read (``access.referrals_of``); what is owed comes first."""
    asked = sorted(referral.contributions.all(), key=lambda c: (c.state not in {C.REQUESTED, C.STARTED}, c.due_on))
    return Standing(referral, asked)


@add_panel
def referral_panel(viewer: Viewer) -> Panel | None:
    """The open referrals on the overview: state, who owes what. One statement."""
    found = _read(case_id=viewer.case.pk)
    if not found["referrals"]:
        return None
    attach(found["referrals"], "contributions", found["asked"], "referral_id")
    context = {
        "standings": [standing(referral) for referral in found["referrals"]],
        "looks": LOOKS,
        "answers": ANSWERS,
        "case": viewer.case,
    }
    return Panel(15, "referrals/_panel.html", context)


@Together
def _read(*, case_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """The open referrals of a case and who was asked."""
    return Case.objects.filter(pk=case_id), {
        "referrals": Referral.objects.filter(case=case_id, state__in=OPEN)
        .select_related("receiver", "referrer__user")
        .order_by("started_at"),
        "asked": Contribution.objects.filter(referral__case=case_id, referral__state__in=OPEN)
        .exclude(state=C.CANCELLED)
        .select_related("service")
        .order_by("service__sort_key", "pk"),
    }


@add_block
def open_referrals(case: Case) -> Iterator[Block]:
    """A case is not closed while a referral is being made or is with the hospital."""
    for referral in Referral.objects.filter(case=case, state__in=OPEN).select_related("receiver"):
        text = _("Henvisningen til %(receiver)s er ikke avsluttet.") % {"receiver": referral.receiver.name}
        yield Block(text, "referrals:section", case.pk)


@add_block
def unanswered_consultations(case: Case) -> Iterator[Block]:
    """Nor while a department has been asked: it would answer a case that is sealed (6.1.4)."""
    asked = Consultation.objects.filter(case=case, state=Consultation.State.ASKED, error_at__isnull=True)
    for consultation in asked.select_related("department").order_by("asked_at", "pk"):
        text = _(
            "%(department)s har ikke svart på drøftingen. Registrer svaret, eller ta spørsmålet bort ved å markere det "
            "som feilregistrert."
        )
        yield Block(text % {"department": consultation.department.name}, "referrals:consultation", consultation.pk)
