"""Measures tried, and their effect."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.actions.measures import add_measure, evaluate_measure, start_measure, stop_measure, version_of
from cases.content import measures_of, of_case, text_open
from cases.content_register import LOOKS
from cases.entries import open_entry
from cases.forms.content import EvaluateForm, MeasureForm, StartForm, StopForm
from cases.reserved import mark_reserved
from cases.rights import offered
from cases.service_choices import in_case
from cases.views.frame import frame
from portal.answering import PortalRequest, attempt, posted
from portal.forms import VersionedForm
from portal.htmx import invalid, redirect, respond
from portal.rights import check


def measures(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """All measures that the viewer sees."""
    viewer = open_case(request.actor, case_id, "case.measures")
    seen = measures_of(viewer)
    mark_reserved(case_id, seen.rows)
    context = {
        **frame(viewer, "measures"),
        "measures": seen,
        "looks": LOOKS,
        "rows": [
            (
                row,
                offered(viewer, "case.evaluate_measure", row),
                offered(viewer, "case.mark_error", row),
                text_open(viewer, row),
            )
            for row in of_case(seen.rows, viewer.case)
        ],
        "may_record": offered(viewer, "case.record_measure"),
    }
    return respond(request, "cases/measures.html", None, context)


def measure_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records a measure that the acting service, or another in the case, is to do."""
    viewer = open_case(request.actor, case_id, "case.measure_new")
    check(request.actor, "case.record_measure", viewer.case)
    own = request.actor.service
    assert own is not None
    services = [own, *(s for s in in_case(viewer.case) if s != own)]
    form = MeasureForm(posted(request), services=services, own=own)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, add_measure, case=viewer.case, by=request.actor, **form.answer()) is not None
    ):
        messages.success(request, _("Tiltaket er lagret."))
        return redirect(request, "cases:measures", case_id)
    context = {
        **frame(viewer, "measures"),
        "form": form,
        "page_title": _("Nytt tiltak"),
        "save_label": _("Lagre tiltaket"),
        "back_url": reverse("cases:measures", args=[case_id]),
    }
    return (invalid if form.errors else respond)(request, "cases/measures_form.html", "form", context)


def measure_start(request: PortalRequest, measure_id: uuid.UUID) -> HttpResponse:
    """A planned measure has begun."""
    return _step(request, measure_id, StartForm, start_measure, _("Start tiltaket"), _("Tiltaket er i gang."))


def measure_evaluate(request: PortalRequest, measure_id: uuid.UUID) -> HttpResponse:
    """What effect it had."""
    return _step(
        request, measure_id, EvaluateForm, evaluate_measure, _("Evaluer tiltaket"), _("Evalueringen er lagret.")
    )


def measure_stop(request: PortalRequest, measure_id: uuid.UUID) -> HttpResponse:
    """Stops it."""
    return _step(request, measure_id, StopForm, stop_measure, _("Stopp tiltaket"), _("Tiltaket er stoppet."))


def _step(
    request: PortalRequest,
    measure_id: uuid.UUID,
    form_class: type[Form],
    action: Callable[..., Any],
    title: str,
    done: str,
) -> HttpResponse:
    viewer, measure = open_entry(request.actor, "tiltak", measure_id, "case.measure_step")
    check(request.actor, "case.evaluate_measure", measure)
    form = form_class(posted(request), initial={"version": version_of(measure)})
    if request.method == "POST" and form.is_valid():
        if attempt(request, form, action, measure=measure, by=request.actor, **form.cleaned_data) is not None:
            messages.success(request, done)
            return redirect(request, "cases:measures", viewer.case.pk)
        if isinstance(form, VersionedForm):
            measure.refresh_from_db()
            form.seen(version_of(measure))
    context = {
        **frame(viewer, "measures"),
        "form": form,
        "measure": measure,
        "page_title": title,
        "save_label": title,
        "back_url": reverse("cases:measures", args=[viewer.case.pk]),
    }
    return (invalid if form.errors else respond)(request, "cases/measures_form.html", "form", context)
