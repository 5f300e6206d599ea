"""Marking an entry as feilregistrert."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.access import viewer_of
from cases.actions.errors import RULES, mark_error, subject_of
from cases.entries import open_entry
from cases.forms.content import ErrorForm
from cases.views.frame import frame
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import invalid, redirect, respond
from portal.rights import check

# Kind in the address → what it is called, the page it stands on, and that page's section.
PLACES = {
    "undring": (gettext_lazy("undringen"), "cases:case", "overview"),
    "foresatt": (gettext_lazy("den foresatte"), "cases:participants", "participants"),
    "samtykke": (gettext_lazy("svaret om deling"), "cases:consents", "participants"),
    "skjema": (gettext_lazy("skjemaet"), "cases:consents", "participants"),
    "grunnlag": (gettext_lazy("grunnlaget"), "cases:consents", "participants"),
    "tiltak": (gettext_lazy("tiltaket"), "cases:measures", "measures"),
    "stemme": (gettext_lazy("ordene"), "cases:voices", "voices"),
    "reservasjon": (gettext_lazy("reservasjonen"), "cases:case", "overview"),
    "dokument": (gettext_lazy("dokumentet"), "cases:documents", "documents"),
}


def mark_as_error(request: PortalRequest, kind: str, entry_id: uuid.UUID) -> HttpResponse:
    """Asks why, and marks it."""
    viewer, entry = open_entry(request.actor, kind, entry_id, "case.mark_error")
    check(request.actor, RULES[type(entry)].verb, subject_of(entry, viewer.case))
    what, page, section = PLACES[kind]
    form = ErrorForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(request, form, mark_error, entry=entry, reason=reason, case=viewer.case, by=request.actor):
            messages.success(request, _("Markert som feilregistrert."))
            still_in = viewer_of(request.actor, viewer.case).has_case
            return redirect(request, *((page, viewer.case.pk) if still_in else ("cases:inbox",)))
    context = {
        **frame(viewer, section),
        "form": form,
        "what": what,
        "entry": entry,
        "back_url": reverse(page, args=[viewer.case.pk]),
    }
    return (invalid if form.errors else respond)(request, "cases/mark_error.html", "form", context)
