"""The one page for a form in a case: heading, what it means, the form, and a way back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from cases.access import Viewer
from cases.views.frame import frame
from portal.answering import PortalRequest
from portal.htmx import respond


def form_page(
    request: PortalRequest,
    viewer: Viewer,
    form: forms.BaseForm | None,
    *,
    title: Any,
    confirm: Any,
    section: str = "overview",
    lead: Any = "",
    back: str = "",
    danger: bool = False,
    template: str = "cases/form.html",
    **more: Any,
) -> HttpResponse:
    """Answers with the form page; 422 with what was typed when the form has errors."""
    context = {
        **frame(viewer, section),
        "form": form,
        "title": title,
        "confirm_label": confirm,
        "lead": lead,
        "back_url": back or reverse("cases:case", args=[viewer.case.pk]),
        "danger": danger,
        "other_url": "",
        "other_label": "",
        "blocks": (),
        **more,
    }
    return respond(request, template, "form", context, status=422 if form is not None and form.errors else 200)
