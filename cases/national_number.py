"""A child's national number at rest: encrypted, with a keyed hash for exact look-up. Nothing is ever read out of it."""

from django.conf import settings

from cases.models import Child, NumberKind
from portal.identity import crypto
from portal.identity.fnr import FnrKind, NationalNumber, parse

KINDS = {FnrKind.FNR: NumberKind.FNR, FnrKind.D_NUMBER: NumberKind.D_NUMBER}
FIELDS = ("number_kind", "number_encrypted", "number_hash")


def read(text: str) -> NationalNumber:
    """A number typed by a person; only synthetic ones in demo and test. Raises ``FnrError`` with a sentence."""
    return parse(text, allow_synthetic=settings.PORTAL_ALLOW_SYNTHETIC_NUMBERS)


def put(child: Child, number: NationalNumber | None) -> None:
    """Sets (or clears) the number on a child that is saved afterwards with ``FIELDS``."""
    if number is None:
        child.number_kind, child.number_encrypted, child.number_hash = NumberKind.NONE, None, ""
        return
    child.number_kind = KINDS[number.kind]
    child.number_encrypted = crypto.encrypt(number.digits, context=_context(child))
    child.number_hash = crypto.lookup_hash(number.digits)


def reveal(child: Child) -> NationalNumber | None:
    """The number in full, for those who may see it; the page that shows it writes its own access event."""
    if not child.number_encrypted:
        return None
    return read(crypto.decrypt(child.number_encrypted, context=_context(child)))


def hashes(number: NationalNumber) -> tuple[str, ...]:
    """What the number's hash can be in the table, one for each active key."""
    return crypto.lookup_hashes(number.digits)


def renew(child: Child) -> bool:
    """Stores the number under the current keys where it stands under older ones; the child is saved afterwards with
    ``FIELDS``. Returns whether anything changed. Raises ``crypto.DecryptionError``."""
    stored = child.number_encrypted
    if not stored or not (crypto.needs_rotation(stored) or not crypto.hash_is_current(child.number_hash)):
        return False
    digits = crypto.decrypt(stored, context=_context(child))
    child.number_encrypted = crypto.encrypt(digits, context=_context(child))
    child.number_hash = crypto.lookup_hash(digits)
    return True


def _context(child: Child) -> str:
    return f"child:{child.pk}:number"
