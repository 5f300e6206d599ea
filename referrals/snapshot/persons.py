"""The parts of a snapshot about people: child, guardians, consent and the four separate facts."""

import datetime as dt
from typing import Literal

from django.utils.translation import gettext as _

from cases.models import AddressProtection, Child, Consent, ConsentParty, Guardian
from cases.national_number import reveal
from portal.models import ServiceKind, User
from portal.timeframe import today
from referrals.snapshot import shape
from referrals.snapshot.gather import Sources


def iso(value: dt.date | dt.datetime | None) -> str | None:
    """An ISO string, or None."""
    return value.isoformat() if value else None


def person(user: User | None, service: object = None, organisation: object = None) -> shape.Person:
    """A professional as the document names them."""
    return {
        "name": user.name if user else "",
        "title": (user.title or (user.get_profession_display() if user.profession else "")) if user else "",
        "service": str(service or ""),
        "organisation": str(organisation or ""),
        "phone": getattr(service, "phone", ""),
        "email": "",
    }


def child(source: Sources) -> shape.Child:
    """The child; what locates is left out under address protection."""
    row = source.case.child
    hidden = row.protected
    age = row.age_on(today(source.now))
    place = source.known(ServiceKind.SCHOOL, ServiceKind.KINDERGARTEN)
    gp = source.known(ServiceKind.GP_OFFICE)
    return {
        "name": row.name,
        "unborn": row.birth_date is None,
        "birth_date": iso(row.birth_date),
        "due_date": iso(row.due_date),
        "age": _("%(age)s år") % {"age": age} if age is not None else "",
        "national_number": national_number(row) if source.identifies else "",
        "protection": "" if not hidden else str(AddressProtection(row.address_protection).label),
        "interpreter": {"language": row.interpreter_language, "dialect": ""} if row.interpreter_language else None,
        "address": "",
        "phone": "",
        "municipality": "" if hidden else row.municipality.name,
        "school": "" if hidden else place,
        "gp": "" if hidden else gp,
        "siblings": "",
    }


def national_number(row: Child) -> str:
    """The eleven digits, or an empty string."""
    number = reveal(row)
    return number.digits if number else ""


def guardians(source: Sources) -> list[shape.Guardian]:
    """Guardians with their separate facts; contact is hidden where it must be."""
    rows = source.facts.guardian_rows
    given = _guardians_who(source, Consent.Decision.GIVEN)
    refused = _guardians_who(source, Consent.Decision.REFUSED)
    told = [_guardian(row, source.case.child, row.pk in given, row.pk in refused) for row in rows]
    return told if source.identifies else [{**row, "contact": None} for row in told]


def four_facts(source: Sources) -> shape.FourFacts:
    """Parental responsibility, daily care, who consented, and the role of barnevern: four facts that are not one."""
    rows = source.facts.guardian_rows
    role = _("Barnevernet har bidratt til henvisningen.") if source.child_protection else ""
    if source.case.child.care_taken_over_on:
        role = _("Barnevernet har overtatt omsorgen.")
    return {
        "parental_responsibility": _names([g for g in rows if g.parental_responsibility]),
        "daily_care": _names([g for g in rows if g.daily_care]),
        "consented_by": "; ".join(_parties(c) for c in _in_force(source) if c.decision == Consent.Decision.GIVEN),
        "child_protection": role,
    }


def consents(source: Sources) -> list[shape.Consent]:
    """Every recorded decision, with whom, to which, for what, until when and how."""
    labels = source.edition.consent.categories
    return [
        {
            "by": _parties(row),
            "to": [link.service.name for link in row.covered.all() if link.withdrawn_at is None],
            "categories": [_inside(str(labels[c].label)) if c in labels else c for c in row.categories],
            "valid_from": iso(row.given_on),
            "valid_until": iso(row.valid_until),
            "how": f"{_inside(source.edition.code('consent_given_how', row.how).label)}, {row.given_on:%d.%m.%Y}",
            "status": _status(row, source.now),
            "note": row.one_guardian_reason,
        }
        for row in source.consents
    ]


def _guardian(row: Guardian, child_row: Child, gave: bool, refused: bool) -> shape.Guardian:
    hidden = row.contact_hidden or child_row.protected
    return {
        "name": row.name,
        "relation": row.get_relation_display().lower(),
        "parental_responsibility": "yes" if row.parental_responsibility else "no",
        "daily_care": "yes" if row.daily_care else "no",
        "consented": "yes" if gave else "no" if refused else "unknown",
        "interpreter": row.interpreter_language,
        "contact": None if hidden else {"phone": row.phone, "email": row.email, "address": row.address},
        "contact_hidden": hidden,
    }


def _guardians_who(source: Sources, decision: str) -> set[object]:
    return {
        party.guardian_id
        for row in _in_force(source)
        if row.decision == decision
        for party in row.parties.all()
        if party.guardian_id
    }


def _in_force(source: Sources) -> list[Consent]:
    return [row for row in source.consents if _status(row, source.now) in {"given", "refused"}]


def _status(row: Consent, now: dt.datetime) -> Literal["given", "refused", "withdrawn", "expired"]:
    if row.withdrawn_at is not None and row.withdrawn_at <= now:
        return "withdrawn"
    if row.valid_until is not None and row.valid_until < today(now):
        return "expired"
    return "given" if row.decision == Consent.Decision.GIVEN else "refused"


def _parties(row: Consent) -> str:
    names = []
    for party in row.parties.all():
        kind = str(ConsentParty.Kind(party.kind).label)
        if party.guardian is not None:
            names.append(f"{party.guardian.name} ({party.guardian.get_relation_display().lower()})")
        else:
            names.append(f"{party.name} ({kind.lower()})" if party.name else kind)
    return _(" og ").join(names)


def _names(rows: list[Guardian]) -> str:
    return _(" og ").join(f"{g.name} ({g.get_relation_display().lower()})" for g in rows)


def _inside(label: str) -> str:
    """A label as it stands inside a sentence: the first letter is small, abbreviations stay («skole og PPT»)."""
    return label[:1].lower() + label[1:]
