"""Everything that has been said about sharing, in words, newest first; and what a new word came to."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import consent_rules as rules
from cases.access import Viewer
from cases.consent_parts import given_to, standing_parts, withdrawn_in_words
from cases.deciders import party_label
from cases.models import Consent, ConsentService, SignedForm, StatutoryBasis
from cases.sharing import SharingFacts, consent_facts
from portal.timeframe import end_of

Look = tuple[Any, str, str]
ACTIVE: Look = (gettext_lazy("Gjelder"), "success", "CheckmarkCircle")
AHEAD: Look = (gettext_lazy("Gjelder senere"), "info", "Clock")
EXPIRED: Look = (gettext_lazy("Gått ut"), "neutral", "Clock")
WITHDRAWN: Look = (gettext_lazy("Trukket tilbake"), "warning", "ArrowUndo")
REFUSED: Look = (gettext_lazy("Nei"), "danger", "XMark")
LIFTED: Look = (gettext_lazy("Nei som ikke gjelder lenger"), "neutral", "ArrowUndo")
IDLE: Look = (gettext_lazy("Åpner ikke for noe nå"), "warning", "ExclamationmarkTriangle")
WRONG: Look = (gettext_lazy("Feilregistrert"), "neutral", "XMark")


@dataclass(frozen=True)
class Told:
    """One recorded decision as the page shows it."""

    consent: Consent
    look: Look
    parties: tuple[str, ...]
    categories: tuple[str, ...]
    services: tuple[ConsentService, ...]
    can_withdraw: bool
    why: str = ""
    # Whether the viewer reads the notes and reasons, not only what was decided.
    reads: bool = False
    # How it was said, as the edition calls it.
    how: str = ""
    # What was taken back of it while the rest stands.
    taken_back: tuple[str, ...] = ()
    # The signed paper, scanned; those who do not read the reasons see that it is there.
    signed: tuple[SignedForm, ...] = ()


@dataclass(frozen=True)
class ByLaw:
    """One statutory basis as the page shows it."""

    row: StatutoryBasis
    label: str
    look: Look
    categories: tuple[str, ...] = field(default=())
    reads: bool = False


def history(facts: SharingFacts, viewer: Viewer, now: dt.datetime) -> list[Told]:
    """Every decision of the case, those marked feilregistrert included. No statements.

    Notes and reasons are read by the holder's side, the service that recorded it, and those that a yes is given to;
    what was said with a no is not for the service that it keeps out.
    """
    everyone = _Names(facts)
    idle = {row.pk: _why_idle(facts, row, now) for row in facts.consent_rows if _look(row, now) == ACTIVE}
    return [
        Told(
            row,
            IDLE if idle.get(row.pk) else _look(row, now),
            tuple(sorted(everyone.label(party) for party in consent_facts(row).given_by)),
            _labels(facts, row.categories),
            tuple(row.covered.all()),
            can_withdraw=not row.in_error and row.withdrawn_at is None,
            why=idle.get(row.pk, ""),
            reads=viewer.reads(row.service_id, *given_to(row)),
            how=facts.edition.code("consent_given_how", row.how).label,
            signed=tuple(row.signed_forms.all()),
            taken_back=tuple(withdrawn_in_words(row, facts.edition.consent.categories)),
        )
        for row in sorted(facts.all_consents, key=lambda row: row.recorded_at, reverse=True)
    ]


def statutory_history(facts: SharingFacts, viewer: Viewer, now: dt.datetime) -> list[ByLaw]:
    """Every statutory basis of the case, newest first; why it holds is for the holder's side and the service it names.
    No statements."""
    bases = facts.edition.consent.statutory_bases
    return [
        ByLaw(
            row,
            bases[row.code].label if row.code in bases else row.code,
            WRONG if row.in_error else EXPIRED if row.valid_until and end_of(row.valid_until) <= now else ACTIVE,
            _labels(facts, row.categories),
            reads=viewer.reads(row.service_id),
        )
        for row in sorted(facts.all_statutory, key=lambda row: row.recorded_at, reverse=True)
    ]


def outcome(consent: Consent, now: dt.datetime) -> tuple[int, str]:
    """What a newly recorded decision came to: a message level and a sentence. A yes that opens nothing says why."""
    if consent.decision == Consent.Decision.REFUSED:
        return messages.SUCCESS, _("Neiet er registrert og gjelder fra nå.")
    if consent.valid_from > now:
        return messages.SUCCESS, _("Samtykket er registrert og begynner å gjelde %(day)s.") % {
            "day": f"{consent.valid_from:%d.%m.%Y}"
        }
    facts = SharingFacts(consent.case)
    bases = [
        facts.basis(link.service_id, category, now) for link in consent.covered.all() for category in consent.categories
    ]
    closed = [basis for basis in bases if not basis.allowed]
    if not closed:
        return messages.SUCCESS, _("Samtykket er registrert og gjelder fra nå.")
    why = " ".join(dict.fromkeys(basis.explanation for basis in closed))
    if len(closed) == len(bases):
        return messages.WARNING, _("Samtykket er registrert, men åpner ikke for noe ennå. %(why)s") % {"why": why}
    return messages.WARNING, _("Samtykket er registrert, men noe er fortsatt lukket. %(why)s") % {"why": why}


def _why_idle(facts: SharingFacts, row: Consent, now: dt.datetime) -> str:
    """Why a yes in force opens nothing by itself or with others; empty when it opens something."""
    bases = [facts.basis(service_id, category, now) for service_id, category in standing_parts(row) if service_id]
    if any(basis.allowed and (not basis.consent_ids or str(row.pk) in basis.consent_ids) for basis in bases):
        return ""
    closed = [basis.explanation for basis in bases if not basis.allowed]
    return " ".join(dict.fromkeys(closed)) or _("Et annet svar gjelder i stedet.")


class _Names:
    """Names of parties, those of guardians marked feilregistrert included: what they said stays said."""

    def __init__(self, facts: SharingFacts) -> None:
        self.facts = facts
        self.wrong = {str(g.pk): g.name for g in facts.all_guardians if g.in_error}

    def label(self, party: rules.Party) -> str:
        name = self.wrong.get(party.id)
        if name:
            return _("%(name)s (feilregistrert)") % {"name": name}
        return party_label(self.facts, party)


def _look(row: Consent, now: dt.datetime) -> Look:
    if row.in_error:
        return WRONG
    if row.decision == Consent.Decision.REFUSED:
        return LIFTED if row.withdrawn_at else REFUSED
    if row.withdrawn_at:
        return WITHDRAWN
    if row.valid_until and end_of(row.valid_until) <= now:
        return EXPIRED
    return AHEAD if row.valid_from > now else ACTIVE


def _labels(facts: SharingFacts, categories: list[str]) -> tuple[str, ...]:
    known = facts.edition.consent.categories
    return tuple(known[c].label if c in known else c for c in categories)
