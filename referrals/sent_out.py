"""Referrals that were sent out of a case: each version, to which department, and when. What was sent stays sent."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cases.models import Case
from cases.shared_before import Sent, add_sent
from referrals.models import Snapshot


@add_sent
def sent_referrals(case: Case) -> Iterator[Sent]:
    """Every version as it was frozen. One statement."""
    rows = Snapshot.objects.filter(referral__case=case).order_by("-frozen_at")
    for to, version, at in rows.values_list("content__receiver__department", "version", "frozen_at"):
        yield Sent(str(to), _("Samordnet henvisning, versjon %(version)d") % {"version": version}, at)
