"""Second factors: added, removed, and taken away by an administrator from someone who has lost theirs."""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.actions.entrance import HOW, STRONG
from portal.actions.invitation import password_url
from portal.actions.letters import tell_of_change
from portal.actions.sessions import delete_sessions
from portal.context import Actor, as_job
from portal.models import User
from portal.rights import check
from portal.second_factor import has_factor
from portal.states import lock

# How an administrator has made sure of who asks; the log keeps the code.
CHECKS = {
    "met": gettext_lazy("Personen møtte opp hos meg"),
    "video": gettext_lazy("Jeg kjenner personen, og så henne eller ham på video"),
    "leader": gettext_lazy("Lederen i tjenesten bekreftet det overfor meg"),
}


def factor_added(*, session: Any, kind: str, by: Actor, now: dt.datetime | None = None) -> None:
    """A person has set up a second factor and shown that it works: the session is sure enough, under a new key."""
    session.cycle_key()
    session[STRONG] = True
    audit.record(by, "person.factor_added", by.person, now=now, detail={"kind": kind})
    tell_of_change(by.person, _("Det er satt opp et ekstra trinn for å logge inn som deg."))


def factor_removed(*, session: Any, kind: str, by: Actor, now: dt.datetime | None = None) -> None:
    """A person has removed one. Without any left, a password alone is not enough for this session either."""
    session[STRONG] = session.get(HOW) in settings.EID_PROVIDERS or has_factor(by.person)
    audit.record(by, "person.factor_removed", by.person, now=now, detail={"kind": kind})
    tell_of_change(by.person, _("Et ekstra trinn for å logge inn som deg er fjernet."))


def codes_renewed(*, by: Actor, now: dt.datetime | None = None) -> None:
    """A person has made new recovery codes; the old ones are of no use."""
    audit.record(by, "person.codes_renewed", by.person, now=now)
    tell_of_change(by.person, _("Du har fått nye reservekoder. De gamle virker ikke lenger."))


def reset_login(*, user: User, checked: str, by: Actor, now: dt.datetime | None = None) -> User:
    """Takes away every way in of a person who has lost theirs, and sends a letter with a link to a new password.

    The administrator has made sure of who asks (``checked``, a key of ``CHECKS``), and still learns nothing to log in
    with: it takes the person's mailbox too. Sessions end at once.
    """
    now = now or timezone.now()
    check(by, "people.reset_login", user)
    locked: User = lock(user)
    # What is another's: the administrator may take it away without seeing it.
    with as_job():
        Authenticator.objects.filter(user=locked).delete()
        delete_sessions(locked)
    locked.set_unusable_password()
    locked.pid_hash = None
    locked.save(update_fields=["password", "pid_hash"])
    audit.record(by, "person.login_reset", locked, now=now, detail={"checked": checked})
    tell_of_change(
        locked,
        _("Innloggingen din er nullstilt av brukeradministratoren."),
        password_url=password_url(locked),
    )
    return locked
