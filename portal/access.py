"""The words of access that every app shares: being denied, being a stranger, and the register of refusals."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404


@dataclass(frozen=True)
class Refusal:
    """What was refused, for the log: written in a transaction of its own after the request's has ended."""

    verb: str
    subject_type: str = ""
    subject_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None


class Denied(PermissionDenied):
    """A member without the right: answered 403, with a sentence the person can act on."""

    def __init__(self, message: str, refusal: Refusal | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.refusal = refusal


class Stranger(Http404):
    """Someone with no access at all: answered 404, so that not even the existence of a case is told."""

    def __init__(self, refusal: Refusal | None = None) -> None:
        super().__init__("Fant ikke siden.")
        self.refusal = refusal
