"""What shows that the guideline's obligations are met, from the facts the case owns."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, ChildVoice
from guideline.compliance import Finding, State, evidence
from guideline.schema import Edition

NOT_OBTAINED = {
    "child": gettext_lazy("Det er skrevet hvorfor barnets ord ikke er innhentet."),
    "family": gettext_lazy("Det er skrevet hvorfor familiens ord ikke er innhentet."),
}

Begun = Callable[[Case], bool]
_BEGUN: list[Begun] = []


def add_begun(begun: Begun) -> Begun:
    """Registers a function that says whether a phase has begun in a case on level 0; called from ``register.py``."""
    if begun not in _BEGUN:
        _BEGUN.append(begun)
    return begun


@evidence("6.0", subject="case")
def participation(case: Case, edition: Edition, now: dt.datetime) -> Finding:
    """6.0: the child's or family's own words, or a reasoned «not obtained», are recorded. Asked for from level 1 on,
    and on level 0 once a phase has begun all the same."""
    link = ("cases:voices", {"case_id": case.pk})
    if case.level == 0 and not any(begun(case) for begun in _BEGUN):
        return Finding(state=State.NOT_RELEVANT, link=link)
    voices = ChildVoice.objects.filter(case=case, error_at__isnull=True).order_by("recorded_at")
    first = next((v for v in voices if v.words), None)
    if first is not None:
        return Finding(
            state=State.MET,
            met_at=timezone.localdate(first.recorded_at),
            evidence=(_("Egne ord er skrevet ned."),),
            link=link,
        )
    reasoned = next(iter(voices), None)
    if reasoned is not None:
        return Finding(
            state=State.MET,
            met_at=timezone.localdate(reasoned.recorded_at),
            evidence=(str(NOT_OBTAINED[reasoned.speaker]),),
            link=link,
        )
    return Finding(
        state=State.OPEN,
        gap=_("Barnets eller familiens egne ord er ikke skrevet ned."),
        responsible=_("Stafettholderen"),
        link=link,
    )
