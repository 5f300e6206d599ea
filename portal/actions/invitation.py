"""The letter to someone who is invited: who invited them to what, and a link to choose a password. No other content."""

import datetime as dt
from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.context import Actor
from portal.models import Membership, User
from portal.rights import check
from portal.states import MovedOn


def send_invitation(*, membership: Membership, by: Actor, now: dt.datetime, new: bool) -> None:
    """Sends the letter when the transaction has been committed; a mail server that is down breaks nothing.

    Someone who has a password gets no link: they log in as they are used to.
    """
    user = membership.user
    needs_password = new or not user.has_usable_password()
    text = render_to_string(
        "portal/email/invitation.txt",
        {
            "service": membership.service.name,
            "role": membership.get_role_display(),
            "inviter": by.name,
            "portal_name": membership.community.portal_name,
            "password_url": password_url(user) if needs_password else "",
            "portal_url": settings.PORTAL_BASE_URL,
        },
    )
    subject = _("Du er invitert til %(portal)s") % {"portal": membership.community.portal_name}
    send = partial(send_mail, subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])
    transaction.on_commit(send, robust=True)
    audit.record(by, "membership.invitation_sent", membership, now=now)


def send_again(*, membership: Membership, by: Actor, now: dt.datetime | None = None) -> None:
    """Sends the letter once more, with a fresh link. Raises ``MovedOn`` when the membership has ended."""
    now = now or timezone.now()
    check(by, "people.invite", membership.service)
    if membership.ended_at is not None:
        raise MovedOn(_("Tilgangen er avsluttet, og invitasjonen kan ikke sendes på nytt."))
    send_invitation(membership=membership, by=by, now=now, new=False)


def password_url(user: User) -> str:
    """The address where the person chooses a password; works once and for three days."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.PORTAL_BASE_URL.rstrip('/')}{path}"
