"""The child's own words, and the family's."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.actions.voice import record_voice
from cases.content import of_case, text_open, voices_of
from cases.forms.content import VoiceForm
from cases.reserved import mark_reserved
from cases.rights import offered
from cases.views.frame import frame
from guideline.editions import current_edition
from portal.answering import PortalRequest, attempt, posted
from portal.htmx import invalid, redirect, respond
from portal.rights import check


def voices(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """All that the child and the family have said, as far as the viewer sees it."""
    viewer = open_case(request.actor, case_id, "case.voices")
    seen = voices_of(viewer)
    mark_reserved(case_id, seen.rows)
    context = {
        **frame(viewer, "voices"),
        "voices": seen,
        "rows": [
            (row, text_open(viewer, row), offered(viewer, "case.mark_error", row))
            for row in of_case(seen.rows, viewer.case)
        ],
        "guidance": current_edition(viewer.case.community).guidance_for("page.child_voice"),
        "may_record": offered(viewer, "case.record_voice"),
    }
    return respond(request, "cases/voices.html", None, context)


def voice_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records words, or why there are none."""
    viewer = open_case(request.actor, case_id, "case.voice_new")
    check(request.actor, "case.record_voice", viewer.case)
    form = VoiceForm(posted(request), edition=current_edition(viewer.case.community))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, record_voice, case=viewer.case, by=request.actor, **form.answer()) is not None
    ):
        messages.success(request, _("Lagret."))
        return redirect(request, "cases:voices", case_id)
    context = {**frame(viewer, "voices"), "form": form, "back_url": reverse("cases:voices", args=[case_id])}
    return (invalid if form.errors else respond)(request, "cases/voices_new.html", "form", context)
