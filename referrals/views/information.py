"""A question from intake, for the service it was put to."""

import functools
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import kept
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from portal.models import User
from portal.rights import can, check
from referrals.actions.information import answer_information
from referrals.contributing import save_sections
from referrals.forms.contribution import ContributionForm
from referrals.forms.intake import AnswerForm
from referrals.models import ContributionSection, InformationRequest
from referrals.request_reading import knows_child, open_request, own_sections
from referrals.states import WITH_HOSPITAL
from referrals.views.contribution import form_of, show_kept_conflict


def information_request(request: PortalRequest, request_id: uuid.UUID) -> HttpResponse:
    """The question, their own text, and the box for the answer. The rest of the referral stays out of sight."""
    asked = open_request(request.actor, request_id)
    sections = own_sections(asked)
    form = AnswerForm(posted(request), initial=_kept_answer(request))
    waiting = asked.answered_at is None and asked.cancelled_at is None and asked.referral.state in WITH_HOSPITAL
    own = _own_form(request, asked, sections) if waiting else None
    if request.method == "POST":
        check(request.actor, "request.answer", asked)
        # What they change of their own text is saved first, whatever becomes of the answer: it goes along with it.
        saved = own is None or save_sections(own, by=request.actor)
        action = functools.partial(answer_information, request=asked)
        valid = form.is_valid() and saved
        done = attempt(request, form, action, by=request.actor, **form.cleaned_data) if valid else None
        if done is not None:
            if isinstance(request.user, User):
                kept.drop(request.user, request.path)
            messages.success(request, _("Takk. Inntaket har fått svaret."))
            return redirect(request, "cases:inbox")
    elif own is not None:
        show_kept_conflict(request, own)
    failed = bool(form.errors or (own is not None and (own.errors or own.conflicts) and request.method == "POST"))
    context = {
        "asked": asked,
        "known": knows_child(asked, timezone.now()),
        "child": asked.referral.case.child,
        "reference": asked.referral.case.reference,
        "sections": [] if own is not None else sections,
        "rows": own.rows() if own is not None else [],
        "own": own,
        "form": form,
        "waiting": waiting,
        "answering": waiting and can(request.actor, "request.answer", asked),
    }
    return respond(request, "referrals/information.html", None, context, status=422 if failed else 200)


def _own_form(
    request: PortalRequest, asked: InformationRequest, sections: list[ContributionSection]
) -> ContributionForm | None:
    """The section that the question reopened, to be written on; None where none is, or the role does not write."""
    reopened = [section for section in sections if section.reopened and section.key == asked.section_key]
    contribution = asked.contribution
    if contribution is None or not reopened or not can(request.actor, "contribution.write", contribution):
        return None
    return form_of(contribution, reopened, posted(request))


def _kept_answer(request: PortalRequest) -> dict[str, str]:
    """What the person had written when the session ended."""
    if not request.session.get(kept.WAITING) or not isinstance(request.user, User):
        return {}
    text = kept.waiting_for(request.user, request.path)
    return {"answer": text.fields.get("answer", "")} if text else {}
