"""What must be in place before a referral can be finalised, and what consent keeps back from it (6.1.2, 6.1.3)."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import Viewer
from cases.consent_rules import Because
from cases.models import Case, Category
from cases.sharing import SharingFacts
from referrals.actions.emergency import emergency_answer
from referrals.models import EmergencyAssessment, GpAssessment, Receipt, Referral
from referrals.states import WITH_HOSPITAL

NOES = frozenset({Because.REFUSED, Because.WITHDRAWN, Because.RESERVED_BY_CHILD})
ASSESS, CONSENTS = "referrals:assess", "cases:consents"


@dataclass(frozen=True)
class Missing:
    """One thing that must be in place, or reasoned, before finalising, and the link to where it is done."""

    key: str
    text: str
    url: str
    # What the link says.
    action: str
    # Where a written reason can be given in its place; empty where none can.
    reason_url: str = ""


def has_consent(facts: SharingFacts, referral: Referral, now: dt.datetime) -> bool:
    """Whether consent (or a statutory basis) lets the hospital have at least the health information."""
    return any(facts.basis(department, Category.HEALTH, now).allowed for department in departments_of(referral))


def departments_of(referral: Referral) -> set[uuid.UUID]:
    """The department that has the referral, and those that had it before: a redirect takes the referral along, so
    consent to any of them counts. One statement once it has been received."""
    found = {referral.receiver_id}
    if referral.first_received_on is not None:
        found |= set(Receipt.objects.filter(referral=referral).values_list("service_id", flat=True))
    return found


def has_refused(facts: SharingFacts, department_id: uuid.UUID, category: str, now: dt.datetime) -> bool:
    """Whether somebody who decides has said no, or the child wants it withheld: no reason of ours goes before that."""
    return facts.basis(department_id, category, now).because in NOES


def reason_stands_in(referral: Referral, facts: SharingFacts, now: dt.datetime) -> bool:
    """Whether the reason recorded for lacking consent is what the referral rests on at an instant.

    Once consent has come, it is neither used nor printed.
    """
    return bool(referral.missing_consent_reason) and not has_consent(facts, referral, now)


def has_gp_assessment(referral: Referral) -> bool:
    """Whether a completed GP assessment stands."""
    return GpAssessment.objects.filter(referral=referral, error_at__isnull=True, completed_at__isnull=False).exists()


def missing_for_finalising(
    referral: Referral, case: Case, now: dt.datetime, viewer: Viewer | None = None
) -> list[Missing]:
    """What is missing now, read anew. Gaps of the checklist are not among them: they never block."""
    return missing_from(
        referral,
        case,
        SharingFacts(case, viewer),
        emergency=emergency_answer(referral),
        gp_completed=has_gp_assessment(referral),
        now=now,
    )


def missing_from(
    referral: Referral,
    case: Case,
    facts: SharingFacts,
    *,
    emergency: EmergencyAssessment | None,
    gp_completed: bool,
    now: dt.datetime,
) -> list[Missing]:
    """The same from facts already read: no statement until it has been received, then one."""
    gp_url, overall_url, reasons = _places(referral)
    page = reverse(ASSESS, args=[referral.pk])
    found: list[Missing] = []
    if emergency is None:
        text = _("Det er ikke vurdert om dette er øyeblikkelig hjelp.")
        found.append(Missing("emergency", text, f"{page}#hastesporsmal", _("Svar på spørsmålet")))
    elif emergency.is_emergency and emergency.called_on is None:
        text = _("Det er øyeblikkelig hjelp, men det er ikke registrert hvem som ble ringt.")
        found.append(Missing("call", text, f"{page}#hastesporsmal", _("Registrer samtalen")))
    if not gp_completed and not referral.missing_gp_reason:
        text = _("Vurderingen fra fastlegen er ikke fullført.")
        found.append(Missing("gp", text, gp_url, _("Gå til fastlegens vurdering"), f"{reasons}#mangler-fastlege"))
    if has_refused(facts, referral.receiver_id, Category.HEALTH, now):
        text = _("Det er sagt nei til å dele helseopplysninger med %(department)s.") % {
            "department": referral.receiver.name
        }
        found.append(Missing("consent", text, reverse(CONSENTS, args=[case.pk]), _("Se samtykkene")))
    elif not has_consent(facts, referral, now) and not referral.missing_consent_reason:
        text = _("Det er ikke samtykke til å dele med %(department)s.") % {"department": referral.receiver.name}
        url = reverse(CONSENTS, args=[case.pk])
        found.append(Missing("consent", text, url, _("Se samtykkene"), f"{reasons}#mangler-samtykke"))
    if not referral.overall_assessment.strip():
        text = _("Den samlede vurderingen er ikke skrevet.")
        found.append(Missing("overall", text, overall_url, _("Skriv samlet vurdering")))
    return found


def _places(referral: Referral) -> tuple[str, str, str]:
    """Where the GP's assessment, the overall one and the reasons are written: on one page while the referral is being
    made, each on its own once the hospital has it."""
    page = reverse(ASSESS, args=[referral.pk])
    if referral.state not in WITH_HOSPITAL:
        return f"{page}#fastlege", f"{page}#samlet", page
    named = ("external_assessment", "new_version", "reasons")
    gp, overall, reasons = (reverse(f"referrals:{name}", args=[referral.pk]) for name in named)
    return gp, overall, reasons


def kept_back(content: dict[str, object]) -> list[dict[str, str]]:
    """The gaps of a snapshot that are contributions consent does not let go along (``label``, ``reason``)."""
    gaps = content["gaps"]
    assert isinstance(gaps, list)
    return [gap for gap in gaps if gap["reason"]]
