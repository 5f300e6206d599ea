"""Opening a document: by the case's own rule, or by a rule another app adds (intake: attachments of what was sent)."""

import uuid
from collections.abc import Callable

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from cases.access import viewer_of
from cases.models import Document, Scope
from cases.turned_away import turned_away
from portal import audit
from portal.access import Denied, Refusal, Stranger
from portal.context import Actor
from portal.models import AuditEvent

# Given an actor and a document: the basis on which it may be opened, such as «receiver», or an empty string.
Rule = Callable[[Actor, Document], str]
_RULES: list[Rule] = []
VERB = "case.document"


def add_rule(rule: Rule) -> Rule:
    """Adds a way to be allowed to open a document; called from ``apps.py``."""
    if rule not in _RULES:
        _RULES.append(rule)
    return rule


@add_rule
def by_case(actor: Actor, document: Document) -> str:
    """The author service in the case, or one whose consent covers the category, unless the document is sealed."""
    viewer = viewer_of(actor, document.case)
    if viewer.has_case and viewer.sees(document.service_id, document.category, sealed=document.sealed):
        return viewer.basis or "case"
    return ""


@add_rule
def by_author(actor: Actor, document: Document) -> str:
    """The author service, after the case was closed."""
    mine = document.service_id == actor.service_id and Scope.OWN in viewer_of(actor, document.case).scopes
    return "author" if mine else ""


def open_document(actor: Actor, document_id: uuid.UUID) -> Document:
    """A document to download, with its access event. Strangers meet 404; one marked feilregistrert is ``Denied``."""
    document = (
        Document.objects.select_related("case__child", "case__community", "service").filter(pk=document_id).first()
    )
    if document is None:
        raise turned_away(actor, VERB, Document, document_id)
    basis = next((found for rule in _RULES if (found := rule(actor, document))), "")
    refusal = Refusal(VERB, "cases.document", document.pk, document.case_id)
    if not basis:
        raise Stranger(refusal)
    if document.in_error:
        raise Denied(_("Dokumentet er feilregistrert, og innholdet kan ikke lenger åpnes."), refusal)
    audit.record(
        actor,
        VERB,
        document,
        kind=AuditEvent.Kind.EXPORT,
        case_id=document.case_id,
        child_id=document.case.child_id,
        basis=basis,
    )
    return document


def content_of(document: Document) -> "File[bytes]":
    """The stored bytes, opened for reading; the caller has been through ``open_document``."""
    return default_storage.open(document.storage_name, "rb")
