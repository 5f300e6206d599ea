"""Obligations of the guideline in a case: recomputed under the case's lock by every action that touches them."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cases.models import Case, ObligationStatus, Waiver
from guideline import compliance
from guideline.editions import current_edition
from portal.context import as_job

Instances = Callable[[Case], Iterable[Any]]
Label = Callable[[Any], str]
_SUBJECTS: dict[str, Instances] = {}
_LABELS: dict[str, Label] = {}
SAID = ("state", "due_on", "met_on", "due_basis", "evidence", "gap", "url_name", "url_id", "edition_sha")


def add_subjects(kind: str, instances: Instances, label: Label = lambda subject: "") -> None:
    """Registers how to list a case's process instances of a kind («case», «referral», «consultation»).

    ``label`` says in words which instance it is, for cases with more than one.
    """
    _SUBJECTS[kind] = instances
    _LABELS[kind] = label


def labels_of(case: Case) -> dict[uuid.UUID, str]:
    """What each process instance of a case is called. One statement per kind."""
    return {subject.pk: _LABELS[kind](subject) for kind, instances in _SUBJECTS.items() for subject in instances(case)}


add_subjects("case", lambda case: [case])


def recompute(case: Case, now: dt.datetime) -> None:
    """Evaluates every built obligation of every process instance of a case and stores where each stands.

    A waiver in force wins over «open», never over «met»; in a closed case nothing is open. Two last contributions
    submitted at once cannot each miss the other, since both run under the case's lock. Instances that are gone
    (feilregistrert) lose their rows' weight by becoming not relevant. Only rows that are another are written;
    ``computed_on`` is when one became as it is.
    """
    with as_job():
        changed = differences(case, now)
        if changed:
            ObligationStatus.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["case", "subject_id", "key"],
                update_fields=[*SAID, "computed_on"],
            )


def differences(case: Case, now: dt.datetime) -> list[ObligationStatus]:
    """The rows that should be written for what is stored to say what holds now; none where nothing has drifted."""
    stored = {(row.subject_id, row.key): row for row in ObligationStatus.objects.filter(case=case)}
    wanted = {(row.subject_id, row.key): row for row in _standings(case, now)}
    changed = [row for key, row in wanted.items() if key not in stored or _said(stored[key]) != _said(row)]
    for key, row in stored.items():
        if key not in wanted and row.state != ObligationStatus.State.NOT_RELEVANT:
            row.state, row.computed_on = ObligationStatus.State.NOT_RELEVANT, now
            changed.append(row)
    return changed


def _standings(case: Case, now: dt.datetime) -> Iterator[ObligationStatus]:
    """Where each obligation stands now, one row per process instance and key, not stored."""
    edition = current_edition(case.community)
    waived = {(w.subject_id, w.key): w for w in Waiver.objects.filter(case=case, reopened_at__isnull=True)}
    for kind, instances in _SUBJECTS.items():
        keys = compliance.keys_of(kind)
        for subject in instances(case):
            for key in keys:
                finding = compliance.evaluate(key, subject, edition, now)
                state, gap = str(finding.state), finding.gap
                waiver = waived.get((subject.pk, key))
                if waiver and state == ObligationStatus.State.OPEN:
                    # The reason is for those who read the waiver itself, never a text that everyone in the case sees.
                    state, gap = ObligationStatus.State.WAIVED, ""
                if case.state == Case.State.CLOSED and state == ObligationStatus.State.OPEN:
                    # Sealed: nothing is asked of anybody before it is opened again, and nothing becomes late.
                    state, gap = ObligationStatus.State.NOT_RELEVANT, ""
                basis = compliance.basis_of(finding.rule, edition) if finding.rule else None
                yield ObligationStatus(
                    case=case,
                    subject_id=subject.pk,
                    key=key,
                    state=state,
                    due_on=finding.due_at,
                    met_on=finding.met_at,
                    due_basis=str(basis) if basis else "",
                    evidence=[str(line) for line in finding.evidence],
                    gap=gap[:300],
                    url_name=finding.link[0] if finding.link else "",
                    url_id=next(iter(finding.link[1].values()), None) if finding.link else None,
                    edition_sha=edition.sha256,
                    computed_on=now,
                )


def _said(row: ObligationStatus) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in SAID)
