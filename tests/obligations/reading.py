"""Reading where obligations stand, and seeing them on another day or under rules that bind."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from cases.models import Case, ObligationStatus
from guideline.compliance import Display, evaluate, show
from guideline.editions import current_edition
from guideline.schema import Edition
from guideline.vocabulary import Basis
from tests.stories import fresh

YEARS = dt.timedelta(days=800)


def stands(case: Case, key: str, subject: Any = None) -> ObligationStatus:
    """The stored row of one obligation, of the one process there is unless a subject is named."""
    rows = ObligationStatus.objects.filter(case=case, key=key)
    return rows.get(subject_id=subject.pk) if subject is not None else rows.get()


def state_of(case: Case, key: str, subject: Any = None) -> str:
    """Its state alone."""
    return stands(case, key, subject).state


def seen(
    key: str, subject: Any, *, rule: str = "", basis: Basis = Basis.SUGGESTED, after: dt.timedelta = YEARS
) -> Display:
    """What people see of it some time from now, where the rule has a basis."""
    case = subject if isinstance(subject, Case) else subject.case
    edition = current_edition(fresh(case).community)
    if rule:
        edition = with_basis(edition, rule, basis)
    finding = evaluate(key, subject, edition, timezone.now())
    return show(key, finding, edition, timezone.localdate() + after)


def with_basis(edition: Edition, rule: str, basis: Basis) -> Edition:
    """The edition as a committee might adopt it."""
    adopted = dataclasses.replace(edition.deadlines[rule], basis=basis)
    return dataclasses.replace(edition, deadlines={**edition.deadlines, rule: adopted})


def everything(case: Case) -> dict[tuple[uuid.UUID, str], tuple[Any, ...]]:
    """All that is stored about the obligations of a case, but for the moment it was worked out."""
    rows = ObligationStatus.objects.filter(case=case)
    return {
        (r.subject_id, r.key): (
            r.state,
            r.due_on,
            r.met_on,
            r.due_basis,
            tuple(r.evidence),
            r.gap,
            r.url_name,
            r.url_id,
        )
        for r in rows
    }
