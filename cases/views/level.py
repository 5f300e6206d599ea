"""The BTI level: its history and steps, changing it, and informing the guardians (the gate out of level 0)."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.access import open_case
from cases.actions.inform import (
    inform_guardians,
    needs_another_answer,
    record_not_informed,
    standing,
    withdraw_informed,
)
from cases.actions.level import change_level, mark_step
from cases.forms.case import InformedWithdrawForm, InformForm, LevelForm, NotInformedForm
from cases.level_history import history
from cases.overview import steps_for
from cases.rights import offered
from cases.views.case import overview_context
from cases.views.form_page import form_page
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.rights import check


def level(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The levels with their history; those who may, change it here."""
    viewer = open_case(request.actor, case_id, "case.level")
    case, edition = viewer.case, current_edition(viewer.case.community)
    form = LevelForm(posted(request), case=case, edition=edition)
    if request.method == "POST":
        check(request.actor, "case.change_level", case)
        if form.is_valid():
            changed = attempt(request, form, change_level, case=case, by=request.actor, **form.cleaned_data)
            if changed is not None:
                return redirect(request, "cases:case", case_id)
    around = frame(viewer, "overview")
    levels = [
        {
            "number": n,
            "label": edition.level_label(n, case.municipality.municipality_number or ""),
            "level": edition.levels[str(n)],
            "steps": steps_for(viewer, around["facts"], edition, n),
            "current": n == case.level,
        }
        for n in range(4)
    ]
    context = {
        **around,
        "form": form,
        "levels": levels,
        "history": [(change, viewer.reads(change.service_id)) for change in history(case)],
        "guidance": edition.guidance_for("page.levels"),
        "changing": offered(viewer, "case.change_level"),
    }
    return respond(request, "cases/level.html", "form", context, status=422 if form.errors else 200)


def step(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Marks a step of the level as done, or takes the mark back; answers with the list of steps."""
    viewer = open_case(request.actor, case_id, "case.level")
    if request.method == "POST":
        number = request.POST.get("level", "")
        attempt(
            request,
            None,
            mark_step,
            case=viewer.case,
            level=int(number) if number.isdigit() and len(number) == 1 else -1,
            step=request.POST.get("step", "")[:60],
            note=request.POST.get("note", "").replace("\x00", "").strip()[:300],
            done=request.POST.get("done") == "1",
            by=request.actor,
        )
        if request.htmx:
            return respond(request, "cases/case.html", "steps", overview_context(viewer))
    return redirect(request, reverse("cases:case", args=[case_id]) + "#steg")


def inform(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records when and how the guardians were informed."""
    viewer = open_case(request.actor, case_id, "case.inform")
    check(request.actor, "case.inform_guardians", viewer.case)
    form = InformForm(posted(request))
    if request.method == "POST" and form.is_valid():
        outcome = attempt(request, form, inform_guardians, case=viewer.case, by=request.actor, **form.cleaned_data)
        if outcome is not None:
            return redirect(request, "cases:case", case_id)
    return form_page(
        request,
        viewer,
        form,
        title=_("Foresatte er informert"),
        lead=_("Når foresatte vet om undringen, kan saken deles med andre tjenester etter samtykke."),
        confirm=_("Registrer"),
        other_url=reverse("cases:not_informed", args=[case_id]),
        other_label=_("Foresatte kan ikke informeres nå"),
    )


def not_informed(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records why the guardians are not informed; the case is then hidden from them."""
    viewer = open_case(request.actor, case_id, "case.inform")
    check(request.actor, "case.inform_guardians", viewer.case)
    form = NotInformedForm(posted(request), edition=current_edition(viewer.case.community))
    if request.method == "POST" and form.is_valid():
        outcome = attempt(request, form, record_not_informed, case=viewer.case, by=request.actor, **form.cleaned_data)
        if outcome is not None:
            return redirect(request, "cases:case", case_id)
    return form_page(
        request,
        viewer,
        form,
        title=_("Foresatte er ikke informert"),
        lead=_("Bruk dette bare når det kan skade barnet at foresatte får vite om saken. Saken skjules da for dem."),
        confirm=_("Lagre og skjul saken for foresatte"),
        other_url=reverse("cases:inform", args=[case_id]),
        other_label=_("Foresatte er informert"),
    )


def informed_withdraw(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Takes back what was recorded wrongly about the guardians: that they were informed, or why not."""
    viewer = open_case(request.actor, case_id, "case.inform")
    case = viewer.case
    check(request.actor, "case.inform_guardians", case)
    edition, another = current_edition(case.community), needs_another_answer(case)
    form = InformedWithdrawForm(posted(request), edition=edition, what=standing(case), another=another)
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt(request, form, withdraw_informed, case=case, by=request.actor, **form.values()) is not None:
        return redirect(request, "cases:case", case_id)
    if case.informed_at is None:
        lead = _("Det som står om hvorfor foresatte ikke er informert, gjelder ikke lenger.")
    elif case.not_informed_at is not None or another:
        lead = _("Saken blir skjult for foresatte med en gang.")
    else:
        lead = _("Saken blir bare i tjenesten igjen, og andre mister innsynet med en gang.")
    return form_page(
        request,
        viewer,
        form,
        title=_("Trekk det som er ført feil om foresatte"),
        lead=lead,
        confirm=_("Trekk det som er ført feil"),
        danger=True,
    )
