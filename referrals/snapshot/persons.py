"""The parts of a snapshot about people: child, guardians, consent and the four separate facts."""

import datetime as dt
from typing import Any, Literal

from django.utils.translation import gettext as _

from cases.consent_parts import withdrawn_in_words
from cases.models import AddressProtection, Case, Category, Child, Consent, ConsentParty, Guardian
from cases.national_number import reveal
from cases.sharing import SharingFacts
from portal.models import ServiceKind, User
from portal.timeframe import today
from referrals.snapshot import shape
from referrals.snapshot.gather import Sources
from referrals.snapshot.viewed import reasoned


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
        "school": "" if hidden or place is None else place.name,
        "gp": "" if hidden or gp is None else gp.name,
        "siblings": "",
    }


def national_number(row: Child) -> str:
    """The eleven digits, or an empty string."""
    number = reveal(row)
    return number.digits if number else ""


def guardians(source: Sources) -> list[shape.Guardian]:
    """Guardians with their separate facts, and how those who treat the child reach them.

    One who is to have no insight has no contact here; an address that must not be known stands nowhere.
    """
    rows = source.facts.guardian_rows
    given = _guardians_who(source, Consent.Decision.GIVEN)
    refused = _guardians_who(source, Consent.Decision.REFUSED)
    told = [_guardian(row, source.case.child, row.pk in given, row.pk in refused) for row in rows]
    return told if source.identifies else [{**row, "contact": None} for row in told]


def family(source: Sources) -> shape.Family:
    """Whether the family knows of the case, and which guardians must see nothing."""
    holder = source.case.holder.service
    return family_now(source.case, source.facts, reads=source.sees(holder, Category.HEALTH, True))


def family_now(case: Case, facts: SharingFacts, *, reads: bool) -> shape.Family:
    """The same from the case. Why it does not know stands for the holder's service, whoever refers and the receiver."""
    hidden = case.hidden_from_family
    why = facts.edition.code("parents_not_informed", case.not_informed_code).label if hidden else ""
    told: shape.Family = {
        "informed": "no" if hidden else "yes" if case.informed_at else "unknown",
        "date": iso(case.informed_on),
        "reason": f"{why}. {case.not_informed_reason}" if hidden and reads else "",
        "blocked": [row.name for row in facts.guardian_rows if row.blocked],
        "service_id": str(case.holder.service_id),
        "category": Category.HEALTH.value,
        "to_referrer_only": True,
    }
    # Left out where there is nothing, so that what was frozen before this was told is the same.
    if facts.reserved:
        told["reserved"] = True
    return told


def keep_away(content: dict[str, Any], case: Case, facts: SharingFacts, *, reads: bool) -> None:
    """What was sent earlier, with what protects the child as it is now: a new version never tells less of that."""
    content["family"] = family_now(case, facts, reads=reads)
    blocked = {str(row.pk) for row in facts.guardian_rows if row.blocked}
    for row in content["guardians"]:
        if row.get("id") in blocked:
            row.update(blocked=True, contact=None, contact_hidden=True)


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
            "note": _note(source, row),
        }
        for row in source.consents
    ]


def _note(source: Sources, row: Consent) -> str:
    """Why one guardian is enough, for those who read reasons; and what was taken back while the rest stands."""
    reads = source.for_receiver or source.writes
    reason = row.one_guardian_reason if reads else reasoned(row.one_guardian_reason)
    gone = withdrawn_in_words(row, source.edition.consent.categories)
    taken_back = _("Trukket: %(parts)s.") % {"parts": "; ".join(gone)} if gone else ""
    return " ".join(part for part in (str(reason), taken_back) if part)


def _guardian(row: Guardian, child_row: Child, gave: bool, refused: bool) -> shape.Guardian:
    private = row.contact_hidden or child_row.protected
    reach: shape.Contact = {"phone": row.phone, "email": row.email, "address": "" if private else row.address}
    return {
        "id": str(row.pk),
        "name": row.name,
        "relation": row.get_relation_display().lower(),
        "parental_responsibility": "yes" if row.parental_responsibility else "no",
        "daily_care": "yes" if row.daily_care else "no",
        "consented": "yes" if gave else "no" if refused else "unknown",
        "interpreter": row.interpreter_language,
        "contact": None if row.blocked else reach,
        "contact_hidden": row.blocked,
        "contact_private": private,
        "blocked": row.blocked,
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
