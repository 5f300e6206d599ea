"""A question from intake, for the service it was put to."""

import functools
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal import kept
from portal.answering import PortalRequest, attempt
from portal.htmx import redirect, respond
from portal.models import User
from portal.rights import can, check
from referrals.actions.information import answer_information
from referrals.forms.intake import AnswerForm
from referrals.request_reading import open_request, own_sections
from referrals.states import WITH_HOSPITAL


def information_request(request: PortalRequest, request_id: uuid.UUID) -> HttpResponse:
    """The question, their own text, and the box for the answer. The rest of the referral stays out of sight."""
    asked = open_request(request.actor, request_id)
    form = AnswerForm(request.POST or None, initial=_kept_answer(request))
    if request.method == "POST":
        check(request.actor, "request.answer", asked)
        action = functools.partial(answer_information, request=asked)
        done = attempt(request, form, action, by=request.actor, **form.cleaned_data) if form.is_valid() else None
        if done is not None:
            if isinstance(request.user, User):
                kept.drop(request.user, request.path)
            messages.success(request, _("Takk. Inntaket har fått svaret."))
            return redirect(request, "cases:inbox")
    waiting = asked.answered_at is None and asked.cancelled_at is None and asked.referral.state in WITH_HOSPITAL
    context = {
        "asked": asked,
        "child": asked.referral.case.child,
        "reference": asked.referral.case.reference,
        "sections": own_sections(asked),
        "form": form,
        "waiting": waiting,
        "answering": waiting and can(request.actor, "request.answer", asked),
    }
    return respond(request, "referrals/information.html", None, context, status=422 if form.errors else 200)


def _kept_answer(request: PortalRequest) -> dict[str, str]:
    """What the person had written when the session ended."""
    if not request.session.get(kept.WAITING) or not isinstance(request.user, User):
        return {}
    text = kept.waiting_for(request.user, request.path)
    return {"answer": text.fields.get("answer", "")} if text else {}
