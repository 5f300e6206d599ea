"""The state tables of the case's own processes (docs/states.md is generated from them)."""

from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseHolder, Measure
from portal.states import Process

CASE = Process(
    name="case",
    title=_("Sak"),
    labels=dict(Case.State.choices),
    initial=Case.State.OPEN,
    moves={
        Case.State.OPEN: (Case.State.CLOSED,),
        Case.State.CLOSED: (Case.State.OPEN,),
    },
)
HOLDER = Process(
    name="holder",
    title=_("Tilbud om stafettpinnen"),
    labels=dict(CaseHolder.State.choices),
    initial=CaseHolder.State.OFFERED,
    moves={
        CaseHolder.State.OFFERED: (
            CaseHolder.State.ACCEPTED,
            CaseHolder.State.DECLINED,
            CaseHolder.State.WITHDRAWN,
        ),
    },
)
# The BTI level: any level to any other, but never back to 0 once it has been left (that question is answered).
LEVEL = Process(
    name="level",
    title=_("BTI-nivå"),
    labels={str(n): _("Nivå %(n)s") % {"n": n} for n in range(4)},
    initial="0",
    moves={"0": ("1", "2", "3"), "1": ("2", "3"), "2": ("1", "3"), "3": ("1", "2")},
)
# A measure tried: what effect it had, or why it was stopped. One that goes on after an evaluation is evaluated again.
MEASURE = Process(
    name="measure",
    title=_("Tiltak"),
    labels=dict(Measure.State.choices),
    initial=Measure.State.PLANNED,
    moves={
        Measure.State.PLANNED: (Measure.State.ONGOING, Measure.State.STOPPED),
        Measure.State.ONGOING: (Measure.State.EVALUATED, Measure.State.STOPPED),
        Measure.State.EVALUATED: (Measure.State.EVALUATED, Measure.State.STOPPED),
    },
)
