"""What must be in place before a referral can be finalised, and what consent keeps back from it (6.1.2, 6.1.3)."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case, Category
from cases.sharing import SharingFacts
from referrals.actions.emergency import emergency_answer
from referrals.models import EmergencyAssessment, GpAssessment, Referral

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
    """Whether consent (or a statutory basis) lets the receiving department have at least the health information."""
    return facts.basis(referral.receiver_id, Category.HEALTH, now).allowed


def has_gp_assessment(referral: Referral) -> bool:
    """Whether a completed GP assessment stands."""
    return GpAssessment.objects.filter(referral=referral, error_at__isnull=True, completed_at__isnull=False).exists()


def missing_for_finalising(referral: Referral, case: Case, now: dt.datetime) -> list[Missing]:
    """What is missing now, read anew. Gaps of the checklist are not among them: they never block."""
    return missing_from(
        referral,
        case,
        SharingFacts(case),
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
    """The same from facts already read: no statement."""
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
        found.append(
            Missing("gp", text, f"{page}#fastlege", _("Gå til fastlegens vurdering"), f"{page}#mangler-fastlege")
        )
    if not has_consent(facts, referral, now) and not referral.missing_consent_reason:
        text = _("Det er ikke samtykke til å dele med %(department)s.") % {"department": referral.receiver.name}
        url = reverse(CONSENTS, args=[case.pk])
        found.append(Missing("consent", text, url, _("Se samtykkene"), f"{page}#mangler-samtykke"))
    if not referral.overall_assessment.strip():
        text = _("Den samlede vurderingen er ikke skrevet.")
        found.append(Missing("overall", text, f"{page}#samlet", _("Skriv samlet vurdering")))
    return found


def kept_back(content: dict[str, object]) -> list[dict[str, str]]:
    """The gaps of a snapshot that are contributions consent does not let go along (``label``, ``reason``)."""
    gaps = content["gaps"]
    assert isinstance(gaps, list)
    return [gap for gap in gaps if gap["reason"]]
