"""What most actions on a referral ask first, under the lock: is it still being made, or not yet decided?"""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from portal import states
from portal.answering import Invalid
from portal.states import MovedOn
from referrals.models import Contribution, ContributionSection, Referral
from referrals.states import BEING_MADE, OPEN

R = Referral.State
# The longest text of one field: a section, an assessment, an answer.
LONGEST = 20_000


def being_made(referral: Referral) -> Referral:
    """The referral locked and as it is now. Raises ``MovedOn`` once it is sent, decided or withdrawn."""
    return _in(referral, BEING_MADE)


def undecided(referral: Referral) -> Referral:
    """The same for what can also come while the hospital has it, and then goes along with the next version.

    Raises ``MovedOn`` once it is decided or withdrawn.
    """
    return _in(referral, OPEN)


def keep_delivered(held: Contribution) -> dict[str, Any]:
    """Before a delivered contribution is opened again: its text as delivered is kept, and goes along until it is
    delivered anew. Returns the fields that the move writes; none where nothing was delivered."""
    if held.state != Contribution.State.SUBMITTED:
        return {}
    ContributionSection.objects.filter(contribution=held).update(delivered_text=F("text"))
    return {"delivered_at": held.submitted_at, "delivered_by": held.submitted_by}


def check_length(field: str, text: str) -> None:
    """Raises ``Invalid`` on the field for a text nobody can be asked to read."""
    if len(text) > LONGEST:
        raise Invalid(**{field: _("Teksten er for lang. Kort den ned til %(max)s tegn.") % {"max": LONGEST}})


def _in(referral: Referral, wanted: tuple[str, ...]) -> Referral:
    locked: Referral = states.lock(referral)
    if locked.state in wanted:
        return locked
    if locked.state == R.WITHDRAWN:
        raise MovedOn(_("Henvisningen er trukket, så den kan ikke endres."))
    if locked.state == R.DECIDED:
        raise MovedOn(_("Henvisningen er avgjort, så den kan ikke endres."))
    raise MovedOn(_("Henvisningen er sendt. En endring nå blir en ny versjon av den."))
