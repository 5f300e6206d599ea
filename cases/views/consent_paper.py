"""The printed consent form: what is to stand on it, and the PDF itself."""

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.access import Viewer, open_case, record_opened
from cases.consent_paper import blank_paper, filled_paper, render
from cases.forms.consent_paper import PaperForm
from cases.service_choices import around, in_case
from cases.sharing import SharingFacts
from cases.views.frame import frame
from portal import audit
from portal.answering import PortalRequest
from portal.downloads import attachment
from portal.htmx import invalid, respond
from portal.models import AuditEvent
from portal.rights import check


def consent_form(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Asks what is to stand on the form."""
    viewer = open_case(request.actor, case_id, "case.consent_form")
    check(request.actor, "case.record_consent", viewer.case)
    facts = SharingFacts(viewer.case, viewer)
    return _page(request, viewer, facts, _form(viewer, facts))


@require_POST
def consent_form_pdf(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """The form as a PDF to print. Posted, so that nothing of what is written on it stands in an address."""
    viewer = open_case(request.actor, case_id, "case.consent_form", recorded=False)
    check(request.actor, "case.record_consent", viewer.case)
    facts, now = SharingFacts(viewer.case, viewer), timezone.now()
    form = _form(viewer, facts, request.POST)
    if not form.is_valid():
        record_opened(viewer, "case.consent_form")
        return _page(request, viewer, facts, form)
    words = facts.edition.consent_forms.get(form.cleaned_data["language"])
    if words is None:
        raise Http404
    blank = form.cleaned_data["blank"]
    content = blank_paper(facts, words, now) if blank else filled_paper(facts, words, now=now, **form.choices())
    made = render(content)
    audit.record(
        request.actor,
        "consent.form_printed",
        viewer.case,
        kind=AuditEvent.Kind.EXPORT,
        case_id=case_id,
        child_id=viewer.case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
        now=now,
        detail={"language": words.key, "blank": blank},
    )
    name = f"samtykke-{words.key}.pdf" if blank else f"samtykke-{viewer.case.reference}-{words.key}.pdf"
    return attachment(made.pdf, name, "application/pdf")


def _form(viewer: Viewer, facts: SharingFacts, data: object = None) -> PaperForm:
    present = in_case(viewer.case)
    others = around(viewer.case, present)
    return PaperForm(data, edition=facts.edition, case=viewer.case, in_case=present, others=others)


def _page(request: PortalRequest, viewer: Viewer, facts: SharingFacts, form: PaperForm) -> HttpResponse:
    context = {
        **frame(viewer, "participants"),
        "form": form,
        "title": _("Skriv ut samtykkeskjema"),
        "blocked": [row.name for row in facts.guardian_rows if row.blocked],
        "back_url": reverse("cases:consents", args=[viewer.case.pk]),
    }
    return (invalid if form.errors else respond)(request, "cases/consents_paper.html", "form", context)
