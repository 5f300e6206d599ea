"""Short letters to a person about their own login: what was changed, and what to do if it was somebody else."""

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.models import User


def tell_of_change(user: User, what: str, *, password_url: str = "") -> None:
    """Sends the letter when the transaction has been committed; a mail server that is down breaks nothing."""
    text = render_to_string(
        "portal/email/login_changed.txt",
        {
            "what": what,
            "password_url": password_url,
            "portal_name": settings.PORTAL_NAME,
            "portal_url": settings.PORTAL_BASE_URL,
        },
    )
    subject = _("Innloggingen din i %(portal)s er endret") % {"portal": settings.PORTAL_NAME}
    transaction.on_commit(partial(send_mail, subject, text, settings.DEFAULT_FROM_EMAIL, [user.email]), robust=True)
