"""Services that take part, with what consent covers for each."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.access import Viewer, open_case
from cases.actions.participants import add_participant, change_participation, end_participation
from cases.candidates import possible_participants
from cases.forms.participants import EndForm, ParticipantEditForm, ParticipantForm
from cases.models import Participant
from cases.participation import find, partaking
from cases.rights import offered
from cases.sharing import SharingFacts
from cases.views.form_page import form_page
from cases.views.frame import frame
from cases.views.guardians import guardians_context
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.rights import check


def participants(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The services in the case, the guardians, and what each service may see now."""
    viewer = open_case(request.actor, case_id, "case.participants")
    around = frame(viewer, "participants")
    sharing = SharingFacts(viewer.case, viewer)
    context = {
        **around,
        "partaking": partaking(viewer.case, around["facts"], sharing, timezone.now()),
        **guardians_context(viewer, sharing),
        "may_consent": offered(viewer, "case.record_consent"),
        "guidance": around["edition"].guidance_for("page.consent"),
    }
    return respond(request, "cases/participants.html", None, context)


def participant_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Adds a service; refused with the reason while the case must stay in its service."""
    viewer = open_case(request.actor, case_id, "case.participants")
    case = viewer.case
    check(request.actor, "case.manage_participants", case)
    form = ParticipantForm(posted(request), services=possible_participants(case, timezone.now()), case=case)
    if request.method == "POST" and form.is_valid():
        outcome = attempt(request, form, add_participant, case=case, by=request.actor, **form.cleaned_data)
        if outcome is not None:
            return redirect(request, "cases:participants", case_id)
    lead = _("Tjenesten ser ikke noe før et samtykke, eller et navngitt grunnlag i loven, omfatter den.")
    if not case.may_be_shared:
        lead = _(
            "Saken er fortsatt bare i tjenesten. Informer foresatte, eller skriv hvorfor ikke, før andre blir med."
        )
    return form_page(
        request,
        viewer,
        form if case.may_be_shared else None,
        section="participants",
        title=_("Legg til tjeneste"),
        lead=lead,
        confirm=_("Legg til"),
        back=reverse("cases:participants", args=[case_id]),
        other_url="" if case.may_be_shared else reverse("cases:inform", args=[case_id]),
        other_label=_("Registrer at foresatte er informert"),
    )


def participant_edit(request: PortalRequest, participant_id: uuid.UUID) -> HttpResponse:
    """Changes what a service takes part for, and until when."""
    participant, viewer = _managed(request, participant_id)
    form = ParticipantEditForm(posted(request), participant=participant)
    if request.method == "POST" and form.is_valid():
        outcome = attempt(
            request, form, change_participation, participant=participant, by=request.actor, **form.cleaned_data
        )
        if outcome is not None:
            return redirect(request, "cases:participants", participant.case_id)
    return form_page(
        request,
        viewer,
        form,
        section="participants",
        title=_("Endre deltakelsen for %(service)s") % {"service": participant.service.name},
        lead=_("Skal tjenesten ikke være med lenger, avslutter du deltakelsen i stedet."),
        confirm=_("Lagre"),
        back=reverse("cases:participants", args=[participant.case_id]),
        other_url=reverse("cases:participant_end", args=[participant.pk]),
        other_label=_("Avslutt deltakelsen"),
    )


def participant_end(request: PortalRequest, participant_id: uuid.UUID) -> HttpResponse:
    """Ends a service's part in the case, with a reason."""
    participant, viewer = _managed(request, participant_id)
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        outcome = attempt(
            request, form, end_participation, participant=participant, by=request.actor, **form.cleaned_data
        )
        if outcome is not None:
            return redirect(request, "cases:participants", participant.case_id)
    return form_page(
        request,
        viewer,
        form,
        section="participants",
        title=_("Avslutt deltakelsen for %(service)s") % {"service": participant.service.name},
        lead=_("Tjenesten mister innsynet med en gang. Det den selv har skrevet, blir stående."),
        confirm=_("Avslutt deltakelsen"),
        back=reverse("cases:participants", args=[participant.case_id]),
        danger=True,
    )


def _managed(request: PortalRequest, participant_id: uuid.UUID) -> tuple[Participant, Viewer]:
    """The participant and its case, for those who decide who takes part."""
    participant = find(request.actor, participant_id)
    viewer = open_case(request.actor, participant.case_id, "case.participants")
    check(request.actor, "case.manage_participants", viewer.case)
    return participant, viewer
