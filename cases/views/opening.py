"""Opening a case from a concern, and adding a further concern."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import duplicates
from cases.access import open_case
from cases.actions.concern import record_concern
from cases.actions.open import municipalities_of
from cases.actions.open import open_case as open_new_case
from cases.forms.case import ConcernFields, NewCaseForm
from cases.views.form_page import form_page
from guideline.editions import current_edition
from portal import audit
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.rights import check

NUMBER_DISAGREES = _("Datoen i fødselsnummeret er en annen enn fødselsdatoen. Sjekk at begge er riktige.")


def new(request: PortalRequest) -> HttpResponse:
    """The form of a new case. Cases of the same child that the person may see are shown before anything is saved."""
    actor = request.actor
    check(actor, "case.open")
    assert actor.community is not None
    edition = current_edition(actor.community)
    form = NewCaseForm(posted(request), municipalities=municipalities_of(actor), edition=edition)
    seen = []
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        seen = list(
            duplicates.seen_by(
                actor,
                name=cleaned["name"],
                birth_date=cleaned["birth_date"],
                number=cleaned["number"],
                now=timezone.now(),
            )
        )
        mine = [case for case in seen if case.pk != cleaned["case_id"]]
        if not mine or cleaned["create_anyway"]:
            case = attempt(request, form, open_new_case, by=actor, **form.values())
            if case is not None:
                if form.number_disagrees:
                    messages.warning(request, NUMBER_DISAGREES)
                return redirect(request, "cases:case", case.pk)
        audit.record_list_read(actor, "case.duplicates", [(case.pk, case.child_id) for case in mine])
        seen = mine
    context = {"form": form, "seen": seen, "guidance": edition.guidance_for("page.concern")}
    return respond(request, "cases/new.html", None, context, status=422 if form.errors or seen else 200)


def concern_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """A further concern in a case that is open already."""
    viewer = open_case(request.actor, case_id, "case.concern")
    check(request.actor, "case.record_concern", viewer.case)
    form = ConcernFields(posted(request))
    if request.method == "POST" and form.is_valid():
        concern = attempt(request, form, record_concern, case=viewer.case, by=request.actor, **form.cleaned_data)
        if concern is not None:
            return redirect(request, reverse("cases:case", args=[case_id]) + f"#undring-{concern.pk}")
    return form_page(request, viewer, form, title=_("Ny undring i saken"), confirm=_("Lagre undringen"))
