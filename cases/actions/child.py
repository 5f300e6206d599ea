"""Changing what is recorded about the child: name, birth, number, protection, language, municipality."""

import datetime as dt
import hashlib
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cases.casework import case_work
from cases.duplicates import tell_holders
from cases.models import AddressProtection, Case, Child
from cases.national_number import FIELDS as NUMBER_FIELDS
from cases.national_number import put, reveal
from cases.remembering import remember
from cases.renewals import keep_renewals
from guideline.editions import current_edition
from portal import audit
from portal.answering import Invalid
from portal.context import Actor
from portal.directory.lookup import municipalities_of
from portal.identity.fnr import NationalNumber
from portal.identity.sortkey import sort_key
from portal.rights import check
from portal.states import MovedOn, lock
from portal.timeframe import today

# From none to the strictest, as the model lists them.
STRICTNESS = list(AddressProtection.values)
OTHER_COMMUNITY = _lazy(
    "Kommunen hører til et annet helsefellesskap, og saken kan ikke følge med dit. Gi det dere vet videre til kommunen "
    "barnet flytter til, slik foresatte eller ungdommen samtykker til, og avslutt saken her når de har tatt over."
)
EDITABLE = ("name", "birth_date", "due_date", "address_protection", "interpreter_language", "municipality_id")


def version_of(child: Child) -> str:
    """A mark of what is recorded now, for the form: two people who edit at once must not undo each other unseen."""
    text = "\x1f".join(str(getattr(child, name)) for name in (*EDITABLE, "number_hash"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def change_child(
    *,
    case: Case,
    version: str,
    by: Actor,
    number: NationalNumber | None = None,
    clear_number: bool = False,
    protection_reason: str = "",
    now: dt.datetime | None = None,
    **changes: Any,
) -> Child:
    """Changes fields of the child (those of ``EDITABLE``); the log says which fields, never their content.

    ``number`` replaces the national number, ``clear_number`` removes a wrong one. Weaker address protection needs
    ``protection_reason``, a code of the edition that the log keeps. Raises ``MovedOn`` when someone else changed the
    child since ``version``; ``Invalid`` for dates that cannot be, without that reason, and for a municipality outside
    the case's community. When name, birth date, due date or number changed, holders of other cases that may be about
    the same child are told, as at opening. A child that moves takes the case along to the services of its new
    municipality; the holder stays, and hands over when that is agreed.
    """
    now = now or timezone.now()
    check(by, "case.change_child", case)
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"Ukjente felt: {sorted(unknown)}")
    with case_work(case, by=by, now=now) as case:
        child: Child = lock(case.child)
        before = {name: getattr(child, name) for name in EDITABLE}
        wanted = {name: value for name, value in changes.items() if value != before[name]}
        changed = sorted(wanted)
        for name, value in wanted.items():
            setattr(child, name, value)
        if number is not None and _digits(reveal(child)) != number.digits:
            put(child, number)
            changed.append("number")
        elif clear_number and child.number_hash:
            put(child, None)
            changed.append("number")
        if not changed:
            return child
        if version != version_of(case.child):
            raise MovedOn(_("Noen andre endret opplysningene om barnet mens du skrev. Se over og lagre på nytt."))
        if child.birth_date is None and child.due_date is None:
            raise Invalid(birth_date=_("Oppgi fødselsdato, eller termin når barnet ikke er født."))
        if child.birth_date is not None and child.birth_date > today(now):
            raise Invalid(birth_date=_("Fødselsdatoen er fram i tid."))
        detail: dict[str, Any] = {"fields": changed}
        if STRICTNESS.index(child.address_protection) < STRICTNESS.index(before["address_protection"]):
            if protection_reason not in dict(current_edition(case.community).choices("protection_lowered")):
                raise Invalid(protection_reason=_("Velg hvorfor adressebeskyttelsen er svakere nå."))
            detail["protection"] = {
                "from": before["address_protection"], "to": child.address_protection, "reason": protection_reason,
            }  # fmt: skip
        if "municipality_id" in changed:
            _move(case, child, by=by, now=now)
        child.sort_key = sort_key(child.name)
        child.save(update_fields=[*EDITABLE, "sort_key", *NUMBER_FIELDS])
        case.child = child
        audit.record(
            by,
            "case.child_changed",
            child,
            case_id=case.pk,
            child_id=child.pk,
            now=now,
            detail=detail,
        )
        if "birth_date" in changed:
            keep_renewals(case, by=by, now=now)
        if {"name", "birth_date", "due_date", "number"} & set(changed):
            tell_holders(case, by=by, now=now)
    return child


def _move(case: Case, child: Child, *, by: Actor, now: dt.datetime) -> None:
    """The services, phones and departments of the case are from now on those of where the child lives."""
    if not municipalities_of(case.community, today(now)).filter(pk=child.municipality_id).exists():
        raise Invalid(municipality_id=str(OTHER_COMMUNITY))
    case.municipality_id = child.municipality_id
    case.save(update_fields=["municipality"])
    # Not which: where a protected child lives stands in no history.
    remember(case, "move", "moved", by=by, now=now)


def _digits(number: NationalNumber | None) -> str:
    return number.digits if number else ""
