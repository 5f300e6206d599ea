"""What the edition lets a basis other than consent be used for: which services, which information, and its end."""

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from guideline.schema import Edition
from portal.models import Service


def broken_limits(
    edition: Edition, code: str, *, service: Service, categories: Collection[str], valid_until: dt.date | None
) -> dict[str, str]:
    """What stands against using a basis so: field (``code``, ``categories``, ``valid_until``) → sentence; no entry
    where nothing does."""
    basis = edition.consent.statutory_bases.get(code)
    if basis is None:
        return {"code": _("Velg et av grunnlagene i retningslinjen.")}
    if basis.service_kinds and service.kind not in basis.service_kinds:
        words = {"basis": basis.label, "service": service.name}
        return {"code": _("«%(basis)s» kan ikke brukes for %(service)s.") % words}
    errors: dict[str, str] = {}
    if basis.categories and set(categories) - set(basis.categories):
        labels = ", ".join(edition.consent.categories[key].label for key in basis.categories)
        errors["categories"] = _("«%(basis)s» åpner bare for: %(labels)s.") % {"basis": basis.label, "labels": labels}
    if basis.end_required and valid_until is None:
        errors["valid_until"] = _("«%(basis)s» må ha en sluttdato.") % {"basis": basis.label}
    return errors
