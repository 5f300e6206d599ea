"""The signed paper of a consent, scanned: checked by its content, stored privately with the answer it proves."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, Consent, SignedForm
from cases.orphan_files import FOLDER
from cases.photographs import without_traces
from portal import audit
from portal.answering import Invalid
from portal.antivirus import check_clean
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn
from portal.uploads import UploadFacts, UploadRefused, inspect_upload


@dataclass(frozen=True)
class Scan:
    """A file as the browser sent it; its name and type are claims."""

    data: bytes
    file_name: str
    declared_type: str = ""

    def inspected(self) -> UploadFacts:
        """What the file is. Raises ``Invalid(signed=…)`` for one that may not be stored."""
        try:
            facts = inspect_upload(
                self.data, self.file_name, self.declared_type, max_bytes=settings.PORTAL_UPLOAD_MAX_BYTES
            )
            check_clean(self.data)
        except UploadRefused as refused:
            raise Invalid(signed=refused.message) from refused
        return facts


def attach_signed_form(*, consent: Consent, scan: Scan, by: Actor, now: dt.datetime | None = None) -> SignedForm:
    """Stores the signed paper with an answer that is recorded already, a withdrawn one too: it proves what was said.

    The same file twice is one. Raises ``Denied``, ``Invalid``, and ``MovedOn`` when the answer is feilregistrert.
    """
    now = now or timezone.now()
    check(by, "case.record_consent", consent.case)
    facts = scan.inspected()
    with case_work(consent.case_id, by=by, now=now, closed_too=True, access=False) as case:
        consent.refresh_from_db()
        if consent.in_error:
            raise MovedOn(_("Svaret er feilregistrert. Last opp skjemaet til det riktige svaret."))
        return keep_scan(consent, case, scan, facts, by=by, now=now)


def keep_scan(
    consent: Consent, case: Case, scan: Scan, facts: UploadFacts, *, by: Actor, now: dt.datetime
) -> SignedForm:
    """The file and its row; call under the case's lock, with a file that has been inspected."""
    assert by.user is not None
    assert by.service is not None
    content = without_traces(scan.data, facts)
    digest = hashlib.sha256(content).hexdigest()
    again = SignedForm.objects.filter(consent=consent, sha256=digest, error_at__isnull=True).first()
    if again is not None:
        return again
    stored = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}{facts.extension}", ContentFile(content))
    try:
        form = SignedForm.objects.create(
            case=case,
            consent=consent,
            service=by.service,
            file_name=facts.safe_name,
            mime=facts.mime,
            size=len(content),
            pages=facts.pages,
            sha256=digest,
            storage_name=stored,
            recorded_at=now,
            recorded_by=by.user,
        )
        audit.record(
            by, "signed_form.added", form, case_id=case.pk, child_id=case.child_id, now=now, detail={"mime": facts.mime}
        )
    except BaseException:
        default_storage.delete(stored)
        raise
    return form
