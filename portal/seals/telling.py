"""Saying to people what was found: in the log of the server, and by mail to those who watch over the trail."""

import logging
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail

from portal.models import HealthCommunity
from portal.seals.checking import Break

logger = logging.getLogger("portal.audit")


def names() -> dict[uuid.UUID | None, str]:
    """What each chain is called."""
    rows: dict[uuid.UUID | None, str] = dict(HealthCommunity.objects.values_list("pk", "name"))
    return {**rows, None: "Hendelser uten helsefellesskap"}


def words(found: Break, called: dict[uuid.UUID | None, str]) -> str:
    """One sentence: «Helsefellesskapet …, segl nr. 812 (mellom … og …): minst én hendelse er endret.»"""
    period = f" ({found.period()})" if found.period() else ""
    whose = called.get(found.community, f"Helsefellesskap {found.community}")
    return f"{whose}, segl nr. {found.number}{period}: {found.what}."


def log_alarm(sentences: Iterable[str]) -> None:
    """The trail does not hold: an error in the server's log for each sentence."""
    for sentence in sentences:
        logger.error("Hendelsesloggen stemmer ikke: %s", sentence, extra={"job": "portal.verify_audit"})


def mail_alarm(sentences: Iterable[str]) -> None:
    """The same in one letter to those who watch over the trail."""
    last = (
        "Ta vare på databasen og sikkerhetskopiene som de er, og varsle den som har ansvar for informasjonssikkerheten."
        " Kjør bin/manage verify_audit for å se alt."
    )
    first = "Kontrollen av hendelsesloggen fant noe som ikke stemmer:"
    _send("Hendelsesloggen stemmer ikke", "\n".join([first, "", *sentences, "", last]))


def send_list(text: str) -> None:
    """The newest seals, so that they stand somewhere the database's owner cannot reach."""
    _send("Segl på hendelsesloggen", "Ta vare på dette brevet. Loggen kan kontrolleres mot lista.\n\n" + text)


def _send(subject: str, text: str) -> None:
    if settings.PORTAL_AUDIT_MAIL:
        send_mail(f"{settings.PORTAL_NAME}: {subject}", text, settings.DEFAULT_FROM_EMAIL, settings.PORTAL_AUDIT_MAIL)
