"""Constraints used by many models: who-and-when pairs, closed lists of choices, and periods."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q


def pair(model: str, event: str) -> models.CheckConstraint:
    """``<event>_at`` and ``<event>_by`` are both set or both empty."""
    at, by = f"{event}_at__isnull", f"{event}_by__isnull"
    return models.CheckConstraint(
        name=f"{model}_{event}_pair",
        condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}),
        violation_error_message="Tidspunkt og person må registreres sammen.",
    )


def one_of(model: str, field: str, values: Iterable[str | int]) -> models.CheckConstraint:
    """``field`` holds one of the listed values: the database knows the choices too."""
    return models.CheckConstraint(
        name=f"{model}_{field}_known",
        condition=Q(**{f"{field}__in": list(values)}),
        violation_error_message="Verdien er ikke et gyldig valg.",
    )


def period(model: str, start: str = "valid_from", end: str = "valid_until") -> models.CheckConstraint:
    """A period does not end before it starts."""
    return models.CheckConstraint(
        name=f"{model}_period",
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        violation_error_message="Sluttdatoen kan ikke være før startdatoen.",
    )
