"""The referral's own texts, which nobody writes over or signs unread: those whose service wrote some of them read all,
others what consent to health information covers."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.access import viewer_of
from cases.models import Case
from portal.context import Actor
from portal.states import MovedOn
from referrals.models import Referral
from referrals.snapshot import reads_own_texts

UNREAD = _(
    "Samtykket gir ikke tjenesten din innsyn i det som er skrevet. Be stafettholderen sende henvisningen til deg for "
    "vurdering, eller hente samtykke til at dere får helseopplysninger."
)


def must_read_texts(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """Raises ``MovedOn`` where the acting service may not read the texts now."""
    if not reads_own_texts(viewer_of(by, case, now), referral):
        raise MovedOn(UNREAD)
