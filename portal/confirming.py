"""The one page for a form that stands alone: what it is, what it means, the form, one button and a way back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from portal.htmx import respond


def confirm_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: Any,
    lead: Any,
    confirm: Any,
    back: str,
    crumbs: Sequence[tuple[Any, str]],
    danger: bool = False,
) -> HttpResponse:
    """Answers with the page; 422 with what was typed when the form has errors. ``crumbs`` are words and addresses."""
    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "confirm_label": confirm,
        "back_url": back,
        "crumbs": crumbs,
        "danger": danger,
    }
    return respond(request, "ds/confirm.html", None, context, status=422 if form.errors else 200)
