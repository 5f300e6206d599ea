"""Pages of reserving an entry from guardians, and lifting it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.actions.reserve import lift, reserve
from cases.entries import open_entry
from cases.forms.reserve import LiftForm, ReserveForm
from cases.reserved import KINDS
from cases.views.errors import PLACES
from cases.views.form_page import form_page
from portal.access import Stranger
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect
from portal.rights import check


def reserve_entry(request: PortalRequest, kind: str, entry_id: uuid.UUID) -> HttpResponse:
    """Asks why guardians are not to know of it, and records that."""
    if kind not in KINDS:
        raise Stranger()
    viewer, entry = open_entry(request.actor, kind, entry_id, "case.reserve_page")
    check(request.actor, "case.reserve", entry)
    what, page, section = PLACES[kind]
    form = ReserveForm(posted(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, reserve, entry=entry, by=request.actor, **form.cleaned_data) is not None
    ):
        messages.success(request, _("Reservert. Det er merket der det står, og følger med i en henvisning."))
        return redirect(request, page, viewer.case.pk)
    return form_page(
        request,
        viewer,
        form,
        title=_("Reserver fra foreldrene"),
        confirm=_("Reserver"),
        section=section,
        lead=_("Gjelder %(what)s. Andre tjenester ser det som før. Foreldrene får ikke vite det gjennom portalen.")
        % {"what": what},
        back=reverse(page, args=[viewer.case.pk]),
    )


def reserve_lift(request: PortalRequest, reserved_id: uuid.UUID) -> HttpResponse:
    """Asks why guardians may know of it after all, and records that."""
    viewer, reserved = open_entry(request.actor, "reservasjon", reserved_id, "case.reserve_page")
    check(request.actor, "case.reserve", reserved)
    what, page, section = PLACES[reserved.entry_kind]
    form = LiftForm(posted(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, lift, reserved=reserved, by=request.actor, **form.cleaned_data) is not None
    ):
        messages.success(request, _("Reservasjonen er opphevet."))
        return redirect(request, page, viewer.case.pk)
    return form_page(
        request,
        viewer,
        form,
        title=_("Opphev reservasjonen"),
        confirm=_("Opphev"),
        section=section,
        lead=_("Gjelder %(what)s. Etterpå kan foreldrene få vite det.") % {"what": what},
        back=reverse(page, args=[viewer.case.pk]),
    )
