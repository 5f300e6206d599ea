"""Documents: checked by their content, freed of traces of place, stored privately under a random name."""

import datetime as dt
import hashlib
import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, Category, Document
from cases.orphan_files import FOLDER
from cases.photographs import without_traces
from cases.repeats import just_recorded
from portal import audit
from portal.answering import Invalid
from portal.antivirus import check_clean
from portal.context import Actor
from portal.rights import check
from portal.uploads import UploadRefused, inspect_upload


def add_document(
    *,
    case: Case,
    data: bytes,
    file_name: str,
    declared_type: str = "",
    title: str,
    category: str,
    sealed: bool = False,
    by: Actor,
    now: dt.datetime | None = None,
) -> Document:
    """Stores a PDF or picture in the case for the acting service.

    ``file_name`` and ``declared_type`` are what the browser claims; a claim that disagrees with the content, an active
    PDF, a file over the limit, or one the virus scanner does not call clean is refused as ``Invalid(file=…)``.
    ``sealed``: only the author service and the referrer see it, the holder only that it came. Raises ``Denied`` too.
    """
    now = now or timezone.now()
    check(by, "case.add_document", case)
    return store_document(
        case=case,
        data=data,
        file_name=file_name,
        declared_type=declared_type,
        title=title,
        category=category,
        sealed=sealed,
        by=by,
        now=now,
    )


def store_document(
    *,
    case: Case,
    data: bytes,
    file_name: str,
    declared_type: str,
    title: str,
    category: str,
    sealed: bool,
    by: Actor,
    now: dt.datetime,
) -> Document:
    """The same without asking for the right: for actions of other apps that have asked for their own.

    Raises ``Invalid``.
    """
    assert by.user is not None
    assert by.service is not None
    if not title.strip():
        raise Invalid(title=_("Skriv hva dokumentet er."))
    if category not in Category.values:
        raise Invalid(category=_("Velg ett tema."))
    try:
        facts = inspect_upload(data, file_name, declared_type, max_bytes=settings.PORTAL_UPLOAD_MAX_BYTES)
        check_clean(data)
    except UploadRefused as refused:
        raise Invalid(file=refused.message) from refused
    content = without_traces(data, facts)
    digest = hashlib.sha256(content).hexdigest()
    with case_work(case, by=by, now=now, access=False) as case:
        columns = {"title": title, "category": category, "sealed": sealed, "sha256": digest}
        again = just_recorded(Document, by=by, now=now, case=case, **columns)
        if again:
            return again
        name = f"{FOLDER}/{uuid.uuid4().hex}{facts.extension}"
        stored = default_storage.save(name, ContentFile(content))
        try:
            document = Document.objects.create(
                case=case,
                service=by.service,
                file_name=facts.safe_name,
                mime=facts.mime,
                size=len(content),
                pages=facts.pages,
                storage_name=stored,
                place_removed=facts.carries_location,
                recorded_at=now,
                recorded_by=by.user,
                **columns,
            )
            detail = {"kind": str(facts.kind), "category": category, "sealed": sealed, "place": facts.carries_location}
            audit.record(
                by, "document.added", document, case_id=case.pk, child_id=case.child_id, now=now, detail=detail
            )
        except BaseException:
            default_storage.delete(stored)
            raise
    return document
