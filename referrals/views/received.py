"""The holder registers what a service without users wrote outside the portal."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.views.form_page import form_page
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect
from portal.rights import check
from referrals.access import open_referral
from referrals.actions.received import register_contribution, why_not
from referrals.asking import service_of
from referrals.collecting import registered_for
from referrals.forms.collect import ReceivedForm


def received(request: PortalRequest, referral_id: uuid.UUID, service_id: uuid.UUID) -> HttpResponse:
    """Registers or corrects the contribution of one service that nobody logs in to."""
    seen = open_referral(request.actor, referral_id, "referral.received")
    check(request.actor, "referral.ask", seen.referral)
    service = service_of(service_id)
    why = why_not(seen.referral, service, timezone.now()) if request.method != "POST" else ""
    if why:
        messages.info(request, why)
        return redirect(request, "referrals:assemble", referral_id)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReceivedForm(*posted, initial=registered_for(seen, service))
    if request.method == "POST" and form.is_valid():
        made = attempt(request, form, register_contribution, referral=seen.referral, service=service, by=request.actor,
                       **form.answer())  # fmt: skip
        if made:
            messages.success(request, _("Bidraget fra %(service)s er registrert.") % {"service": service.name})
            return redirect(request, reverse("referrals:assemble", args=[referral_id]) + f"#bidrag-{made.pk}")
    return form_page(
        request,
        seen.viewer,
        form,
        section="referral",
        title=_("Registrer bidrag fra %(service)s") % {"service": service.name},
        lead=_(
            "Tjenesten har ingen brukere i portalen ennå. Spør dem på en annen måte, og skriv inn det de svarte. "
            "I henvisningen står det at bidraget er mottatt utenfor portalen, og hvem som registrerte det."
        ),
        confirm=_("Registrer bidraget"),
        back=reverse("referrals:assemble", args=[referral_id]),
    )
