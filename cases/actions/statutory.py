"""Sharing on another basis than consent: named by the edition's code, with its legal reference and a reason."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, Category, StatutoryBasis
from cases.repeats import just_recorded
from cases.statutory_limits import broken_limits
from guideline.editions import current_edition
from guideline.schema import Edition
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.models import Service
from portal.rights import check
from portal.timeframe import today


def record_statutory_basis(
    *,
    case: Case,
    service: Service,
    code: str,
    categories: Sequence[str],
    reason: str,
    valid_until: dt.date | None = None,
    by: Actor,
    now: dt.datetime | None = None,
) -> StatutoryBasis:
    """Opens the named categories to one service on a named legal basis, until a day or until marked feilregistrert.

    It opens only what it names, against any no unless the edition says that it yields to one. Raises ``Denied``, and
    ``Invalid`` when the basis is not the edition's, does not hold for this kind of service or these categories, has no
    reason, or lacks the end that the edition asks for.
    """
    now = now or timezone.now()
    check(by, "case.record_statutory_basis", case)
    assert by.user is not None
    edition = current_edition(case.community)
    errors = broken_limits(edition, code, service=service, categories=categories, valid_until=valid_until)
    if not categories or set(categories) - set(Category.values):
        errors["categories"] = _("Velg minst ett tema.")
    if not reason.strip():
        errors["reason"] = _("Skriv hvorfor grunnlaget gjelder her.")
    if valid_until and valid_until < today(now):
        errors["valid_until"] = _("Datoen kan ikke være passert.")
    if errors:
        raise Invalid(**errors)
    with case_work(case, by=by, now=now) as case:
        columns = {
            "service": service,
            "code": code,
            "legal_reference": legal_reference(edition, code),
            "categories": sorted(set(categories)),
            "reason": reason,
            "valid_until": valid_until,
        }
        again = just_recorded(StatutoryBasis, by=by, now=now, case=case, **columns)
        if again:
            return again
        row = StatutoryBasis.objects.create(case=case, valid_from=now, recorded_at=now, recorded_by=by.user, **columns)
        detail = {"code": code, "categories": row.categories, "service": str(service.pk)}
        audit.record(
            by, "statutory.recorded", row, case_id=case.pk, child_id=case.child_id, now=now, basis=code, detail=detail
        )
    return row


def legal_reference(edition: Edition, code: str) -> str:
    """Where a basis stands, as the edition says it now: «bvl. § 13-2, hpl. § 33». Kept with the row, since it moves."""
    refs = edition.legal_refs(edition.consent.statutory_bases[code].legal)
    return ", ".join(ref.short for ref in refs)[:160]
