"""Starting a coordinated referral from a case."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.views.frame import frame
from portal.answering import PortalRequest, attempt, posted
from portal.directory.lookup import receivers_for
from portal.htmx import invalid, redirect, respond
from portal.rights import check
from referrals.actions.start import start_referral
from referrals.carried import carried_in
from referrals.forms.collect import StartForm


def start(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Which department, what one asks of it, and beside it all that the case carries in by itself."""
    viewer = open_case(request.actor, case_id, "referral.start")
    check(request.actor, "referral.start", viewer)
    today = timezone.localdate()
    receivers = list(receivers_for(viewer.case.municipality, viewer.case.child.age_on(today)))
    form = StartForm(posted(request), receivers=receivers)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, form, start_referral, case=viewer.case, by=request.actor, **form.answer())
        if made:
            messages.success(request, _("Henvisningen er påbegynt. Be tjenestene om bidrag."))
            return redirect(request, "referrals:assemble", made.pk)
    around = frame(viewer, "referral")
    context = {
        **around,
        "form": form,
        "receivers": receivers,
        "carried": carried_in(viewer, around["facts"]),
        "guidance": around["edition"].guidance_for("page.referral"),
        "back_url": reverse("referrals:section", args=[case_id]),
    }
    return (invalid if form.errors else respond)(request, "referrals/start.html", None, context)
