"""Withdrawing a referral before a decision, and sending it again afterwards in the same thread."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Scope
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.directory.lookup import receivers_for
from portal.htmx import redirect
from portal.rights import check
from portal.timeframe import today
from referrals.access import open_referral
from referrals.actions.finalise import withdraw_referral
from referrals.actions.start import resubmit
from referrals.forms.assess import ResubmitForm, WithdrawForm

BOTH = (Scope.CASE, Scope.REFERRAL)


def withdraw(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Withdraws, with a reason; the department is told when it had it."""
    seen = open_referral(request.actor, referral_id, "referral.withdraw", scopes=BOTH)
    check(request.actor, "referral.withdraw", seen.referral)
    form = WithdrawForm(posted(request), edition=current_edition(seen.case.community))
    sent = seen.referral.sent_at is not None
    back = reverse("referrals:document" if sent else "referrals:assemble", args=[referral_id])
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, withdraw_referral, referral=seen.referral, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Henvisningen er trukket."))
            if seen.viewer.has_case:
                return redirect(request, "referrals:section", seen.case.pk)
            return redirect(request, "cases:inbox")
    lead = (
        _("%(receiver)s får beskjed om at henvisningen er trukket.") % {"receiver": seen.referral.receiver.name}
        if sent
        else _(
            "De som er bedt om bidrag, slipper å skrive mer. Det som er levert, kan brukes hvis dere henviser på nytt."
        )
    )
    return confirm_page(
        request,
        form,
        title=_("Trekk henvisningen"),
        lead=lead,
        confirm=_("Trekk henvisningen"),
        danger=True,
        back=back,
        crumbs=[(_("Henvisning"), back)],
    )


def resubmit_view(request: PortalRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Starts again after a decision or a withdrawal, with texts and contributions carried over."""
    seen = open_referral(request.actor, referral_id, "referral.resubmit")
    check(request.actor, "referral.start", seen.case)
    case = seen.case
    receivers = list(receivers_for(case.municipality, case.child.age_on(today())))
    form = ResubmitForm(posted(request), receivers=receivers, initial={"receiver": str(seen.referral.receiver_id)})
    if request.method == "POST" and form.is_valid():
        made = attempt(request, form, resubmit, referral=seen.referral, receiver=form.receiver_chosen(),
                       by=request.actor, token=form.cleaned_data["token"])  # fmt: skip
        if made:
            messages.success(request, _("En ny henvisning er påbegynt. Tekster, bidrag og drøftinger er med."))
            return redirect(request, "referrals:assemble", made.pk)
    return confirm_page(
        request,
        form,
        title=_("Henvis på nytt"),
        lead=_(
            "Tekster, leverte bidrag, vedlegg og drøftinger følger med, med navn og dato. Vurderingen fra fastlegen, "
            "den samlede vurderingen og grunner til at noe mangler, må skrives på nytt."
        ),
        confirm=_("Start ny henvisning"),
        back=reverse("referrals:section", args=[case.pk]),
        crumbs=[(case.reference, reverse("cases:case", args=[case.pk]))],
    )
