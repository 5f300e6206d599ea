"""Feilregistrert: a wrong entry is marked with who, when and why. It counts no more, and is never deleted."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.consent import tell_withdrawn
from cases.casework import case_work
from cases.models import (
    Case,
    ChildVoice,
    Concern,
    Consent,
    Document,
    Guardian,
    Measure,
    SignedForm,
    StatutoryBasis,
    Withheld,
)
from cases.models.correctable import Correctable
from cases.renewals import keep_renewals
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, lock, said_already

Entry = TypeVar("Entry", bound=Correctable)


@dataclass(frozen=True)
class Rule:
    """The right it takes to mark an entry of a kind as wrong, and the word of the log."""

    verb: str
    noun: str


RULES: dict[type[Correctable], Rule] = {
    Concern: Rule("case.mark_error", "concern"),
    Guardian: Rule("case.manage_guardians", "guardian"),
    Consent: Rule("case.record_consent", "consent"),
    StatutoryBasis: Rule("case.record_statutory_basis", "statutory"),
    SignedForm: Rule("case.record_consent", "signed_form"),
    Measure: Rule("case.mark_error", "measure"),
    ChildVoice: Rule("case.mark_error", "voice"),
    Withheld: Rule("case.reserve", "reserved"),
    Document: Rule("case.mark_error", "document"),
}


def add_rule(model: type[Correctable], rule: Rule) -> None:
    """Registers what another app lets be marked as wrong; such an entry names its case and its service."""
    RULES[model] = rule


def mark_error(
    *, entry: Entry, reason: str, case: Case | None = None, by: Actor, now: dt.datetime | None = None
) -> Entry:
    """Marks an entry as wrong, in an open or closed case; access, obligations and tasks follow at once.

    ``case`` is needed for a guardian, who belongs to the child. A repeat of the same words by the same person
    is harmless; raises ``MovedOn`` when it is marked already, ``Invalid`` without a reason, ``Denied``.
    """
    now = now or timezone.now()
    case = case or _case_of(entry)
    rule = RULES[type(entry)]
    check(by, rule.verb, subject_of(entry, case))
    if not reason.strip():
        raise Invalid(reason=_("Skriv hva som er feil."))
    with case_work(case, by=by, now=now, closed_too=True) as case:
        marked: Entry = lock(entry)
        if marked.in_error:
            if by.user and said_already(marked, {"error_by": by.user, "error_reason": reason}):
                return marked
            raise MovedOn(_("Dette er allerede markert som feilregistrert."))
        marked.error_at, marked.error_by, marked.error_reason = now, by.user, reason
        marked.save(update_fields=["error_at", "error_by", "error_reason"])
        _follow_up(marked, case, by, now)
        audit.record(by, f"{rule.noun}.marked_wrong", marked, case_id=case.pk, child_id=case.child_id, now=now)
    return marked


def subject_of(entry: Correctable, case: Case) -> Any:
    """What the right is asked about: the entry, or the case where it takes the right to record in the case."""
    return case if isinstance(entry, Guardian | Consent | SignedForm | StatutoryBasis) else entry


def _case_of(entry: Any) -> Case:
    if isinstance(entry, Guardian):
        raise ValueError("a guardian belongs to the child: say in which case it is marked")
    case: Case = entry.case
    return case


def _follow_up(entry: Correctable, case: Case, by: Actor, now: dt.datetime) -> None:
    if isinstance(entry, Consent) and entry.withdrawn_at is None:
        services = [link.service for link in entry.covered.select_related("service")]
        tell_withdrawn(entry, case, services, by=by, now=now)
    if isinstance(entry, Guardian | Consent | StatutoryBasis):
        keep_renewals(case, by=by, now=now)
