"""What the holder does with one request: remind, take back, ask for more; and what is attached to the referral."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.views.form_page import form_page
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect
from portal.rights import check
from referrals.access import attachable, attachment_in, open_asked, open_referral
from referrals.actions.ask import ask_for_more, cancel_request, nudge
from referrals.actions.attach import attach_document, detach
from referrals.forms.collect import AttachForm, CancelForm, MoreForm


def remind(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Reminds a service, once a day."""
    contribution = open_asked(request.actor, contribution_id, "referral.nudge")[0]
    if request.method == "POST":
        check(request.actor, "referral.nudge", contribution.referral)
        name = contribution.service.name
        done = attempt(request, None, nudge, contribution=contribution, by=request.actor)
        if done:
            messages.success(request, _("%(service)s er påminnet.") % {"service": name})
        elif done is False:
            messages.info(request, _("%(service)s er allerede påminnet i dag.") % {"service": name})
    return redirect(request, _row(contribution.referral_id, contribution_id))


def take_back(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Takes back a request that should not have been made."""
    contribution, seen = open_asked(request.actor, contribution_id, "referral.cancel")
    check(request.actor, "referral.ask", contribution.referral)
    form = CancelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, cancel_request, contribution=contribution, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Forespørselen er trukket tilbake."))
            return redirect(request, "referrals:assemble", contribution.referral_id)
    return form_page(
        request,
        seen.viewer,
        form,
        section="referral",
        title=_("Trekk forespørselen til %(service)s") % {"service": contribution.service.name},
        lead=_(
            "Tjenesten ser at dere ikke trenger bidraget likevel. Det de har skrevet, følger ikke med henvisningen."
        ),
        confirm=_("Trekk forespørselen"),
        back=_row(contribution.referral_id, contribution_id),
    )


def more(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Gives a submitted contribution back to its writer."""
    contribution, seen = open_asked(request.actor, contribution_id, "referral.more")
    check(request.actor, "referral.ask", contribution.referral)
    form = MoreForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, ask_for_more, contribution=contribution, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("%(service)s er bedt om mer.") % {"service": contribution.service.name})
            return redirect(request, _row(contribution.referral_id, contribution_id))
    return form_page(
        request,
        seen.viewer,
        form,
        section="referral",
        title=_("Be %(service)s om mer") % {"service": contribution.service.name},
        lead=_("Bidraget åpnes igjen hos tjenesten. Det de har skrevet, står der fortsatt."),
        confirm=_("Be om mer"),
        back=_row(contribution.referral_id, contribution_id),
    )


def attach(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Attaches a document that the case has already."""
    seen = open_referral(request.actor, referral_id, "referral.attach")
    check(request.actor, "referral.edit", seen.referral)
    documents = attachable(seen.viewer, seen.referral)
    kinds = current_edition(seen.case.community).choices("attachment_kind")
    form = AttachForm(posted(request), documents=documents, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, form, attach_document, referral=seen.referral, by=request.actor, **form.answer())
        if made:
            messages.success(request, _("Dokumentet er lagt ved henvisningen."))
            return redirect(request, reverse("referrals:assemble", args=[referral_id]) + "#h-attachments")
    return form_page(
        request,
        seen.viewer,
        form if documents else None,
        section="referral",
        title=_("Legg ved et dokument"),
        lead=_("Dokumenter i saken som du har innsyn i. Mangler et, last det opp under Dokumenter først.")
        if documents
        else _("Saken har ingen dokumenter du kan legge ved. Last opp under Dokumenter først."),
        confirm=_("Legg ved"),
        back=reverse("referrals:assemble", args=[referral_id]),
        other_url=reverse("cases:document_new", args=[seen.case.pk]),
        other_label=_("Last opp et dokument i saken"),
    )


def remove(request: PortalRequest, referral_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Takes a document out of the referral; it stays in the case."""
    seen = open_referral(request.actor, referral_id, "referral.detach")
    attachment = attachment_in(seen.referral, attachment_id)
    if request.method == "POST":
        done = attempt(request, None, detach, attachment=attachment, by=request.actor)
        if done:
            messages.success(request, _("Vedlegget følger ikke lenger med henvisningen."))
    return redirect(request, reverse("referrals:assemble", args=[referral_id]) + "#h-attachments")


def _row(referral_id: uuid.UUID, contribution_id: uuid.UUID) -> str:
    return reverse("referrals:assemble", args=[referral_id]) + f"#bidrag-{contribution_id}"
