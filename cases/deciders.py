"""Who decides about sharing in a case, in words and as choices of a form."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import consent_rules as rules
from cases.asking_again import turns_of
from cases.models import Category, Consent, Guardian
from cases.sharing import PARTY_KINDS, SharingFacts
from portal.timeframe import start_of, today

KIND_OF = {pure: kind for kind, pure in PARTY_KINDS.items()}


@dataclass(frozen=True)
class PartyChoice:
    """Someone who can be recorded as having said yes or no; ``decides`` is the categories they decide now."""

    key: str
    label: str
    decides: frozenset[str]


@dataclass(frozen=True)
class DecidersNow:
    """Who decides about some categories, in a sentence, by name."""

    categories: tuple[str, ...]
    explanation: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Birthday:
    """A birthday that changes who decides: who does from that day, by name, about which categories.

    ``asks``: the categories where they must be asked anew; ``ending``: what was answered that has no effect there then.
    """

    on: dt.date
    age: int
    categories: tuple[str, ...]
    explanation: str
    names: tuple[str, ...]
    asks: tuple[str, ...]
    ending: tuple[Consent, ...]
    past: bool


def key_of(party: rules.Party) -> str:
    """A party as the form and the action name it: «guardian:<id>», «youth»."""
    kind = KIND_OF[party.kind]
    return f"{kind}:{party.id}" if party.id else str(kind)


def party_choices(facts: SharingFacts, now: dt.datetime) -> list[PartyChoice]:
    """Those who decide about something now, those with parental responsibility, and the child from the age when it may
    ask that something be withheld."""
    decides: dict[rules.Party, set[str]] = {
        rules.Party.guardian(g.id): set() for g in facts.guardians if g.parental_responsibility
    }
    for category in Category.values:
        for party in facts.who_decides(category, now).parties:
            decides.setdefault(party, set()).add(category)
    if _has_turned(facts, facts.rules.withhold_from, now):
        decides.setdefault(rules.Party.youth(), set())
    order = list(rules.PartyKind)
    ranked = sorted(decides, key=lambda party: (order.index(party.kind), _position(facts, party)))
    return [PartyChoice(key_of(party), party_label(facts, party), frozenset(decides[party])) for party in ranked]


def party_label(facts: SharingFacts, party: rules.Party) -> str:
    """«Kari Fjord (mor)», «Ada Fjord selv», «Barnevernet, som har omsorgen»."""
    if party.kind is rules.PartyKind.YOUTH:
        return _("%(name)s selv") % {"name": facts.case.child.name}
    if party.kind is rules.PartyKind.BARNEVERN:
        return _("Barnevernet, som har omsorgen")
    guardian = next((g for g in facts.guardian_rows if str(g.pk) == party.id), None)
    if guardian is None:
        return _("En som ikke lenger er registrert")
    if party.kind is rules.PartyKind.NEXT_OF_KIN:
        return _("%(name)s (%(relation)s), nærmeste pårørende") % _named(guardian)
    return "{name} ({relation})".format(**_named(guardian))


def deciders_now(facts: SharingFacts, now: dt.datetime) -> list[DecidersNow]:
    """Who decides about what, categories with the same deciders together."""
    groups: dict[rules.Deciders, list[str]] = {}
    for category in Category.values:
        groups.setdefault(facts.who_decides(category, now), []).append(category)
    return [
        DecidersNow(
            tuple(facts.edition.consent.categories[c].label for c in categories),
            who.explanation,
            tuple(sorted(party_label(facts, party) for party in who.parties)),
        )
        for who, categories in groups.items()
    ]


def birthdays(facts: SharingFacts, now: dt.datetime) -> list[Birthday]:
    """The birthdays that change who decides, in order: the coming ones, and one past where nobody has asked yet. Where
    those who decide differ by category (the mandate of a verge), each has its own. No statements."""
    labels = facts.edition.consent.categories
    found = list[Birthday]()
    for turn in turns_of(facts, now):
        groups: dict[rules.Deciders, list[str]] = {}
        for category in turn.categories:
            groups.setdefault(facts.who_decides(category, start_of(turn.on)), []).append(category)
        found += [
            Birthday(
                turn.on,
                turn.age,
                tuple(labels[c].label for c in categories),
                who.explanation,
                tuple(sorted(party_label(facts, party) for party in who.parties)),
                tuple(labels[c].label for c in categories if c in turn.asks),
                tuple(
                    row for row in facts.consent_rows if row.pk in turn.ending and set(row.categories) & {*categories}
                ),
                past=turn.on <= today(now),
            )
            for who, categories in groups.items()
        ]
    return found


def not_deciding(facts: SharingFacts, parties: set[rules.Party], categories: list[str], at: dt.datetime) -> str:
    """A sentence when none of the parties decides about some category at an instant; empty when all is well."""
    outside = [c for c in categories if not facts.who_decides(c, at).parties & parties]
    if not outside:
        return ""
    labels = ", ".join(facts.edition.consent.categories[c].label for c in outside)
    reasons = " ".join(dict.fromkeys(facts.who_decides(c, at).explanation for c in outside))
    told = ngettext(
        "De du har valgt, kan ikke samtykke for %(labels)s. %(reasons)s",
        "De du har valgt, kan ikke samtykke for %(labels)s. %(reasons)s",
        len(outside),
    ) % {"labels": labels, "reasons": reasons}
    born, youth = facts.case.child.birth_date, rules.Party.youth()
    if born and youth in parties:
        day = rules.turns(born, max(facts.rules.decides(c) for c in outside))
        if start_of(day) > at:
            told += " " + _("Den unge kan skrive under på forhånd: sett «Gjelder fra» til %(day)s.") % {
                "day": f"{day:%d.%m.%Y}"
            }
    return told


def _named(guardian: Guardian) -> dict[str, str]:
    return {"name": guardian.name, "relation": str(guardian.get_relation_display()).lower()}


def _position(facts: SharingFacts, party: rules.Party) -> int:
    return next((n for n, g in enumerate(facts.guardian_rows) if str(g.pk) == party.id), 0)


def _has_turned(facts: SharingFacts, years: int, now: dt.datetime) -> bool:
    born = facts.case.child.birth_date
    return born is not None and rules.turns_at(born, years) <= now
