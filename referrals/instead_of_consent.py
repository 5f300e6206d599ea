"""What a referral can rest on when consent is missing: the edition's bases, within the edition's limits."""

import datetime as dt

from django.utils.translation import gettext as _

from cases.models import Case, Category
from cases.sharing import SharingFacts
from cases.statutory_limits import broken_limits
from guideline.editions import current_edition
from guideline.schema import Edition
from portal.context import as_job
from portal.models import Service
from referrals.missing import has_refused
from referrals.models import Referral

# The hospital gets at least this.
SHARED = (Category.HEALTH,)


def bases_for(edition: Edition, receiver: Service) -> list[tuple[str, str]]:
    """The bases that can be named for a department, as choices. A reason has no end, so one that must have an end is
    recorded in the case instead."""
    return [
        (basis.key, basis.label)
        for basis in edition.consent.statutory_bases.values()
        if not broken_limits(edition, basis.key, service=receiver, categories=SHARED, valid_until=None)
    ]


def basis_errors(referral: Referral, case: Case, code: str, now: dt.datetime) -> dict[str, str]:
    """What stands against resting the referral on a basis, at the field ``consent_basis``; nothing where it holds."""
    edition, receiver = current_edition(case.community), referral.receiver
    basis = edition.consent.statutory_bases.get(code)
    if basis is None:
        return {"consent_basis": _("Velg hvilket grunnlag dere bruker i stedet for samtykke.")}
    broken = broken_limits(edition, code, service=receiver, categories=SHARED, valid_until=None)
    if "valid_until" in broken:
        broken["valid_until"] += " " + _("Registrer det som grunnlag i saken, eller velg et annet her.")
    with as_job():
        refused = basis.yields_to_refusal and has_refused(SharingFacts(case), receiver.pk, Category.HEALTH, now)
    if refused:
        broken["refused"] = _("Det er sagt nei, og «%(basis)s» åpner ikke mot et nei.") % {"basis": basis.label}
    return {"consent_basis": " ".join(broken.values())} if broken else {}
