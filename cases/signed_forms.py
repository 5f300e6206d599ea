"""Opening the signed paper of a consent: for those who read its reasons and notes."""

import uuid

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from cases.access import Viewer, viewer_of
from cases.consent_parts import given_to
from cases.models import Consent, SignedForm
from cases.turned_away import turned_away
from portal import audit
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor
from portal.models import AuditEvent

VERB = "case.signed_form"


def reads_form(viewer: Viewer, consent: Consent, form: SignedForm) -> bool:
    """The holder's side, the service that recorded the answer or stored the paper, and those that a yes is given to."""
    return viewer.reads(consent.service_id, form.service_id, *given_to(consent))


def open_signed_form(actor: Actor, form_id: uuid.UUID) -> SignedForm:
    """A signed form to download, with its export event. Strangers meet 404; one marked feilregistrert is ``Denied``."""
    related = ("case__child", "case__holder", "consent")
    form = SignedForm.objects.select_related(*related).filter(pk=form_id).first()
    if form is None:
        raise turned_away(actor, VERB, SignedForm, form_id)
    viewer = viewer_of(actor, form.case)
    refusal = Refusal(VERB, "cases.signedform", form.pk, form.case_id)
    if not viewer.has_case or not reads_form(viewer, form.consent, form):
        raise Stranger(refusal)
    if form.in_error:
        raise Denied(_("Skjemaet er feilregistrert, og kan ikke lenger åpnes."), refusal)
    audit.record(
        actor,
        VERB,
        form,
        kind=AuditEvent.Kind.EXPORT,
        case_id=form.case_id,
        child_id=form.case.child_id,
        basis=viewer.basis,
        decision=viewer.decision,
    )
    return form


def content_of(form: SignedForm) -> "File[bytes]":
    """The stored bytes, opened for reading; the caller has been through ``open_signed_form``."""
    return default_storage.open(form.storage_name, "rb")
